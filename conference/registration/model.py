from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import CategoryId, ExtraId, PersonId, RegistrationId
from conference.people.model import PersonDetails
from conference.registration.invitation_model import NO_ENTITLEMENT, Entitlement
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.question_model import NO_ANSWERS, AnswerSheet


class State(StrEnum):
    """Where a registration stands."""

    PENDING = "pending"  # waits for the office's approval, without a place
    OFFERED = "offered"  # has a place until `offered_until`
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


# Live ones hold their address: nobody else registers with it.
LIVE = frozenset(
    {State.PENDING, State.OFFERED, State.CONFIRMED, State.WAITING, State.ATTENDED, State.NO_SHOW}
)
# Those that a place is counted for.
SEATED = frozenset({State.OFFERED, State.CONFIRMED, State.ATTENDED, State.NO_SHOW})

# Those who have a badge and a ticket.
BADGED = frozenset({State.CONFIRMED, State.ATTENDED})

# What each state is called on a page.
STATE_WORDS = {
    State.PENDING: N_("Waiting for approval"),
    State.OFFERED: N_("Place offered"),
    State.CONFIRMED: N_("Confirmed"),
    State.WAITING: N_("Waiting list"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.CANCELLED: N_("Cancelled"),
    State.DECLINED: N_("Declined"),
    State.ATTENDED: N_("Attended"),
    State.NO_SHOW: N_("Did not come"),
}


class Access(StrEnum):
    """Who may register in a category: everybody, those with a personal invitation, or those with a code."""

    PUBLIC = "public"
    INVITED = "invited"
    CODE = "code"


ACCESS_WORDS = {
    Access.PUBLIC: N_("Everybody"),
    Access.INVITED: N_("Who is invited"),
    Access.CODE: N_("Who has a code"),
}

# Separate consents, unticked at first (domain.md, Personal data): kind and the words that are asked and kept.
CONSENTS = {
    "participants": N_("Show my name, affiliation and country in the list of participants"),
    "sponsors": N_("Share my name, affiliation and e-mail address with the sponsors"),
    "invitations": N_("Invite me to later conferences of the organisers"),
}
NO_PHOTOGRAPHS = N_("Please do not photograph me")

PROFESSIONS = {
    "doctor": N_("Doctor"),
    "laboratory": N_("Laboratory scientist"),
    "bioinformatics": N_("Bioinformatician"),
    "nursing": N_("Nurse or genetic counsellor"),
    "research": N_("Researcher"),
    "economics": N_("Health economist"),
    "patients": N_("Patient representative"),
    "policy": N_("Policy maker or public authority"),
    "industry": N_("Industry"),
    "student": N_("Student"),
    "other": N_("Other"),
}
# As studies and funders of research divide a career; early is up to seven years after the degree, as the ERC counts.
CAREER_STAGES = {
    "student": N_("Student"),
    "doctoral": N_("Doctoral candidate"),
    "training": N_("In specialist training"),
    "early": N_("Early career (up to 7 years after the doctorate or specialist examination)"),
    "established": N_("Established"),
    "retired": N_("Retired"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seats:
    """A category's or an extra's ledger. `seats` None is unlimited, 0 is closed.

    `reserved` places are held for invitations; `over` people were admitted over the limit and are in no other count.
    """

    seats: int | None
    taken: int
    waiting: int
    reserved: int = 0
    over: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryDetails:
    """What the office decides of a category.

    Names and descriptions in Swedish and German may be empty: the English ones stand in. `opens_at` and `closes_at`
    are half-open. `badge_colour` is 1 to 6, a colour of the badge bands. `days` are ISO dates with spaces between,
    "" for all days of the event. `fee_minor` is in hundredths of `currency`; 0 is free of charge.
    """

    name: str
    badge_word: str
    name_sv: str = ""
    name_de: str = ""
    place: int = 0
    description: str = ""
    description_sv: str = ""
    description_de: str = ""
    seats: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    access: Access = Access.PUBLIC
    needs_approval: bool = False
    is_for_speakers: bool = False
    is_retired: bool = False
    badge_colour: int = 1
    days: str = ""
    fee_minor: int = 0
    currency: str = "EUR"

    def name_in(self, language: str) -> str:
        """Return the name in the language, or the English one where there is none."""
        return {"sv": self.name_sv, "de": self.name_de}.get(language, "") or self.name

    def description_in(self, language: str) -> str:
        """Return the description in the language, or the English one where there is none."""
        return {"sv": self.description_sv, "de": self.description_de}.get(language, "") or self.description

    def days_in(self, event_days: Sequence[date]) -> tuple[date, ...]:
        """Return those days of the event that the category is for: all of them where it names none that is left."""
        named = set(self.days.split())
        return tuple(day for day in event_days if day.isoformat() in named) or tuple(event_days)

    @property
    def is_public(self) -> bool:
        """Whether the public form offers it to everybody."""
        return self.access is Access.PUBLIC and not self.is_retired


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryFacts:
    """A category without its counts, which only its ledger needs: a process has these at hand."""

    id: CategoryId
    details: CategoryDetails

    @property
    def name(self) -> str:
        return self.details.name

    def name_in(self, language: str) -> str:
        return self.details.name_in(language)


@dataclass(frozen=True, kw_only=True, slots=True)
class Category(CategoryFacts):
    ledger: Seats
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the person ticked. `consents` holds keys of CONSENTS."""

    consents: frozenset[str] = frozenset()
    no_photographs: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedExtra:
    """An extra that the form asks for; `may_wait` where the form said "waiting list"."""

    extra_id: ExtraId
    may_wait: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterAttendee:
    """One filled form. The e-mail address is `person.email`; `form_key` is the random key of the form sheet."""

    form_key: str
    category_id: CategoryId
    person: PersonDetails
    profession: str = ""
    career_stage: str = ""
    choices: Choices = Choices()
    extras: tuple[WantedExtra, ...] = ()
    answers: AnswerSheet = NO_ANSWERS
    # "en", "sv" or "de": in which the mails are written.
    language: str = ""
    # Whom the invoice goes to, None where nothing chosen costs anything.
    invoice: InvoiceDetails | None = None
    entitlement: Entitlement = NO_ENTITLEMENT


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRegistration:
    """New details of one registration, and the revisions of both records that the form was filled from.

    `email` None keeps the address; only the office gives another. `person.email` is not looked at.
    """

    registration_id: RegistrationId
    person: PersonDetails
    profession: str
    career_stage: str
    choices: Choices
    expected_revision: int | None
    expected_person_revision: int | None
    email: str | None = None
    answers: AnswerSheet = NO_ANSWERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    id: RegistrationId
    number: str
    category_id: CategoryId
    person_id: PersonId
    state: State
    waiting_number: int | None
    offered_until: datetime | None
    is_over_limit: bool
    email: str
    language: str
    profession: str
    career_stage: str
    no_photographs: bool
    badge_code: str
    link_version: int
    calendar_sequence: int
    # The version of the privacy notice that the form was sent under; None where nobody was shown it.
    notice_number: int | None
    created_at: datetime
    changed_at: datetime
    revision: int
    attended_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedRegistration:
    """A line of the office's list."""

    id: RegistrationId
    number: str
    name: str
    affiliation: str
    country: str
    email: str
    category: str
    state: State
    waiting_number: int | None
    created_at: datetime
    profession: str = ""
    career_stage: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgePerson:
    """What one badge says. `affiliation` is the short one where given, `badge_colour` 1 to 6.

    `sort_as` is what the office lets the person be sorted by, "" for the family name.
    `days` are ISO dates with spaces between, "" for all days of the event.
    """

    registration_id: RegistrationId
    number: str
    title: str
    given_name: str
    family_name: str
    letters: str
    badge_name: str
    affiliation: str
    country: str
    badge_word: str
    badge_colour: int
    badge_code: str
    no_photographs: bool
    sort_as: str = ""
    days: str = ""
