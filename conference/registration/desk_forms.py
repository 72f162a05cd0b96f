import re
from collections.abc import Sequence

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Optional

from conference.core.ids import CategoryId
from conference.people.model import PersonDetails
from conference.registration.desk_service import WalkIn, WhenFull
from conference.registration.forms import CountryField, desk_email_field
from conference.registration.model import NO_PHOTOGRAPHS, Category, Registration
from conference.registration.rules import places_text
from conference.web.forms import AtMost, BaseForm, NoLink, Required, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of

_NO_SUGGESTIONS = {"autocomplete": "off", "spellcheck": "false"}
_IDS = re.compile(r"\d{1,9}(,\d{1,9})*", re.ASCII)


class WalkInForm(BaseForm):
    """Who stands at the desk, in the order in which one asks."""

    given_name = StringField(
        _l("Given name"),
        [Required(_l("Enter the given name.")), AtMost(120), NoLink()],
        render_kw=_NO_SUGGESTIONS,
    )
    family_name = StringField(_l("Family name"), [AtMost(120), NoLink()], render_kw=_NO_SUGGESTIONS)
    affiliation = StringField(
        _l("Affiliation"),
        [
            Required(_l("Enter the affiliation. It stands on the badge.")),
            AtMost(200),
            NoLink(is_organisation=True),
        ],
        render_kw=_NO_SUGGESTIONS,
    )
    country = CountryField(_l("Country"), [Required(_l("Choose the country of the affiliation."))])
    email = desk_email_field()
    category = RadioField(_l("Category"), [Required(_l("Choose the category."))], validate_choice=False)
    no_photographs = BooleanField(_l(NO_PHOTOGRAPHS))
    when_full = RadioField(
        _l("The category is full"),
        [Optional()],
        choices=options(
            [
                (WhenFull.WAIT.value, _l("Put them on the waiting list")),
                (WhenFull.OVER.value, _l("Give a place over the limit, counted apart")),
            ]
        ),
    )
    reason = StringField(_l("Reason, for the history"), [AtMost(200)], render_kw=_NO_SUGGESTIONS)
    # The registrations of the same name that are somebody else's, as the box beside them says.
    other_than = StringField(validators=[Optional()])

    def offer(self, kinds: Sequence[Category]) -> None:
        """Offer these categories, each with what is left, and choose the first for a new form."""
        found = [(str(kind.id), _with_places(kind)) for kind in kinds]
        self.category.choices = options(found)
        if self.category.data is None and found:
            self.category.data = found[0][0]

    def command(self, *, may_approve: bool, language: str) -> WalkIn:
        names = ("given_name", "family_name", "affiliation", "country", "email")
        typed = self.other_than.data or ""
        return WalkIn(
            category_id=CategoryId(number_of(self.category.data) or 0),
            person=PersonDetails(**{name: self[name].data or "" for name in names}),
            no_photographs=bool(self.no_photographs.data),
            other_than=frozenset(map(int, typed.split(","))) if _IDS.fullmatch(typed) else frozenset(),
            when_full=WhenFull(self.when_full.data) if self.when_full.data in list(WhenFull) else None,
            reason=self.reason.data or "",
            may_approve=may_approve,
            language=language,
        )


def _with_places(kind: Category) -> str:
    places = gettext(places_text(kind.ledger), left=_left(kind)) if places_text(kind.ledger) else ""
    return f"{kind.name} ({places})" if places else kind.name


def _left(kind: Category) -> int:
    ledger = kind.ledger
    return max(0, (ledger.seats or 0) - ledger.taken - ledger.reserved)


def ids_of(found: Sequence[Registration]) -> str:
    """Return what the box beside these registrations says: their ids with commas between."""
    return ",".join(str(one.id) for one in found)
