"""What the personal page and the office do alike when details are changed: save, or show both values of a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import Field

from conference.audit.model import Actor
from conference.core.clock import clock
from conference.core.errors import DomainError, StaleRevisionError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.people.countries import country_name
from conference.people.queries import get_person
from conference.registration.forms import ChangeForm, PersonForm
from conference.registration.model import PROFESSIONS, Registration
from conference.registration.queries import choices_of, get_registration
from conference.registration.service import change
from conference.web.errors import sentence_of
from conference.web.language import gettext

_REVISIONS = ("revision", "person_revision")


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A field whose stored value is not the one that was sent."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    status: int
    differences: tuple[Difference, ...] = ()


def stored_values(registration: Registration) -> dict[str, Any]:
    """Return what the change form is filled with."""
    person = get_person(registration.person_id)
    return ChangeForm.values_of(registration, person, choices_of(registration))


def save(form: ChangeForm, registration_id: RegistrationId, actor: Actor) -> Refused | None:
    """Write the form, or return why not, with the refusal in the form and all that was typed kept.

    After a conflict the form names the revisions now stored, so that who has seen both values can send it again.
    """
    command = form.to_command(registration_id)
    try:
        transact(lambda session: change(session, command, actor=actor, now=clock.now()))
    except StaleRevisionError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()  # what somebody else wrote is newer than what this request has read
        stored = stored_values(get_registration(registration_id))
        for name in _REVISIONS:
            form[name].data = stored[name]
        return Refused(status=error.status, differences=differences(form, stored))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return Refused(status=error.status)
    return None


def differences(form: PersonForm, stored: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return where the typed form and the stored values (by field name) differ, in words."""
    fields = [field for field in form if field.name in stored and field.name not in _REVISIONS]
    return tuple(
        Difference(
            label=str(field.label.text),
            theirs=_words(field, stored[field.name]),
            mine=_words(field, field.data),
        )
        for field in fields
        if (field.data or "") != (stored[field.name] or "")
    )


def _words(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field.name == "country":
        return country_name(value)
    if field.name == "profession" and value in PROFESSIONS:
        return gettext(PROFESSIONS[value])
    return str(value or "")
