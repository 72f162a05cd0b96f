"""Bookings along one line, such as a room's or a person's, found by time without comparing all pairs. Pure.

Times are whole seconds since 1970 in UTC, so that the hour which a clock change repeats is two hours, and comparing
costs little. Spans are half-open: those that touch do not overlap.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.event.model import Room
from conference.programme.model import AT_ONCE, Session


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def minutes_of(length_s: int) -> int:
    """Return whole minutes, a begun one counted: an overlap of seconds is one."""
    return -(-length_s // 60)


class Slot:
    """A session as the checks need it. `start` and `end` are None while it is not scheduled.

    `stored` is the session of the programme; `session` the one that a conflict names, which may stand elsewhere.
    `needs` says from when to when, counted from its start, each person is needed, once for each unbroken span.
    """

    __slots__ = ("ancestors", "end", "length_s", "needs", "room_id", "session_id", "start", "stored")

    def __init__(self, session: Session, ancestors: frozenset[SessionId]) -> None:
        self.stored = session
        self.session_id = session.id
        self.room_id: RoomId | None = session.room.id if session.room else None
        self.length_s = session.duration_min * 60
        self.start: int | None = None
        self.end: int | None = None
        if session.span is not None:
            self.start, self.end = seconds(session.span.start), seconds(session.span.end)
            self.length_s = self.end - self.start
        self.ancestors = ancestors
        self.needs = _needs(session, self.length_s)

    @property
    def session(self) -> Session:
        return self.stored

    @property
    def order(self) -> tuple[int, int, SessionId]:
        """What puts two scheduled sessions in order."""
        assert self.start is not None  # only what is scheduled meets another
        assert self.end is not None
        return (self.start, self.end, self.session_id)

    def is_around(self, other: "Slot") -> bool:
        """Return whether one of the two is a container of the other, at whatever depth."""
        if not self.ancestors and not other.ancestors:
            return False
        return other.session_id in self.ancestors or self.session_id in other.ancestors


class Booking(NamedTuple):
    """From when to when something is needed for a session. The number makes the order of equal times certain."""

    start: int
    end: int
    session_id: SessionId
    slot: Slot


def _needs(session: Session, length_s: int) -> tuple[tuple[PersonId, int, int], ...]:
    """Return (person, from, to) of each span: chairs for the session, speakers for their talk, by posters all the time."""
    needs = [(part.person_id, 0, length_s) for part in session.people]
    at_once = session.kind in AT_ONCE
    begins, ends = 0, length_s
    for talk in session.talks:
        if not at_once:
            ends = begins + talk.duration_min * 60
        for part in talk.people:
            needs.append((part.person_id, begins, ends))  # noqa: PERF401 -- most talks have one speaker, and a list of one costs more
        if not at_once:
            begins = ends
    if len({need[0] for need in needs}) == len(needs):
        return tuple(needs)
    return tuple(_joined(needs))


def _joined(needs: list[tuple[PersonId, int, int]]) -> Iterator[tuple[PersonId, int, int]]:
    """Yield each person's spans, those that overlap or touch as one, so that no minute is counted twice."""
    of_person: dict[PersonId, list[tuple[int, int]]] = {}
    for person_id, begins, ends in needs:
        of_person.setdefault(person_id, []).append((begins, ends))
    for person_id, spans in of_person.items():
        for begins, ends in joined(spans):
            yield person_id, begins, ends


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap or touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def in_seconds(spans: Iterable[Interval]) -> list[tuple[int, int]]:
    return joined((seconds(span.start), seconds(span.end)) for span in spans)


class Lane:
    """Bookings by start."""

    __slots__ = ("bookings", "longest_s", "starts")

    def __init__(self, bookings: list[Booking]) -> None:
        bookings.sort()
        self.bookings = bookings
        self.starts = [booking.start for booking in bookings]
        self.longest_s = max((booking.end - booking.start for booking in bookings), default=0)

    def during(self, start: int, end: int) -> Iterator[Booking]:
        """Yield those that overlap the span. No booking that begins a longest one's length before it can reach it."""
        bookings = self.bookings
        for number in range(bisect_left(self.starts, start - self.longest_s), len(bookings)):
            booking = bookings[number]
            if booking.start >= end:
                return
            if booking.end > start:
                yield booking

    def meetings(self, reach_s: int = 0) -> Iterator[tuple[Booking, Booking]]:
        """Yield each pair of which one begins before the other has ended, or within `reach_s` after that.

        A sweep: those still running when one begins meet it, so the work is that of sorting and of the pairs found.
        """
        running: list[Booking] = []
        last_end = 0
        for booking in self.bookings:
            start = booking.start
            if start >= last_end + reach_s:
                running = [booking]
                last_end = booking.end
                continue
            running = [other for other in running if other.end + reach_s > start]
            for other in running:
                yield other, booking
            running.append(booking)
            last_end = max(last_end, booking.end)


def crossings(ones: Lane, others: Lane) -> Iterator[tuple[Booking, Booking]]:
    """Yield each overlapping pair of a booking of the one lane and one of the other, in a sweep over both."""
    running: tuple[list[Booking], list[Booking]] = ([], [])
    both = [(booking, 0) for booking in ones.bookings] + [(booking, 1) for booking in others.bookings]
    for booking, side in sorted(both):
        for number in (0, 1):
            running[number][:] = [other for other in running[number] if other.end > booking.start]
        for other in running[1 - side]:
            yield (booking, other) if side == 0 else (other, booking)
        running[side].append(booking)


class Opening:
    """When a room is open: on days with hours during them, on all others all day."""

    __slots__ = ("days", "spans")

    def __init__(self, room: Room) -> None:
        self.days = frozenset(hours.day for hours in room.hours)
        self.spans = in_seconds(hours.span for hours in room.hours)

    def outside_s(self, start: int, end: int) -> int:
        """Return how many seconds of the span the room is closed.

        The day on which it begins counts; a night that a day's hours reach into belongs to that day.
        """
        if not self.days:
            return 0
        inside = max((min(end, closes) - max(start, opens) for opens, closes in self.spans), default=0)
        if inside == end - start or local_day(start) not in self.days:
            return 0
        return end - start - max(inside, 0)


def local_day(moment: int) -> date:
    """Return the day in Stockholm."""
    return datetime.fromtimestamp(moment, STOCKHOLM).date()
