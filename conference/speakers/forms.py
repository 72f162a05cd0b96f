from typing import Any

from wtforms.validators import InputRequired

from conference.people.model import Person
from conference.registration.forms import PersonForm, email_field
from conference.speakers.model import ConfirmSpeaker
from conference.web.forms import BaseForm
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import RevisionField
from conference.web.saving import RevisedForm


class SpeakerForm(PersonForm, RevisedForm):
    """What a speaker completes. `revision` is the person's, as the form was filled from."""

    email = email_field()

    @property
    def more_is_open(self) -> bool:
        """Open always: titles and letters of speakers stand in print."""
        return True

    @staticmethod
    def values_of(person: Person) -> dict[str, Any]:
        """Return what is stored, by field name."""
        return person.details.as_values() | {"revision": person.revision}

    def to_command(self, person: Person) -> ConfirmSpeaker:
        return ConfirmSpeaker(
            person_id=person.id,
            details=self.details(self.email.data or ""),
            expected_revision=self.revision.data,
        )


class RenewForm(BaseForm):
    """One button, and the version of the links that was seen, so that a double click renews once."""

    link_version = RevisionField(_l("Version"), [InputRequired()])
