"""Where one session may stand: the conflicts of every room and every start at once. Pure.

Each constraint forbids stretches of starts, such as those at which the session would overlap another in the room. So a
stretch is marked whole, as bits of one number for each kind, and no slot is looked at by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from conference.core.clock import STOCKHOLM
from conference.core.errors import NotFoundError
from conference.core.ids import RoomId, SessionId
from conference.event.model import Room
from conference.programme.board import Board, never_meet
from conference.programme.lanes import Booking, Lane, Slot, seconds
from conference.programme.model import Kind
from conference.programme.severity import ConflictKind, Severity

Bits = int
# The worst severity of a slot as one digit, as `Heatmap.levels` gives it.
LEVELS: Mapping[Severity, int] = {Severity.WARN: 1, Severity.BLOCK_PUBLISHING: 2, Severity.BLOCK_MOVE: 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Heatmap:
    """The conflicts of one session at each start: `count` of them, `step_min` apart, from `first` on (aware, UTC).

    `kinds` holds by room, and by kind of conflict, a number whose bit n is set where the start n has that conflict. Only
    those kinds are in it that a place causes: the others are the same everywhere.
    """

    first: datetime
    step_min: int
    count: int
    kinds: Mapping[RoomId, Mapping[ConflictKind, Bits]]
    severities: Mapping[ConflictKind, Severity]

    def start(self, number: int) -> datetime:
        return self.first + timedelta(minutes=self.step_min * number)

    def at(self, room_id: RoomId, number: int) -> frozenset[ConflictKind]:
        """Return the kinds of conflict that the session would have in the room from that start on."""
        return frozenset(kind for kind, bits in self.kinds[room_id].items() if bits >> number & 1)

    def levels(self, room_id: RoomId) -> bytes:
        """Return a byte for each start: 0 free, 1 warns, 2 blocks publishing, 3 blocks the move."""
        bits = dict.fromkeys(LEVELS, 0)
        for kind, of_kind in self.kinds[room_id].items():
            bits[self.severities[kind]] |= of_kind
        shown = (self._digits(bits[severity], level) for severity, level in LEVELS.items())
        return bytes(map(max, *shown))

    def _digits(self, bits: Bits, level: int) -> bytes:
        """Return the bits as bytes of 0 or the level, the first start first."""
        written = f"{bits:0{self.count}b}"[::-1]
        return written.encode().translate(bytes.maketrans(b"01", bytes((0, level))))


def heatmap(board: Board, session_id: SessionId, step_min: int) -> Heatmap:
    """Return the conflicts of the session at every start of the event's days in every room.

    `step_min` is 5, 10 or 15 as a rule, any whole minutes work. Raises NotFoundError. The session may be one that is not
    scheduled yet. A start at which it would end after the event is among them, with that conflict.
    """
    slot = board.slots.get(session_id)
    if slot is None:
        raise NotFoundError
    grid = _Grid(board, slot, step_min)
    everywhere = grid.of_time()
    return Heatmap(
        first=datetime.fromtimestamp(grid.first, UTC),
        step_min=step_min,
        count=grid.count,
        kinds={room.id: grid.of_room(room, everywhere) for room in board.programme.rooms},
        severities=board.severities,
    )


class _Grid:
    """Starts from the first moment of the event, so many seconds apart."""

    def __init__(self, board: Board, slot: Slot, step_min: int) -> None:
        self.board, self.slot, self.step = board, slot, step_min * 60
        self.first, self.last = board.span_s
        self.count = -((self.first - self.last) // self.step)
        self.meetings = self._person_meetings()

    def between(self, after: int, before: int) -> Bits:
        """Return the bits of the starts that are later than the one moment and earlier than the other."""
        low = max(0, (after - self.first) // self.step + 1)
        high = min(self.count, -((self.first - before) // self.step))
        return ((1 << (high - low)) - 1) << low if high > low else 0

    def all(self) -> Bits:
        return (1 << self.count) - 1

    def overlapping(self, bookings: Iterable[Booking]) -> Bits:
        """Return the starts at which the session overlaps one of the bookings."""
        bits = 0
        for booking in bookings:
            if not never_meet(self.slot, booking.slot):
                bits |= self.between(booking.start - self.slot.length_s, booking.end)
        return bits

    def of_time(self) -> dict[ConflictKind, Bits]:
        """Return what is the same in every room."""
        board, slot = self.board, self.slot
        track = slot.stored.track
        others = board.tracks.get(track.id) if track else None
        marked = [one for one, _ in board.marked.get(slot.session_id, ())]
        found = {
            ConflictKind.OUTSIDE_EVENT: self.between(self.last - slot.length_s, self.last),
            ConflictKind.PERSON_UNAVAILABLE: self._absent(),
            ConflictKind.TRACK_TWICE: self.overlapping(others.bookings if others else ()),
            ConflictKind.MANY_MARKED: self.overlapping(_scheduled(marked)),
            ConflictKind.PERSON_TWICE: self._twice(),
        }
        return {kind: bits for kind, bits in found.items() if bits and kind in board.kinds}

    def of_room(self, room: Room, everywhere: Mapping[ConflictKind, Bits]) -> dict[ConflictKind, Bits]:
        board, slot = self.board, self.slot
        lane = board.rooms.get(room.id, Lane([]))
        alone = [
            one
            for one in lane.bookings
            if not (slot.stored.may_share_room and one.slot.stored.may_share_room)
        ]
        found = {
            ConflictKind.ROOM_TAKEN: self.overlapping(alone),
            ConflictKind.ROOM_EMPTIED: self._emptied(room),
            ConflictKind.WALK_TOO_SHORT: self._walks(room) if board.longest_walk_s else 0,
            ConflictKind.OUTSIDE_ROOM_HOURS: self._closed(room) if room.hours else 0,
            ConflictKind.TOO_FEW_SEATS: self.all() if board.seats_lack(slot, room.id) else 0,
        }
        return {**everywhere} | {kind: bits for kind, bits in found.items() if bits and kind in board.kinds}

    def _absent(self) -> Bits:
        bits = 0
        for person_id, begins, ends in self.slot.needs:
            for since, until in self.board.absences.get(person_id, ()):
                bits |= self.between(since - ends, until - begins)
        return bits

    def _person_meetings(self) -> dict[tuple[int, SessionId], list[tuple[int, int, Booking]]]:
        """Return (from, to, booking) of each need of the session beside a booking of its person, by person and session."""
        found: dict[tuple[int, SessionId], list[tuple[int, int, Booking]]] = defaultdict(list)
        for person_id, begins, ends in self.slot.needs:
            for booking in self.board.persons.get(person_id, ()):
                if not never_meet(self.slot, booking.slot):
                    found[person_id, booking.session_id].append((begins, ends, booking))
        return found

    def _twice(self) -> Bits:
        bits = 0
        for meetings in self.meetings.values():
            bits |= self._common(meetings)
        return bits

    def _common(self, meetings: list[tuple[int, int, Booking]]) -> Bits:
        bits = 0
        for begins, ends, booking in meetings:
            bits |= self.between(booking.start - ends, booking.end - begins)
        return bits

    def _walks(self, room: Room) -> Bits:
        """Return where somebody has no time to walk; who is needed in both at once has no walk that is too short."""
        bits = 0
        for meetings in self.meetings.values():
            walk_s = self.board.walk_s(room.id, meetings[0][2].slot.room_id)
            if not walk_s:
                continue
            near = 0
            for begins, ends, booking in meetings:
                near |= self.between(booking.start - ends - walk_s, booking.end - begins + walk_s)
            bits |= near & ~self._common(meetings)
        return bits

    def _emptied(self, room: Room) -> Bits:
        """Return where a plenary would empty the room, or this plenary would empty another that is in use."""
        bits = 0
        if room.is_emptied_by_plenary:
            bits |= self.overlapping(
                one for one in self.board.plenaries.bookings if one.slot.room_id != room.id
            )
        if self.slot.stored.kind is Kind.PLENARY:
            bits |= self.overlapping(
                one for one in self.board.emptied.bookings if one.slot.room_id != room.id
            )
        return bits

    def _closed(self, room: Room) -> Bits:
        opening = self.board.openings[room.id]
        bits = 0
        for opens, closes in opening.spans:
            bits |= self.between(opens - 1, closes - self.slot.length_s + 1)
        for day in self.board.facts.event.days:
            if day not in opening.days:
                bits |= self._of_day(day)
        return self.all() & ~bits

    def _of_day(self, day: date) -> Bits:
        """Return the starts of the day, which has 23 or 25 hours where the clock changes."""
        midnight, next_one = (
            seconds(datetime.combine(one, time(), STOCKHOLM)) for one in (day, day + timedelta(days=1))
        )
        return self.between(midnight - 1, next_one)


def _scheduled(slots: Iterable[Slot]) -> list[Booking]:
    return [
        Booking(slot.start, slot.end, slot.session_id, slot)
        for slot in slots
        if slot.start is not None and slot.end is not None
    ]
