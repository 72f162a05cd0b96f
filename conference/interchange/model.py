"""A schedule as a file tells it, before anything of it is known here; and what an import would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RoomId, SessionId, TrackId
from conference.programme.model import Kind, Programme, Session


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadPerson:
    """A person as a file names them. `key` is the id that the file gives, or else the folded name."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadSession:
    """A session of a file. `key` is unique in the file: its guid, or its id where it has none; `line` is its first line.

    `start` is aware. `kind`, `abstract` and `people` are None where the file has no word about them at all, as a
    table without that column; then what is known here stays. `language` is an ISO 639 code or "".
    """

    key: str
    line: int
    title: str
    subtitle: str = ""
    kind: Kind | None = None
    abstract: str | None = None
    language: str = ""
    track: str = ""
    room: str = ""
    start: datetime
    duration_min: int
    people: tuple[ReadPerson, ...] | None = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something that was put right in reading: `sentence` has places for `facts`, one of them the line."""

    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.facts


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadSchedule:
    """A whole file. `source` tells files of one series from others: ids count within it.

    `zone` is the name of the time zone in which times without an offset were read. Sessions are in the file's order.
    """

    source: str
    title: str
    zone: str
    days: tuple[date, ...]
    rooms: tuple[str, ...]
    tracks: tuple[str, ...]
    sessions: tuple[ReadSession, ...]
    notes: tuple[Note, ...] = ()


Said = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is here already, as a plan needs it: the draft, people, and which ids of the source stand for what.

    `said` holds by external id, and there by field, a digest of what the source said last. `own_sessions` and
    `own_people` are the ids that our own exports give.
    """

    draft: Programme
    first_day: date
    last_day: date
    people: Mapping[PersonId, str]
    sessions: Mapping[str, SessionId]
    persons: Mapping[str, PersonId]
    rooms: Mapping[str, RoomId]
    tracks: Mapping[str, TrackId]
    said: Mapping[str, Said] = field(default_factory=dict)
    own_sessions: Mapping[str, SessionId] = field(default_factory=dict)
    own_people: Mapping[str, PersonId] = field(default_factory=dict)

    def said_of(self, key: str, name: str) -> str | None:
        """Return the digest of what the source said last of this field, None where it said nothing."""
        return self.said.get(key, {}).get(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What who imports has decided. `answers` holds by a person's key whom the file means, None for a new person."""

    shift_to: date | None = None
    keeps_missing: bool = False
    answers: Mapping[str, PersonId | None] = field(default_factory=dict)


class Doubt(StrEnum):
    """Why a person of the file is not certain: several people have the name, one has, or nobody."""

    AMBIGUOUS = "ambiguous"
    NAMESAKE = "namesake"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A person of the file of whom it is not certain who they are. `titles` are the first sessions that name them.

    Unless somebody says otherwise the one of the same name is meant, and an unknown one becomes a new person. `choices`
    are those of the same name.
    """

    person: ReadPerson
    doubt: Doubt
    is_answered: bool
    choices: tuple[PersonId, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing can be written before somebody has answered."""
        return self.doubt is Doubt.AMBIGUOUS and not self.is_answered


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """A session that is new here, at `start` after shifting."""

    read: ReadSession
    start: datetime

    @property
    def day(self) -> date:
        """The day in Stockholm on which it starts."""
        return self.start.astimezone(STOCKHOLM).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Alteration:
    """A session that the file has differently: `fields` are those that are written, by the names of the form."""

    read: ReadSession
    start: datetime
    stored: Session
    fields: tuple[str, ...]

    @property
    def day(self) -> date:
        """The day in Stockholm on which it is to start."""
        return self.start.astimezone(STOCKHOLM).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What an import would do. Nothing in it is written yet.

    `missing` are sessions that the file no longer has and that stay all the same, by a wish. `sessions` says which
    session of the draft each key of the file stands for, `persons` which person. `adopts` are the first and last day
    that the event would get. `unchanged` counts the sessions that stay as they are.
    """

    source: str
    additions: tuple[Addition, ...]
    alterations: tuple[Alteration, ...]
    removals: tuple[Session, ...]
    missing: tuple[Session, ...]
    questions: tuple[Question, ...]
    new_rooms: tuple[str, ...]
    new_tracks: tuple[str, ...]
    new_people: tuple[ReadPerson, ...]
    persons: Mapping[str, PersonId]
    sessions: Mapping[str, SessionId]
    said: Mapping[str, Said]
    unchanged: int
    adopts: tuple[date, date] | None = None

    @property
    def changes_nothing(self) -> bool:
        return not (self.additions or self.alterations or self.removals)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(one for one in self.questions if one.is_open)
