from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.people.model import PersonDetails


class State(StrEnum):
    """Where a registration stands. Confirmed and waiting are live: they hold the address."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


LIVE = frozenset({State.CONFIRMED, State.WAITING})

# What each state is called on a page.
STATE_WORDS = {
    State.CONFIRMED: N_("Confirmed"),
    State.WAITING: N_("Waiting list"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.CANCELLED: N_("Cancelled"),
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Seats:
    """A category's ledger. `seats` None is unlimited, 0 is closed."""

    seats: int | None
    taken: int
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryDetails:
    """What the office decides of a category. `badge_colour` is 1 to 6, a colour of the badge bands."""

    name: str
    badge_word: str
    place: int = 0
    description: str = ""
    seats: int | None = None
    is_public: bool = True
    is_for_speakers: bool = False
    badge_colour: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    id: CategoryId
    details: CategoryDetails
    ledger: Seats
    revision: int

    @property
    def name(self) -> str:
        return self.details.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the person ticked. `consents` holds keys of CONSENTS."""

    consents: frozenset[str] = frozenset()
    no_photographs: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterAttendee:
    """One filled form. The e-mail address is `person.email`; `form_key` is the random key of the form sheet."""

    form_key: str
    category_id: CategoryId
    person: PersonDetails
    profession: str = ""
    choices: Choices = Choices()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRegistration:
    """New details of one registration, and the revisions of both records that the form was filled from.

    `email` None keeps the address; only the office gives another. `person.email` is not looked at.
    """

    registration_id: RegistrationId
    person: PersonDetails
    profession: str
    choices: Choices
    expected_revision: int | None
    expected_person_revision: int | None
    email: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    id: RegistrationId
    number: str
    category_id: CategoryId
    person_id: PersonId
    state: State
    waiting_number: int | None
    email: str
    profession: str
    no_photographs: bool
    badge_code: str
    link_version: int
    calendar_sequence: int
    created_at: datetime
    changed_at: datetime
    revision: int

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


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgePerson:
    """What one badge says. `affiliation` is the short one where given, `badge_colour` 1 to 6."""

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
