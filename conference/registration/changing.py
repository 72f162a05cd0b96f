"""What the personal page and the office do alike when details are changed."""

from typing import Any

from conference.audit.model import Actor
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.people.queries import get_person
from conference.registration.forms import ChangeForm
from conference.registration.model import Registration
from conference.registration.queries import choices_of, get_registration
from conference.registration.service import change
from conference.web.saving import Refusal, save


def stored_values(registration: Registration) -> dict[str, Any]:
    """Return what the change form is filled with."""
    person = get_person(registration.person_id)
    return ChangeForm.values_of(registration, person, choices_of(registration))


def save_change(form: ChangeForm, registration_id: RegistrationId, actor: Actor) -> Refusal | None:
    """Write the form, or return why not, as every edit form does."""
    command = form.to_command(registration_id)
    return save(
        form,
        lambda session: change(session, command, actor=actor, now=clock.now()),
        lambda: stored_values(get_registration(registration_id)),
    )
