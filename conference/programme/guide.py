"""What a reader asks of the programme: what fits a filter, what is on in each room, what overlaps. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations, groupby

from conference.core.interval import Interval
from conference.event.model import Room
from conference.programme.model import Programme, Session, Talk


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What is asked of a session, as it stands in the address; "" asks nothing. All of them must fit."""

    track: str = ""
    kind: str = ""
    room: str = ""

    @property
    def ask(self) -> bool:
        return bool(self.track or self.kind or self.room)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters that ask something, as (name, value) for an address."""
        named = (("track", self.track), ("kind", self.kind), ("room", self.room))
        return [(name, value) for name, value in named if value]

    def fit(self, session: Session) -> bool:
        """Return whether the session fits; an id or kind that the programme does not know fits none."""
        return (
            (not self.track or (session.track is not None and str(session.track.id) == self.track))
            and (not self.kind or session.kind.value == self.kind)
            and (not self.room or (session.room is not None and str(session.room.id) == self.room))
        )


def by_day(sessions: Iterable[Session]) -> list[tuple[date, list[Session]]]:
    """Return the sessions under each day in Stockholm, both in order of time; those without a time are left out."""
    timed = sorted(
        (one for one in sessions if one.span), key=lambda one: (_span(one).start, _place(one), one.id)
    )
    return [(day, list(of_day)) for day, of_day in groupby(timed, key=lambda one: one.day) if day]


def _span(session: Session) -> Interval:
    assert session.span is not None  # the caller took only those that have a time
    return session.span


def _place(session: Session) -> int:
    return session.room.place if session.room else -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """Two sessions that are on at once, for so many minutes."""

    one: Session
    other: Session
    minutes: int


def overlaps(sessions: Sequence[Session]) -> list[Overlap]:
    """Return each pair that overlaps, by time; a session and one that stands inside it are no pair."""
    timed = sorted((one for one in sessions if one.span), key=lambda one: (_span(one).start, one.id))
    return [
        Overlap(one=one, other=other, minutes=_span(one).overlap_min(_span(other)))
        for one, other in combinations(timed, 2)
        if _span(one).overlaps(_span(other)) and one.id != other.parent_id and other.id != one.parent_id
    ]


class Phase(StrEnum):
    """Where a moment lies: before the first session, between its days or sessions, while one is on, after the last."""

    BEFORE = "before"
    DURING = "during"
    BETWEEN = "between"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomNow:
    """What is on in a room and what comes next in it. `room` is None for what is for all and in no room."""

    room: Room | None
    current: tuple[Session, ...]
    talk: Talk | None
    following: Session | None


def phase(programme: Programme, now: datetime) -> Phase:
    """Return where the moment lies; AFTER too where nothing has a time."""
    spans = [session.span for session in programme.sessions if session.span]
    if not spans or now >= max(span.end for span in spans):
        return Phase.AFTER
    if now < min(span.start for span in spans):
        return Phase.BEFORE
    return Phase.DURING if any(span.start <= now < span.end for span in spans) else Phase.BETWEEN


def first_start(programme: Programme) -> datetime | None:
    """Return when the first session begins, None where nothing has a time."""
    return min((session.span.start for session in programme.sessions if session.span), default=None)


def room_now(programme: Programme, room: Room | None, now: datetime) -> RoomNow:
    """Return what is on in the room at the moment, and the first that begins in it later, on whatever day."""
    room_id = room.id if room else None
    own = [one for one in programme.sessions if one.span and (one.room.id if one.room else None) == room_id]
    current = tuple(one for one in own if _span(one).start <= now < _span(one).end)
    later = [one for one in own if _span(one).start > now]
    talks = [
        talk for one in current for talk in one.talks if talk.span and talk.span.start <= now < talk.span.end
    ]
    return RoomNow(
        room=room,
        current=current,
        # Posters and stands are on all at once: none of them is the one of this moment.
        talk=talks[0] if len(talks) == 1 else None,
        following=min(later, key=lambda one: (_span(one).start, one.id), default=None),
    )


def rooms_now(programme: Programme, now: datetime) -> list[RoomNow]:
    """Return each room of the programme in its fixed order, and before them what is for all, if anything is or comes."""
    used = {session.room.id for session in programme.sessions if session.room}
    for_all = room_now(programme, None, now)
    rooms = [room_now(programme, room, now) for room in programme.rooms if room.id in used]
    return [for_all, *rooms] if for_all.current or for_all.following else rooms
