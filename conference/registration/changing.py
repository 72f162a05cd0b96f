"""What the personal page and the office do alike when details are changed."""

from typing import Any

from conference.audit.model import Actor
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.people.queries import get_person
from conference.registration.forms import ChangeForm, OfficeChangeForm
from conference.registration.model import Registration
from conference.registration.queries import choices_of, get_registration
from conference.registration.question_queries import values_of
from conference.registration.service import change
from conference.web.saving import Refusal, save


def stored_values(registration: Registration, *, for_staff: bool = False) -> dict[str, Any]:
    """Return what the change form of the person, or of the office, is filled with."""
    person, answers = get_person(registration.person_id), values_of(registration.id, for_staff=for_staff)
    return ChangeForm.values_of(registration, person, choices_of(registration), answers)


def with_category(form: ChangeForm, registration: Registration) -> ChangeForm:
    """Return the form, which then asks what the registration's category asks."""
    form.answers.category_id = registration.category_id
    return form


def save_change(form: ChangeForm, registration_id: RegistrationId, actor: Actor) -> Refusal | None:
    """Write the form, or return why not, as every edit form does."""
    command = form.to_command(registration_id)
    return save(
        form,
        lambda session: change(session, command, actor=actor, now=clock.now()),
        lambda: stored_values(
            get_registration(registration_id), for_staff=isinstance(form, OfficeChangeForm)
        ),
    )
