"""What can stand in a schedule's way: one type for each kind, with its severity. Pure.

Each names both sides (`sessions`, and the person, room or track between them) and its `minutes`, 0 where a time has
no part in it. `conference/programme/words.py` says each in a sentence, and what cures it in another.
"""

from dataclasses import dataclass
from typing import ClassVar

from conference.event.model import Room, Track
from conference.programme.model import Part, Session
from conference.programme.severity import BLOCKING, ConflictKind, Severity


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
