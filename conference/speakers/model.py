from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RegistrationId
from conference.core.interval import Interval
from conference.people.model import Person, PersonDetails
from conference.programme.model import PartRole


class Standing(StrEnum):
    """Where a speaker stands. OPEN has neither confirmed nor been registered by the office."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPart:
    """One part of a person. `talk` is "" for a part in the session as a whole, `room` "" where there is none.

    `is_public` says whether the published programme tells the same role, time and room.
    """

    role: PartRole
    session: str
    talk: str
    span: Interval | None
    room: str
    is_public: bool

    @property
    def title(self) -> str:
        return self.talk or self.session

    @property
    def day(self) -> date | None:
        """The day in Stockholm."""
        return self.span.start.astimezone(STOCKHOLM).date() if self.span else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """That a person has confirmed by the link; `registration_id` None once that registration was deleted."""

    registration_id: RegistrationId | None
    confirmed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """A line of the office's list: everybody with a part in the draft. `since` is when they came to stand so.

    `mailed_at` is when the newest mail with the link was written, in real time.
    """

    person: Person
    parts: tuple[OwnPart, ...]
    standing: Standing
    since: datetime | None
    mailed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmSpeaker:
    """One filled form of the personal page, with the address that the ticket goes to in `details.email`."""

    person_id: PersonId
    details: PersonDetails
    expected_revision: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailed:
    """What a mail to all who have not confirmed came to, by count of people."""

    written: int
    without_address: int
    mailed_just_now: int
