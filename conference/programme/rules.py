"""When talks are, what stands in whose way, and what must not become public. Pure."""

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Generic, TypeVar

from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.event.model import Event, Room
from conference.programme.errors import DurationError, OutsideEventError, RoleInTalkError, SamePartError
from conference.programme.model import TALK_ROLES, Part, PartChoice, Programme, Session

LONGEST_MIN = 1440
W = TypeVar("W", bound=Hashable)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomTaken:
    """Two sessions are in one room at overlapping times; `first` starts first."""

    blocking: ClassVar[bool] = True
    room: Room
    first: Session
    second: Session
    overlap_min: int

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.first, self.second)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonTwice:
    """One person is booked in two sessions at overlapping times; `first` starts first."""

    blocking: ClassVar[bool] = True
    person: Part
    first: Session
    second: Session
    overlap_min: int

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.first, self.second)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideEvent:
    """A session is not within the event's days, which may have been changed after it was placed."""

    blocking: ClassVar[bool] = True
    session: Session

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.session,)


@dataclass(frozen=True, kw_only=True, slots=True)
class TalksTooLong:
    """The talks together last longer than their session. Only a warning: the chair may know better."""

    blocking: ClassVar[bool] = False
    session: Session
    over_min: int

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.session,)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonUnavailable:
    """A person is needed when they said they cannot. Only a warning: who holds a link must not stop a publication."""

    blocking: ClassVar[bool] = False
    absent: Part
    session: Session
    overlap_min: int

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.session,)


Conflict = RoomTaken | PersonTwice | OutsideEvent | TalksTooLong | PersonUnavailable
Times = Mapping[PersonId, Sequence[Interval]]


def span_of(start: datetime | None, duration_min: int) -> Interval | None:
    """Return the span in UTC, None without a start. UTC, because an hour of wall time is not always an hour."""
    if start is None:
        return None
    begin = start.astimezone(UTC)
    return Interval(start=begin, end=begin + timedelta(minutes=duration_min))


def talk_spans(start: datetime | None, durations_min: Sequence[int]) -> list[Interval | None]:
    """Return when each talk is: they follow each other without a gap from the session's start."""
    spans: list[Interval | None] = []
    for duration_min in durations_min:
        span = span_of(start, duration_min)
        spans.append(span)
        start = span.end if span else None
    return spans


def check_duration(duration_min: int) -> None:
    if not 1 <= duration_min <= LONGEST_MIN:
        raise DurationError("duration_min")


def check_place(event: Event, start: datetime | None, duration_min: int) -> None:
    """Raise OutsideEventError where the span is not within the event's days, Stockholm time."""
    check_duration(duration_min)
    span = span_of(start, duration_min)
    if span is not None and not event.span.contains(span):
        raise OutsideEventError("day", first=event.first_day, last=event.last_day)


def check_parts(parts: Sequence[PartChoice], *, in_talk: bool = False) -> None:
    """Raise where one person has a role twice, or a talk names a role of sessions."""
    if len(set(parts)) < len(parts):
        raise SamePartError("person_1")
    strangers = [part.role for part in parts if in_talk and part.role not in TALK_ROLES]
    if strangers:
        raise RoleInTalkError("role_1", role=strangers[0])


def seen_mark(session: Session) -> str:
    """Return a mark of the session and its talks as they are now: who deletes says with it what they saw."""
    talks = ",".join(f"{talk.id}.{talk.revision}" for talk in session.talks)
    return f"{session.id}.{session.revision}:{talks}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking(Generic[W]):
    """Somebody or something (`what`) is needed for a session during a span."""

    what: W
    session_id: SessionId
    span: Interval


def clashes(bookings: Iterable[Booking[W]]) -> dict[tuple[W, SessionId, SessionId], int]:
    """Return the common minutes by (what, session that starts first, other session).

    A sweep over each one's bookings by start: those still running when one begins clash with it, so the work is
    n log n plus the number of clashes, never all pairs. A booking meets those of its own session in peace.
    """
    found: dict[tuple[W, SessionId, SessionId], int] = defaultdict(int)
    for what, earlier, later in _meetings(bookings):
        pair = (what, earlier.session_id, later.session_id)
        swapped = (what, later.session_id, earlier.session_id)
        found[swapped if swapped in found else pair] += earlier.span.overlap_min(later.span)
    return dict(found)


def _meetings(bookings: Iterable[Booking[W]]) -> Iterator[tuple[W, Booking[W], Booking[W]]]:
    by_what: dict[W, list[Booking[W]]] = defaultdict(list)
    for booking in bookings:
        by_what[booking.what].append(booking)
    for what, group in by_what.items():
        running: list[tuple[datetime, int, Booking[W]]] = []
        ordered = sorted(group, key=lambda booking: (booking.span, booking.session_id))
        for number, booking in enumerate(ordered):
            while running and running[0][0] <= booking.span.start:
                heapq.heappop(running)
            for _, _, other in sorted(running):
                if other.session_id != booking.session_id:
                    yield what, other, booking
            heapq.heappush(running, (booking.span.end, number, booking))


def _room_bookings(sessions: Iterable[Session]) -> Iterator[Booking[RoomId]]:
    for session in sessions:
        if session.room and session.span:
            yield Booking(what=session.room.id, session_id=session.id, span=session.span)


def _person_bookings(sessions: Iterable[Session]) -> Iterator[Booking[PersonId]]:
    """Yield when each person is needed, once for each unbroken span in a session."""
    for session in sessions:
        needed: dict[PersonId, list[Interval]] = defaultdict(list)
        parts = [(part, session.span) for part in session.people]
        parts += [(part, talk.span) for talk in session.talks for part in talk.people]
        for part, span in parts:
            if span:
                needed[part.person_id].append(span)
        for person_id, spans in needed.items():
            for span in _joined(spans):
                yield Booking(what=person_id, session_id=session.id, span=span)


def _joined(spans: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Interval(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def conflicts(
    programme: Programme, event: Event, unavailable: Times = MappingProxyType({})
) -> tuple[Conflict, ...]:
    """Return everything that stands in the way, blocking ones first, then by time of the first session.

    `unavailable` says when people cannot.
    """
    sessions = {session.id: session for session in programme.sessions}
    found: list[Conflict] = [*_rooms_taken(sessions), *_persons_twice(sessions)]
    found += _unavailable(sessions, unavailable)
    for session in sessions.values():
        if session.span and not event.span.contains(session.span):
            found.append(OutsideEvent(session=session))
        over_min = sum(talk.duration_min for talk in session.talks) - session.duration_min
        if over_min > 0:
            found.append(TalksTooLong(session=session, over_min=over_min))
    return tuple(sorted(found, key=_urgency))


def _rooms_taken(sessions: dict[SessionId, Session]) -> Iterator[RoomTaken]:
    rooms = {session.room.id: session.room for session in sessions.values() if session.room}
    for (room_id, first, second), overlap_min in clashes(_room_bookings(sessions.values())).items():
        yield RoomTaken(
            room=rooms[room_id],
            first=sessions[first],
            second=sessions[second],
            overlap_min=overlap_min,
        )


def _persons_twice(sessions: dict[SessionId, Session]) -> Iterator[PersonTwice]:
    people = {part.person_id: part for session in sessions.values() for part in session.everybody}
    for (person_id, first, second), overlap_min in clashes(_person_bookings(sessions.values())).items():
        yield PersonTwice(
            person=people[person_id],
            first=sessions[first],
            second=sessions[second],
            overlap_min=overlap_min,
        )


def _unavailable(sessions: dict[SessionId, Session], times: Times) -> Iterator[PersonUnavailable]:
    people = {part.person_id: part for session in sessions.values() for part in session.everybody}
    for booking in _person_bookings(session for session in sessions.values() if times):
        overlap_min = sum(booking.span.overlap_min(span) for span in times.get(booking.what, ()))
        if overlap_min:
            yield PersonUnavailable(
                absent=people[booking.what], session=sessions[booking.session_id], overlap_min=overlap_min
            )


def _urgency(conflict: Conflict) -> tuple[bool, bool, datetime, list[int]]:
    span = conflict.sessions[0].span
    start = span.start if span else datetime.max.replace(tzinfo=UTC)
    return (not conflict.blocking, span is None, start, [session.id for session in conflict.sessions])


def of_session(found: Iterable[Conflict], session_id: SessionId) -> tuple[Conflict, ...]:
    """Return those of the conflicts that the session is part of."""
    return tuple(
        conflict for conflict in found if session_id in {session.id for session in conflict.sessions}
    )


def blocking(found: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(conflict for conflict in found if conflict.blocking)


def publishable(draft: Programme) -> Programme:
    """Return what publishing would make public: the sessions that have a time, and a room if they need one."""
    return replace(draft, sessions=tuple(session for session in draft.sessions if session.is_scheduled))


def by_time(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Return the sessions in the order of every list: by start, then room, the unscheduled last."""
    return tuple(sorted(sessions, key=_order))


def _order(session: Session) -> tuple[bool, datetime, int, int]:
    start = session.span.start if session.span else datetime.max.replace(tzinfo=UTC)
    place = session.room.place if session.room else 0
    return (session.span is None, start, place, session.id)
