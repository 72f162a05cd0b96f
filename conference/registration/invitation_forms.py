"""The office's form of an invitation: shape only, and parsed into what was decided."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId
from conference.registration.category_forms import a_moment, read_moment
from conference.registration.forms import CountryField, EmailAddress
from conference.registration.invitation_model import InvitationDetails
from conference.registration.model import Category
from conference.web.forms import AtMost, NoLink, Required, options
from conference.web.language import LANGUAGES, gettext
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of
from conference.web.saving import RevisedForm


class OptionalEmail(EmailAddress):
    """Refuses what is no address, and takes nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data:
            super().__call__(form, field)


def offer_categories(field: SelectField, kinds: Sequence[Category], *, none: str) -> None:
    """Let the categories that are not retired be chosen; `none` are the words for nothing chosen yet."""
    names = [(str(kind.id), kind.name) for kind in kinds if not kind.details.is_retired]
    field.choices = options([("", none), *names])


class PromiseFields(RevisedForm):
    """What an invitation promises, for one person or for a file of them."""

    expires_at = StringField(
        _l("Register by"),
        [Required(_l("Enter the day and time by which to register.")), AtMost(16), a_moment],
    )
    holds_seat = BooleanField(_l("Hold a place until then"))
    skips_approval = BooleanField(_l("Needs no approval"))
    language = SelectField(_l("Language of the mail"), choices=options(LANGUAGES.items()))


class InvitationForm(PromiseFields):
    category = SelectField(
        _l("Category"), [Required(_l("Choose what the person is invited as."))], validate_choice=False
    )
    email = StringField(
        _l("E-mail address"), [AtMost(254), OptionalEmail()], render_kw={"inputmode": "email"}
    )
    title = StringField(_l("Title before the name"), [AtMost(60), NoLink()])
    given_name = StringField(_l("Given name"), [AtMost(120), NoLink()])
    family_name = StringField(_l("Family name"), [AtMost(120), NoLink()])
    affiliation = StringField(_l("Affiliation"), [AtMost(200), NoLink(is_organisation=True)])
    country = CountryField(_l("Country"))
    note = TextAreaField(_l("Note for the office"), [AtMost(500)])

    @staticmethod
    def values_of(details: InvitationDetails, revision: int) -> dict[str, Any]:
        texts = ("email", "title", "given_name", "family_name", "affiliation", "country", "note")
        return {name: getattr(details, name) for name in texts} | {
            "category": str(details.category_id),
            "expires_at": moment_text(details),
            "holds_seat": details.holds_seat,
            "skips_approval": details.skips_approval,
            "language": details.language or "en",
            "revision": revision,
        }

    def offer(self, kinds: Sequence[Category]) -> None:
        offer_categories(self.category, kinds, none=gettext("Choose one"))

    def to_details(self) -> InvitationDetails:
        texts = ("email", "title", "given_name", "family_name", "affiliation", "country", "note")
        expires_at = read_moment(self.expires_at.data)
        assert expires_at is not None
        return InvitationDetails(
            **{name: self[name].data or "" for name in texts},
            # What is no id finds no category, and the service says so.
            category_id=CategoryId(number_of(self.category.data) or 0),
            expires_at=expires_at,
            holds_seat=bool(self.holds_seat.data),
            skips_approval=bool(self.skips_approval.data),
            language=self.language.data or "en",
        )


def moment_text(details: InvitationDetails) -> str:
    """Return the deadline as the form takes it."""
    return f"{details.expires_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


class InviteesForm(PromiseFields):
    """What all of a file are invited to; the names of its columns' selects are read by `import_forms.pairs`."""

    category = SelectField(_l("Category of rows that name none"), validate_choice=False)
    # The value of the button: check or import.
    step = StringField()

    def offer(self, kinds: Sequence[Category]) -> None:
        names = [(kind.name, kind.name) for kind in kinds if not kind.details.is_retired]
        self.category.choices = options([("", gettext("None: each row names its own")), *names])
