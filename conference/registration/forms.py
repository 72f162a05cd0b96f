"""The forms of registration: shape only, and parsed into commands."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from markupsafe import Markup
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import Optional, ValidationError

from conference.core.ids import CategoryId, ExtraId, QuestionId, RegistrationId
from conference.people.countries import countries, country_name, is_country
from conference.people.model import Person, PersonDetails
from conference.people.rules import orcid_is_valid, read_orcid, read_ror, ror_is_valid
from conference.registration.addresses import read_address
from conference.registration.fee_fields import InvoiceField
from conference.registration.invitation_model import NO_ENTITLEMENT, Entitlement
from conference.registration.model import (
    CAREER_STAGES,
    CONSENTS,
    NO_PHOTOGRAPHS,
    PROFESSIONS,
    ChangeRegistration,
    Choices,
    RegisterAttendee,
    Registration,
    WantedExtra,
)
from conference.registration.question_fields import AnswersField
from conference.registration.question_model import Value
from conference.registration.question_queries import asked_questions, office_questions
from conference.web.forms import AtMost, BaseForm, NoLink, Required, options
from conference.web.language import gettext, language
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import RevisionField, number_of
from conference.web.saving import RevisedForm

_EXTRA = re.compile(r"(\d{1,9})(w?)", re.ASCII)
_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


class EmailAddress:
    """Refuses what is no address, and leaves it in the spelling that mail servers take: host in lower-case ASCII."""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 -- the signature is WTForms'
        read = read_address(field.data or "")
        if read is None:
            raise ValidationError(gettext("Enter an e-mail address in the form name@hospital.example."))
        field.data = read


class CountryList:
    """Draws the select element from options that are made once a language, since they are most of the form."""

    _options: ClassVar[dict[str, Markup]] = {}

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        names = {name.replace("_", "-"): value for name, value in attributes.items() if value}
        names = {"id": field.id, "name": field.name} | names
        if field.flags.required:
            names["required"] = "required"
        shown = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in names.items())
        return Markup("<select{}>{}</select>").format(shown, self._chosen(field.data))

    def _chosen(self, code: Any) -> Markup:
        lines = self._all()
        if not isinstance(code, str) or not is_country(code):
            return lines
        return Markup(str(lines).replace(f'value="{code}"', f'value="{code}" selected', 1))  # noqa: S704 -- made of a code that is in the list

    @classmethod
    def _all(cls) -> Markup:
        tag = language()
        if tag not in cls._options:
            lines = (Markup('<option value="{}">{}</option>').format(*pair) for pair in countries(tag))
            cls._options[tag] = Markup('<option value=""></option>') + Markup("").join(lines)
        return cls._options[tag]


class CountryField(StringField):
    widget = CountryList()

    def pre_validate(self, form: BaseForm) -> None:  # type: ignore[override]  # types-WTForms names the base of forms
        del form
        if self.data and not is_country(self.data):
            raise ValidationError(gettext("Choose a country of the list."))

    def in_words(self, value: Any) -> str:
        """Return the country's name, for a page that shows two values beside each other."""
        return country_name(value or "", language())


def _checked(is_valid: Any, remedy: Any) -> Any:
    def check(form: Form, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
        if field.data and not is_valid(field.data):
            raise ValidationError(str(remedy))

    return check


_PROFESSIONS = options([("", _l("No answer")), *((key, _l(words)) for key, words in PROFESSIONS.items())])
_CAREER_STAGES = options([("", _l("No answer")), *((key, _l(words)) for key, words in CAREER_STAGES.items())])


def _asked(kind: str) -> str:
    return _l(CONSENTS[kind])


def profession_field() -> Any:
    # Its own words for a strange value: WTForms' are no remedy.
    return SelectField(
        _l("Profession"),
        [_checked(PROFESSIONS.__contains__, _l("Choose a profession of the list, or no answer."))],
        choices=_PROFESSIONS,
        validate_choice=False,
    )


class PersonForm(BaseForm):
    """What a person says of themselves."""

    given_name = StringField(
        _l("Given name"),
        [Required(_l("Enter your given name.")), AtMost(120), NoLink()],
        render_kw={"autocomplete": "given-name"},
    )
    family_name = StringField(
        _l("Family name"), [AtMost(120), NoLink()], render_kw={"autocomplete": "family-name"}
    )
    affiliation = StringField(
        _l("Affiliation"),
        [
            Required(_l("Enter the hospital, university, company or group that you come from.")),
            AtMost(200),
            NoLink(is_organisation=True),
        ],
        render_kw={"autocomplete": "organization"},
    )
    country = CountryField(
        _l("Country"),
        [Required(_l("Choose the country of your affiliation."))],
        render_kw={"autocomplete": "country"},
    )
    title = StringField(
        _l("Title before the name"), [AtMost(60), NoLink()], render_kw={"autocomplete": "honorific-prefix"}
    )
    letters = StringField(
        _l("Letters after the name"), [AtMost(60), NoLink()], render_kw={"autocomplete": "honorific-suffix"}
    )
    badge_name = StringField(
        _l("Name for the badge"), [AtMost(120), NoLink()], render_kw={"autocomplete": "nickname"}
    )
    affiliation_short = StringField(
        _l("Short affiliation"), [AtMost(60), NoLink(is_organisation=True)], render_kw={"autocomplete": "off"}
    )
    orcid = StringField(
        _l("ORCID iD"),
        [
            AtMost(100),
            _checked(
                orcid_is_valid, _l("This ORCID iD has a wrong digit. It has the form 0000-0002-1825-0097.")
            ),
        ],
        filters=[lambda typed: read_orcid(typed) if typed else typed],
        render_kw={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"},
    )
    ror = StringField(
        _l("ROR id of the affiliation"),
        [
            AtMost(100),
            _checked(ror_is_valid, _l("This ROR id has a wrong character. It has the form 056d84691.")),
        ],
        filters=[lambda typed: read_ror(typed) if typed else typed],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    # As on the page, so that the summary of errors is read in the same order as the fields.
    ORDER = (
        "given_name",
        "family_name",
        "email",
        "affiliation",
        "country",
        "profession",
        "career_stage",
        "category",
        "code",
        "extras",
    )
    MORE = ("title", "letters", "badge_name", "affiliation_short", "orcid", "ror")

    @property
    def more_is_open(self) -> bool:
        """Whether "More for my badge" is shown open: something in it is wrong or filled."""
        return any(self[name].errors or self[name].data for name in self.MORE)

    def errors_by_field(self) -> list[tuple[str | None, str]]:
        places = {name: place for place, name in enumerate(self.ORDER, 1)}
        found = super().errors_by_field()
        return sorted(found, key=lambda error: places.get(error[0], 99) if error[0] else 0)

    def details(self, email: str) -> PersonDetails:
        names = ("given_name", "family_name", "affiliation", "country", *self.MORE)
        return PersonDetails(email=email, **{name: self[name].data or "" for name in names})


class DetailsForm(PersonForm):
    """What a person says of themselves and chooses."""

    profession = profession_field()
    # Its own words for a strange value: WTForms' are no remedy.
    career_stage = SelectField(
        _l("Career stage"),
        [_checked(CAREER_STAGES.__contains__, _l("Choose a career stage of the list, or no answer."))],
        choices=_CAREER_STAGES,
        validate_choice=False,
    )
    consent_participants = BooleanField(_asked("participants"))
    consent_sponsors = BooleanField(_asked("sponsors"))
    consent_invitations = BooleanField(_asked("invitations"))
    no_photographs = BooleanField(_l(NO_PHOTOGRAPHS))
    answers = AnswersField(_l("Questions"))

    def choices(self) -> Choices:
        ticked = frozenset(kind for kind in CONSENTS if self[f"consent_{kind}"].data)
        return Choices(consents=ticked, no_photographs=bool(self.no_photographs.data))


class ExtrasField(Field):
    """The boxes of extras: each value is an id, with a "w" behind it where the form said "waiting list".

    What is neither counts as not ticked. The page draws the boxes, beside what is left of each.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [value for value in valuelist if _EXTRA.fullmatch(value)][:100]

    def wanted(self) -> tuple[WantedExtra, ...]:
        found = [_EXTRA.fullmatch(value) for value in self.data or ()]
        may_wait = {int(one[1]): bool(one[2]) for one in found if one}
        return tuple(WantedExtra(extra_id=ExtraId(one), may_wait=waits) for one, waits in may_wait.items())

    def has(self, extra_id: int) -> bool:
        """Return whether the box of the extra is ticked, whatever it said."""
        return any(one.extra_id == extra_id for one in self.wanted())


def desk_email_field() -> Any:
    """Return the address as the desk types it: who stands there may have none at hand."""
    return EmailField(
        _l("E-mail address"),
        [Optional(), AtMost(254), EmailAddress()],
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )


def email_field() -> Any:
    return EmailField(
        _l("E-mail address"),
        [Required(_l("Enter your e-mail address.")), AtMost(254), EmailAddress()],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


class _SheetForm(BaseForm):
    """What differs from one blank sheet of the public form to the next.

    `form_key` makes a repeat of the same sheet harmless; a strange one counts as none.
    """

    category = StringField(_l("Category"), [Required(_l("Choose how you take part.")), AtMost(9)])
    code = StringField(
        _l("Code"),
        [AtMost(60)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    extras = ExtrasField(_l("Extras"))
    invoice = InvoiceField(_l("Invoice"))
    form_key = HiddenField()

    def key(self) -> str:
        """Return the sheet's key, a new one for a new sheet."""
        if not _FORM_KEY.fullmatch(self.form_key.data or ""):
            self.form_key.data = secrets.token_urlsafe(24)
        return str(self.form_key.data)


class BlankForm(_SheetForm):
    """The public form for a page whose other fields are drawn already: binding them costs more than drawing them."""

    answers = AnswersField(_l("Questions"))


class RegisterForm(DetailsForm, _SheetForm):
    """The public form."""

    email = email_field()

    def to_command(self) -> RegisterAttendee:
        return RegisterAttendee(
            form_key=self.key(),
            # What is no id finds no category, and the service says so.
            category_id=CategoryId(number_of(self.category.data) or 0),
            person=self.details(self.email.data or ""),
            profession=self.profession.data or "",
            career_stage=self.career_stage.data or "",
            choices=self.choices(),
            extras=self.extras.wanted(),
            answers=self.answers.sheet(),
            language=language(),
            invoice=self.invoice.data or None,
            entitlement=Entitlement(code=self.code.data) if self.code.data else NO_ENTITLEMENT,
        )


class SentForm(RegisterForm):
    """The public form as it comes back, read by the questions that this process knows: mostly they are the present ones.

    So it reads nothing before the transaction that registers, which compares. The form is the busiest page.
    """

    answers = AnswersField(_l("Questions"), asks=asked_questions.latest)


class CorrectForm(BaseForm):
    email = email_field()


class ChangeForm(DetailsForm, RevisedForm):
    """Details of one registration. The two revisions say what the form was filled from."""

    person_revision = RevisionField(_l("Version of the person"), [Optional()])

    @staticmethod
    def values_of(
        registration: Registration, person: Person, choices: Choices, answers: Mapping[QuestionId, Value]
    ) -> dict[str, Any]:
        """Return what is stored, by field name."""
        return person.details.as_values() | {
            "profession": registration.profession,
            "career_stage": registration.career_stage,
            "email": registration.email,
            "no_photographs": registration.no_photographs,
            "revision": registration.revision,
            "person_revision": person.revision,
            "answers": dict(answers),
            **{f"consent_{kind}": kind in choices.consents for kind in CONSENTS},
        }

    def to_command(self, registration_id: RegistrationId) -> ChangeRegistration:
        return ChangeRegistration(
            registration_id=registration_id,
            person=self.details(""),
            profession=self.profession.data or "",
            career_stage=self.career_stage.data or "",
            choices=self.choices(),
            expected_revision=self.revision.data,
            expected_person_revision=self.person_revision.data,
            email=self["email"].data if "email" in self else None,
            answers=self.answers.sheet(),
        )


class OfficeChangeForm(ChangeForm):
    """The office may change the address too, and then a new link is mailed; empty only where there was none."""

    email = desk_email_field()
    answers = AnswersField(_l("Questions"), asks=office_questions)


class EndForm(BaseForm):
    state = RadioField(
        _l("Who ends it"),
        [Required(_l("Say who ends the registration."))],
        choices=options(
            [("withdrawn", _l("The person, who asked for it")), ("cancelled", _l("The organisers"))]
        ),
    )
    reason = StringField(_l("Reason, for the history"), [AtMost(200)])
    # Who it was and where it stood on the page that was looked at.
    seen = HiddenField()


class DeleteForm(BaseForm):
    """One button, and the revision of what was seen."""

    revision = RevisionField(_l("Version"), [Optional()])
