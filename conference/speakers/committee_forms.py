from collections.abc import Sequence
from typing import Any

from wtforms import EmailField, Field, SelectField, StringField
from wtforms.validators import ValidationError

from conference.accounts.forms import AddressShape
from conference.core.ids import PersonId
from conference.people.model import Person, PersonDetails
from conference.programme.choices import read_person
from conference.speakers.model import Member, Membership
from conference.web.forms import AtMost, NoLink, options
from conference.web.language import FALLBACK, LANGUAGES, gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

_OF_NEW = ("given_name", "family_name", "affiliation", "email")


class MemberForm(RevisedForm):
    """Duty and language of a member. `revision` is the membership's."""

    duty = StringField(_l("Duty"), [AtMost(120), NoLink()])
    language = SelectField(_l("Language"), choices=options(LANGUAGES.items()), default=FALLBACK)

    def to_membership(self) -> Membership:
        return Membership(duty=self.duty.data or "", language=self.language.data)

    @staticmethod
    def values_of(member: Member) -> dict[str, Any]:
        """Return what is stored, by field name."""
        values = member.membership.as_values()
        return values | {"language": values["language"] or FALLBACK, "revision": member.revision}


class NewMemberForm(MemberForm):
    """Somebody who has a record, named in `person`, or the details of somebody new: one of the two."""

    person = StringField(_l("Person"), [AtMost(300)])
    given_name = StringField(_l("Given name"), [AtMost(120), NoLink()])
    family_name = StringField(_l("Family name"), [AtMost(120), NoLink()])
    affiliation = StringField(_l("Affiliation"), [AtMost(200), NoLink(is_organisation=True)])
    email = EmailField(_l("E-mail address"), [AddressShape(), AtMost(254)])
    _people: Sequence[Person] = ()

    def offer_people(self, people: Sequence[Person]) -> None:
        self._people = people

    def validate_person(self, field: Field) -> None:
        if not field.data:
            if not any(self[name].data for name in _OF_NEW):
                raise ValidationError(
                    gettext("Choose a person from the list, or enter the name of somebody new.")
                )
        elif read_person(field.data, self._people) is None:
            raise ValidationError(
                gettext("Nobody, or more than one, has this name. Choose the person from the list.")
            )
        elif any(self[name].data for name in _OF_NEW):
            raise ValidationError(
                gettext("You chose a person and entered somebody new. Clear one of the two.")
            )

    @property
    def chosen(self) -> PersonId | None:
        return read_person(self.person.data, self._people) if self.person.data else None

    def new_details(self) -> PersonDetails:
        return PersonDetails(**{name: self[name].data or "" for name in _OF_NEW})
