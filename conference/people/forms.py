from dataclasses import fields
from typing import Any

from wtforms import EmailField, Field, Form, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from conference.accounts.forms import AddressShape
from conference.people.countries import countries
from conference.people.model import Person, PersonDetails
from conference.people.rules import orcid_is_valid, read_orcid, read_ror, ror_is_valid
from conference.people.words import FIELD_WORDS
from conference.web.forms import AtMost, CheckboxesField, NoLink, options
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import RevisionField
from conference.web.saving import RevisedForm


def _checked(is_valid: Any, remedy: Any) -> Any:
    def check(form: Form, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
        if field.data and not is_valid(field.data):
            raise ValidationError(str(remedy))

    return check


class PersonForm(RevisedForm):
    """A person as the office types it: a speaker may be known by name alone at first."""

    title = StringField(_l("Title before the name"), [AtMost(60), NoLink()])
    given_name = StringField(_l("Given name"), [AtMost(120), NoLink()])
    family_name = StringField(_l("Family name"), [AtMost(120), NoLink()])
    letters = StringField(_l("Letters after the name"), [AtMost(60), NoLink()])
    badge_name = StringField(_l("Name for the badge"), [AtMost(120), NoLink()])
    affiliation = StringField(_l("Affiliation"), [AtMost(200), NoLink(is_organisation=True)])
    affiliation_short = StringField(_l("Short affiliation"), [AtMost(60), NoLink(is_organisation=True)])
    country = SelectField(_l("Country"), default="", choices=lambda: options([("", ""), *countries()]))
    email = EmailField(_l("E-mail address"), [AddressShape(), AtMost(254)])
    orcid = StringField(
        _l("ORCID iD"),
        [
            AtMost(100),
            _checked(
                orcid_is_valid, _l("This ORCID iD has a wrong digit. It has the form 0000-0002-1825-0097.")
            ),
        ],
        filters=[lambda typed: read_orcid(typed) if typed else typed],
    )
    ror = StringField(
        _l("ROR id of the affiliation"),
        [
            AtMost(100),
            _checked(ror_is_valid, _l("This ROR id has a wrong character. It has the form 056d84691.")),
        ],
        filters=[lambda typed: read_ror(typed) if typed else typed],
    )

    def details(self) -> PersonDetails:
        return PersonDetails(**{field.name: self[field.name].data or "" for field in fields(PersonDetails)})


class SortingForm(RevisedForm):
    """What the person is sorted by, where that is not the family name as it stands."""

    sort_as = StringField(_l("Sorted under"), [AtMost(120)])


class MergeForm(RevisedForm):
    """Which fields are taken from the record that goes. `revision` is that of the one that stays."""

    take = CheckboxesField(
        _l("Take from the right"),
        choices=lambda: options([(name, FIELD_WORDS[name]) for name in PersonDetails().as_values()]),
    )
    other_revision = RevisionField(validators=[Optional()])

    @staticmethod
    def values_of(kept: Person, gone: Person) -> dict[str, Any]:
        """Return the form before anything was chosen: what only the one that goes has is ticked."""
        left, right = kept.details.as_values(), gone.details.as_values()
        return {
            "take": [name for name, value in right.items() if value and not left[name]],
            "revision": kept.revision,
            "other_revision": gone.revision,
        }
