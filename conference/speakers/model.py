from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RegistrationId, TalkId
from conference.core.interval import Interval
from conference.people.model import Person, PersonDetails
from conference.programme.model import NO_FACTS, PartRole, TalkFacts


class Standing(StrEnum):
    """Where a speaker stands. OPEN has neither confirmed nor been registered by the office, nor been mailed a link."""

    OPEN = "open"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


NOT_COMING = (Standing.WITHDRAWN, Standing.DECLINED)


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
    chairs: tuple[str, ...] = ()
    talk_id: TalkId | None = None

    @property
    def title(self) -> str:
        return self.talk or self.session

    @property
    def day(self) -> date | None:
        """The day in Stockholm."""
        return self.span.start.astimezone(STOCKHOLM).date() if self.span else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """By when a person is asked to answer, None for the event's default, and whether they declined.

    `language` is that of mails and page until there is a registration, "" for the event's default.
    """

    answer_by: date | None = None
    declined_at: datetime | None = None
    reason: str = ""
    language: str = ""

    @property
    def mark(self) -> str:
        """What the office sets of it, in a word: who changes it says with it what they saw."""
        return f"{self.answer_by or 'usual'}.{self.language or 'en'}"


class Task(StrEnum):
    """What is asked of a speaker."""

    ANSWER = "answer"
    DISCLOSURE = "disclosure"
    BIOGRAPHY = "biography"


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """A task that is not done, and the last day for it, in Stockholm."""

    task: Task
    due: date
    is_overdue: bool


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
    invitation: Invitation | None = None
    missing: tuple[Missing, ...] = ()
    language: str = ""

    @property
    def is_overdue(self) -> bool:
        return any(one.is_overdue for one in self.missing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standpoint:
    """Where a person stands who is, or was, in a programme, and the language that they are written to in."""

    person: Person
    standing: Standing
    language: str


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """Plain text throughout. Travel and needs are for organisers and the programme's editors only."""

    biography: str = ""
    pronunciation: str = ""
    travel: str = ""
    needs: str = ""

    def as_values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredProfile:
    """`revision` None where nothing was saved yet."""

    profile: Profile
    revision: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkWords:
    """What a speaker says of their own talk; all else of it is the office's."""

    title: str
    abstract: str
    facts: TalkFacts = NO_FACTS


class ConsentKind(StrEnum):
    RECORDING = "recording"
    PUBLICATION = "publication"
    PORTRAIT = "portrait"
    BIOGRAPHY = "publish_biography"


class Interest(StrEnum):
    """The categories of a disclosure (domain.md, Disclosure of interests)."""

    EMPLOYMENT = "employment"
    CONSULTANCY = "consultancy"
    SHARES = "shares"
    HONORARIA = "honoraria"
    FUNDING = "funding"
    TESTIMONY = "testimony"
    LICENCES = "licences"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignDisclosure:
    """`interests` holds the organisations by category, of the last three years; none with `is_nothing`."""

    person_id: PersonId
    is_nothing: bool
    interests: dict[Interest, str]
    signed_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Disclosure:
    version: int
    is_nothing: bool
    interests: dict[Interest, str]
    signed_name: str
    signed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """What the office says of a member of the programme committee: their duty in words, "" for none, as it is printed.

    `language` is that of mails and page where no registration or invitation says another, "" for the event's default.
    """

    duty: str = ""
    language: str = ""

    def as_values(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member of the programme committee. `mailed_at` is when the newest mail with the link was written, in real time.

    `disclosure` is the newest signed one, None where none was; `language` the one that the member is written to in.
    """

    person: Person
    membership: Membership
    revision: int
    mailed_at: datetime | None
    disclosure: Disclosure | None
    missing: tuple[Missing, ...]
    language: str

    @property
    def is_overdue(self) -> bool:
        return any(one.is_overdue for one in self.missing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Owing:
    """A line of what is missing: a speaker's, a member's of the programme committee, or of who is both.

    `standing` is None for who only is a member, `membership` for who is none.
    """

    person: Person
    standing: Standing | None
    membership: Membership | None
    missing: tuple[Missing, ...]

    @property
    def is_overdue(self) -> bool:
        return any(one.is_overdue for one in self.missing)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedMember:
    """A member of the programme committee as the booklet shows them. `sort_name` puts the family name first."""

    person_id: PersonId
    name: str
    sort_name: str
    affiliation: str
    duty: str
