"""What can stand in a schedule's way: one type for each kind, with its severity. Pure.

Each names both sides (`sessions`, and the person, room or track between them) and its `minutes`, 0 where a time has
no part in it. `conference/programme/words.py` says each in a sentence, and what cures it in another.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from conference.core.ids import PersonId, SessionId
from conference.core.interval import Interval
from conference.core.text import as_typed
from conference.event.model import Event, Room, Track, Walks
from conference.programme.model import Part, Session


class ConflictKind(StrEnum):
    ROOM_TAKEN = "room taken"
    ROOM_EMPTIED = "room emptied"
    PERSON_TWICE = "person twice"
    PERSON_UNAVAILABLE = "person unavailable"
    WALK_TOO_SHORT = "walk too short"
    TOO_FEW_SEATS = "too few seats"
    OUTSIDE_EVENT = "outside event"
    OUTSIDE_ROOM_HOURS = "outside room hours"
    TRACK_TWICE = "track twice"
    MANY_MARKED = "many marked"
    TALKS_TOO_LONG = "talks too long"
    CHAIR_MISSING = "chair missing"
    DISCLOSURE_MISSING = "disclosure missing"
    SPONSOR_IN_TITLE = "sponsor in title"
    INDUSTRY_UNMARKED = "industry unmarked"


# Those that follow from where a session stands: another room or time can cure them, so they can block a move.
OF_PLACE = frozenset(
    {
        ConflictKind.ROOM_TAKEN,
        ConflictKind.ROOM_EMPTIED,
        ConflictKind.PERSON_TWICE,
        ConflictKind.PERSON_UNAVAILABLE,
        ConflictKind.WALK_TOO_SHORT,
        ConflictKind.TOO_FEW_SEATS,
        ConflictKind.OUTSIDE_EVENT,
        ConflictKind.OUTSIDE_ROOM_HOURS,
        ConflictKind.TRACK_TWICE,
        ConflictKind.MANY_MARKED,
    }
)


class Severity(StrEnum):
    """What a conflict does, the worst first."""

    BLOCK_MOVE = "block move"
    BLOCK_PUBLISHING = "block publishing"
    WARN = "warn"
    IGNORE = "ignore"


BLOCKING = frozenset({Severity.BLOCK_MOVE, Severity.BLOCK_PUBLISHING})
_WORST_FIRST = {severity: rank for rank, severity in enumerate(Severity)}

# Own choice. Nothing blocks a move by itself: who rebuilds a day goes through states with conflicts, and the draft may
# hold them. What cannot happen in the house is not published; the rest is for people to weigh. Who holds a link must
# not be able to stop a publication, so unavailability only warns.
DEFAULTS: Mapping[ConflictKind, Severity] = MappingProxyType(
    dict.fromkeys(ConflictKind, Severity.WARN)
    | dict.fromkeys(
        (
            ConflictKind.ROOM_TAKEN,
            ConflictKind.ROOM_EMPTIED,
            ConflictKind.PERSON_TWICE,
            ConflictKind.OUTSIDE_EVENT,
            ConflictKind.OUTSIDE_ROOM_HOURS,
            ConflictKind.DISCLOSURE_MISSING,
            ConflictKind.INDUSTRY_UNMARKED,
        ),
        Severity.BLOCK_PUBLISHING,
    )
)
# Own choice: fewer people than this who want both are no reason to move a session.
MANY_MARKS = 10


def choices_of(kind: ConflictKind) -> tuple[Severity, ...]:
    """Return the severities that staff may set: only what a place causes can block a move."""
    return tuple(Severity) if kind in OF_PLACE else tuple(Severity)[1:]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckSettings:
    """What staff set. Persons whose name is one of `placeholders` stand for nobody and never conflict.

    `many_marks` is from how many people on two sessions that they all marked are kept apart.
    """

    severities: Mapping[ConflictKind, Severity] = field(default_factory=lambda: DEFAULTS)
    placeholders: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    many_marks: int = MANY_MARKS
    revision: int = 0

    def severity(self, kind: ConflictKind) -> Severity:
        return self.severities.get(kind, DEFAULTS[kind])


def name_key(name: str) -> str:
    """Return a name as placeholders and sponsors are compared: without regard to case and doubled blanks."""
    return " ".join(as_typed(name).casefold().split())


Times = Mapping[PersonId, Sequence[Interval]]
# How many people marked both sessions, the smaller id first.
Marks = Mapping[tuple[SessionId, SessionId], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a check knows beside the programme.

    `unavailable` says when people cannot, `disclosed` who has signed a disclosure of interests (None where nobody
    asks for any), `registered` how many people have a place in a session.
    """

    event: Event
    settings: CheckSettings = field(default_factory=CheckSettings)
    unavailable: Times = field(default_factory=dict)
    walks: Walks = field(default_factory=dict)
    disclosed: Collection[PersonId] | None = None
    registered: Mapping[SessionId, int] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Between:
    """Of two sessions; `first` starts first."""

    kind: ClassVar[ConflictKind]
    severity: Severity
    first: Session
    second: Session

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.first, self.second)

    @property
    def blocking(self) -> bool:
        return self.severity in BLOCKING

    @property
    def about(self) -> int:
        """The id of who or what stands between the two, 0 for nothing."""
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Overlapping(_Between):
    """The two are at the same time for so many minutes."""

    overlap_min: int

    @property
    def minutes(self) -> int:
        return self.overlap_min


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomTaken(_Overlapping):
    """Two sessions are in one room, and not both are marked as sharing it on purpose."""

    kind = ConflictKind.ROOM_TAKEN
    room: Room

    @property
    def about(self) -> int:
        return self.room.id


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomEmptied(_Overlapping):
    """A session is in a room that plenaries empty, while a plenary is elsewhere."""

    kind = ConflictKind.ROOM_EMPTIED
    room: Room

    @property
    def about(self) -> int:
        return self.room.id


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonTwice(_Overlapping):
    """One person is needed in two sessions: speakers while they talk, all others while the session lasts."""

    kind = ConflictKind.PERSON_TWICE
    person: Part

    @property
    def about(self) -> int:
        return self.person.person_id


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackTwice(_Overlapping):
    """Two sessions of one track, which the same people would want to hear."""

    kind = ConflictKind.TRACK_TWICE
    track: Track


@dataclass(frozen=True, kw_only=True, slots=True)
class ManyMarked(_Overlapping):
    """So many people have marked both sessions."""

    kind = ConflictKind.MANY_MARKED
    marks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkTooShort(_Between):
    """A person has `gap_min` minutes for a walk of `walk_min` from one room to the other."""

    kind = ConflictKind.WALK_TOO_SHORT
    person: Part
    gap_min: int
    walk_min: int

    @property
    def minutes(self) -> int:
        """The minutes that lack."""
        return self.walk_min - self.gap_min

    @property
    def about(self) -> int:
        return self.person.person_id


@dataclass(frozen=True, kw_only=True, slots=True)
class _Alone:
    """Of one session."""

    kind: ClassVar[ConflictKind]
    severity: Severity
    session: Session

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.session,)

    @property
    def blocking(self) -> bool:
        return self.severity in BLOCKING

    @property
    def minutes(self) -> int:
        return 0

    @property
    def about(self) -> int:
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonUnavailable(_Alone):
    """A person is needed when they said they cannot."""

    kind = ConflictKind.PERSON_UNAVAILABLE
    person: Part
    overlap_min: int

    @property
    def minutes(self) -> int:
        return self.overlap_min

    @property
    def about(self) -> int:
        return self.person.person_id


@dataclass(frozen=True, kw_only=True, slots=True)
class TooFewSeats(_Alone):
    """More people are registered or expected (`needed`) than the room has seats."""

    kind = ConflictKind.TOO_FEW_SEATS
    room: Room
    seats: int
    needed: int

    @property
    def about(self) -> int:
        return self.room.id


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideEvent(_Alone):
    """Some of the session is not within the event's days, which may have been changed after it was placed."""

    kind = ConflictKind.OUTSIDE_EVENT
    outside_min: int

    @property
    def minutes(self) -> int:
        return self.outside_min


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideRoomHours(_Alone):
    """Some of the session is while its room is closed."""

    kind = ConflictKind.OUTSIDE_ROOM_HOURS
    room: Room
    outside_min: int

    @property
    def minutes(self) -> int:
        return self.outside_min

    @property
    def about(self) -> int:
        return self.room.id


@dataclass(frozen=True, kw_only=True, slots=True)
class TalksTooLong(_Alone):
    """The talks together last longer than their session."""

    kind = ConflictKind.TALKS_TOO_LONG
    over_min: int

    @property
    def minutes(self) -> int:
        return self.over_min


@dataclass(frozen=True, kw_only=True, slots=True)
class ChairMissing(_Alone):
    """Nobody chairs or moderates a session that needs it."""

    kind = ConflictKind.CHAIR_MISSING


@dataclass(frozen=True, kw_only=True, slots=True)
class SponsorInTitle(_Alone):
    """A title of science, of the session or of a talk in it, names a sponsor (EACCME)."""

    kind = ConflictKind.SPONSOR_IN_TITLE
    title: str
    sponsor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IndustryUnmarked(_Alone):
    """A company pays for the session, and its kind does not say so (EACCME: industry apart, without credits)."""

    kind = ConflictKind.INDUSTRY_UNMARKED
    sponsor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DisclosureMissing:
    """A person has a part and has not signed a disclosure of interests. It blocks a final version only."""

    kind: ClassVar[ConflictKind] = ConflictKind.DISCLOSURE_MISSING
    severity: Severity
    person: Part
    sessions: tuple[Session, ...]

    @property
    def blocking(self) -> bool:
        return self.severity in BLOCKING

    @property
    def minutes(self) -> int:
        return 0

    @property
    def about(self) -> int:
        return self.person.person_id


Conflict = (
    RoomTaken
    | RoomEmptied
    | PersonTwice
    | TrackTwice
    | ManyMarked
    | WalkTooShort
    | PersonUnavailable
    | TooFewSeats
    | OutsideEvent
    | OutsideRoomHours
    | TalksTooLong
    | ChairMissing
    | SponsorInTitle
    | IndustryUnmarked
    | DisclosureMissing
)
Key = tuple[ConflictKind, int, frozenset[SessionId]]


def key_of(conflict: Conflict) -> Key:
    """Return what stays the same when only the minutes change."""
    return (conflict.kind, conflict.about, frozenset(session.id for session in conflict.sessions))


def by_urgency(found: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Return the conflicts worst first, then by time of the first session, the unscheduled last.

    Missing disclosures come after all others of their severity.
    """
    return tuple(sorted(found, key=_urgency))


def _urgency(conflict: Conflict) -> tuple[int, bool, bool, float, list[int], str, int]:
    span = conflict.sessions[0].span
    return (
        _WORST_FIRST[conflict.severity],
        # Of what blocks, the only one that blocks no more than a final version.
        conflict.kind is ConflictKind.DISCLOSURE_MISSING,
        span is None,
        span.start.timestamp() if span else 0.0,
        [session.id for session in conflict.sessions],
        conflict.kind,
        conflict.about,
    )


def of_session(found: Iterable[Conflict], session_id: SessionId) -> tuple[Conflict, ...]:
    """Return those of the conflicts that the session is part of."""
    return tuple(
        conflict for conflict in found if session_id in {session.id for session in conflict.sessions}
    )


def in_the_way(found: Iterable[Conflict], *, is_final: bool = False) -> tuple[Conflict, ...]:
    """Return those that stop a version from being published; a missing disclosure stops a final one only."""
    return tuple(
        conflict
        for conflict in found
        if conflict.blocking and (is_final or conflict.kind is not ConflictKind.DISCLOSURE_MISSING)
    )


def made_worse(before: Iterable[Conflict], after: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Return those after an edit that block it: of that severity, and new or longer than they were before."""
    known = {key_of(conflict): conflict.minutes for conflict in before}
    return tuple(
        conflict
        for conflict in after
        if conflict.severity is Severity.BLOCK_MOVE and conflict.minutes > known.get(key_of(conflict), -1)
    )
