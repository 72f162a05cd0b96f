"""A delegation that one person registers, and a place that is passed on."""

from dataclasses import dataclass
from datetime import datetime

from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.people.model import PersonDetails
from conference.registration.model import LIVE, State

# So many people may be in a group (issue text).
GROUP_SIZE = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedPerson:
    """Somebody whom the coordinator names. `email` "" is the coordinator's; `row` counts the form's rows from 0."""

    row: int
    given_name: str
    family_name: str = ""
    email: str = ""
    profession: str = ""
    no_photographs: bool = False

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterGroup:
    """One filled form. `coordinator` holds the affiliation and country of all.

    `accepts_left` is the number of places that the page named to who then said "the rest waits"; None before that.
    """

    form_key: str
    category_id: CategoryId
    coordinator: PersonDetails
    takes_part: bool
    people: tuple[NamedPerson, ...]
    accepts_left: int | None = None
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    id: int
    category_id: CategoryId
    person_id: PersonId
    email_key: str
    language: str
    link_version: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One line of a group, as its coordinator may see it.

    Number, state and place in the queue are None where the coordinator does not see them: then nothing of the line
    depends on whether the address was known before.
    """

    group_id: int
    place: int
    registration_id: RegistrationId | None
    name: str
    email: str
    is_shown: bool
    number: str | None = None
    state: State | None = None
    waiting_place: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it is one of the 20: one that is not seen counts whatever became of it."""
        return self.state is None or self.state in LIVE


@dataclass(frozen=True, kw_only=True, slots=True)
class PassOn:
    """The person who takes over a place. `seen_version` is the link version that the form was opened with."""

    registration_id: RegistrationId
    person: PersonDetails
    profession: str
    seen_version: int | None
    reason: str = ""
