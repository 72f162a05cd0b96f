"""Conflicts between two sessions that stand on a board. Pure."""

from collections.abc import Callable, Collection, Iterator

from conference.core.ids import PersonId, SessionId
from conference.programme.board import Board, never_meet
from conference.programme.conflicts import (
    Conflict,
    DisclosureMissing,
    ManyMarked,
    PersonTwice,
    RoomEmptied,
    RoomTaken,
    TrackTwice,
    WalkTooShort,
)
from conference.programme.lanes import Booking, Lane, Slot, crossings, minutes_of
from conference.programme.model import Kind
from conference.programme.rules import by_time
from conference.programme.severity import ConflictKind

_NO_LANE = Lane([])


def _pair(one: Slot, other: Slot) -> tuple[Slot, Slot]:
    return (one, other) if one.order <= other.order else (other, one)


def _overlap_min(one: Slot, other: Slot) -> int:
    (start, end, _), (other_start, other_end, _) = one.order, other.order
    return minutes_of(min(end, other_end) - max(start, other_start))


def _share(one: Slot, other: Slot) -> bool:
    return one.stored.may_share_room and other.stored.may_share_room


def _room_taken(board: Board, one: Slot, other: Slot) -> Iterator[RoomTaken]:
    if never_meet(one, other) or _share(one, other) or one.room_id is None:
        return
    first, second = _pair(one, other)
    yield RoomTaken(
        severity=board.severities[ConflictKind.ROOM_TAKEN],
        first=first.session,
        second=second.session,
        overlap_min=_overlap_min(one, other),
        room=board.places[one.room_id],
    )


def _room_emptied(board: Board, plenary: Slot, inside: Slot) -> Iterator[RoomEmptied]:
    """Yield the conflict of a plenary and what is in an emptied room; within one room that room is taken anyway."""
    if never_meet(plenary, inside) or inside.room_id is None or plenary.room_id == inside.room_id:
        return
    first, second = _pair(plenary, inside)
    yield RoomEmptied(
        severity=board.severities[ConflictKind.ROOM_EMPTIED],
        first=first.session,
        second=second.session,
        overlap_min=_overlap_min(plenary, inside),
        room=board.places[inside.room_id],
    )


def _track_twice(board: Board, one: Slot, other: Slot) -> Iterator[TrackTwice]:
    track = one.stored.track
    if never_meet(one, other) or track is None:
        return
    first, second = _pair(one, other)
    yield TrackTwice(
        severity=board.severities[ConflictKind.TRACK_TWICE],
        first=first.session,
        second=second.session,
        overlap_min=_overlap_min(one, other),
        track=track,
    )


def _many_marked(board: Board, one: Slot, other: Slot, marks: int) -> Iterator[ManyMarked]:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return
    if one.start < other.end and other.start < one.end and not never_meet(one, other):
        first, second = _pair(one, other)
        yield ManyMarked(
            severity=board.severities[ConflictKind.MANY_MARKED],
            first=first.session,
            second=second.session,
            overlap_min=_overlap_min(one, other),
            marks=marks,
        )


class _Persons:
    """Collects what meets of persons: the common seconds, or the shortest gap, of each person and two sessions."""

    def __init__(self, board: Board, wanted: Collection[ConflictKind]) -> None:
        self._board, self._wanted = board, wanted
        self._common_s: dict[tuple[PersonId, SessionId, SessionId], int] = {}
        self._gap_s: dict[tuple[PersonId, SessionId, SessionId], int] = {}
        self._slots: dict[SessionId, Slot] = {}

    def meet(self, person_id: PersonId, one: Booking, other: Booking) -> None:
        if never_meet(one.slot, other.slot):
            return
        first, second = _pair(one.slot, other.slot)
        key = (person_id, first.session_id, second.session_id)
        common_s = min(one.end, other.end) - max(one.start, other.start)
        if common_s > 0:
            self._common_s[key] = self._common_s.get(key, 0) + common_s
        elif -common_s < self._board.walk_s(first.room_id, second.room_id):
            self._gap_s[key] = min(self._gap_s.get(key, -common_s), -common_s)
        else:
            return
        self._slots[first.session_id], self._slots[second.session_id] = first, second

    def found(self) -> Iterator[PersonTwice | WalkTooShort]:
        """Yield the conflicts. Who is needed in both at once has no walk between them to be too short."""
        if ConflictKind.PERSON_TWICE in self._wanted:
            for (person_id, first, second), common_s in self._common_s.items():
                yield PersonTwice(
                    severity=self._board.severities[ConflictKind.PERSON_TWICE],
                    first=self._slots[first].session,
                    second=self._slots[second].session,
                    overlap_min=minutes_of(common_s),
                    person=self._board.parts[person_id],
                )
        if ConflictKind.WALK_TOO_SHORT in self._wanted:
            for key, gap_s in self._gap_s.items():
                if key not in self._common_s:
                    yield self._walk(key, gap_s)

    def _walk(self, key: tuple[PersonId, SessionId, SessionId], gap_s: int) -> WalkTooShort:
        first, second = self._slots[key[1]], self._slots[key[2]]
        return WalkTooShort(
            severity=self._board.severities[ConflictKind.WALK_TOO_SHORT],
            first=first.session,
            second=second.session,
            person=self._board.parts[key[0]],
            gap_min=gap_s // 60,
            walk_min=self._board.walk_s(first.room_id, second.room_id) // 60,
        )


def sweep_persons(board: Board, wanted: Collection[ConflictKind]) -> Iterator[PersonTwice | WalkTooShort]:
    reach_s = board.longest_walk_s if ConflictKind.WALK_TOO_SHORT in wanted else 0
    persons = _Persons(board, wanted)
    for person_id, bookings in board.persons.items():
        if len(bookings) > 1:
            for one, other in Lane(bookings).meetings(reach_s):
                persons.meet(person_id, one, other)
    return persons.found()


def persons_against(board: Board, slot: Slot, wanted: Collection[ConflictKind]) -> Iterator[Conflict]:
    """Yield what the session's people have against its place."""
    persons = _Persons(board, wanted)
    assert slot.start is not None  # the caller asks about a place with a time
    for person_id, begins, ends in slot.needs:
        for other in board.persons.get(person_id, ()):
            if other.session_id != slot.session_id:
                mine = Booking(slot.start + begins, slot.start + ends, slot.session_id, slot)
                persons.meet(person_id, mine, other)
    return persons.found()


def _sweep_rooms(board: Board) -> Iterator[Conflict]:
    for lane in board.rooms.values():
        for one, other in lane.meetings():
            yield from _room_taken(board, one.slot, other.slot)


def _sweep_tracks(board: Board) -> Iterator[Conflict]:
    for lane in board.tracks.values():
        for one, other in lane.meetings():
            yield from _track_twice(board, one.slot, other.slot)


def _sweep_emptied(board: Board) -> Iterator[Conflict]:
    if board.emptied.bookings:
        for plenary, inside in crossings(board.plenaries, board.emptied):
            yield from _room_emptied(board, plenary.slot, inside.slot)


def _sweep_marked(board: Board) -> Iterator[Conflict]:
    for session_id, others in board.marked.items():
        for other, marks in others:
            if session_id < other.session_id:
                yield from _many_marked(board, board.slots[session_id], other, marks)


def _sweep_undisclosed(board: Board) -> Iterator[Conflict]:
    for person_id in board.undisclosed:
        slots = board.sessions_of.get(person_id, [])
        yield _undisclosed(board, person_id, slots)


def _undisclosed(board: Board, person_id: PersonId, slots: list[Slot]) -> DisclosureMissing:
    return DisclosureMissing(
        severity=board.severities[ConflictKind.DISCLOSURE_MISSING],
        person=board.parts[person_id],
        sessions=by_time(slot.session for slot in slots),
    )


def undisclosed_in(board: Board, slot: Slot) -> Iterator[Conflict]:
    """Yield who of the session's people has not signed, with all their sessions, this one where it is proposed."""
    for person_id in {need[0] for need in slot.needs} & board.undisclosed:
        slots = [slot if one.session_id == slot.session_id else one for one in board.sessions_of[person_id]]
        yield _undisclosed(board, person_id, slots)


# Each finds all conflicts of its kind on a board.
SWEEPS: dict[ConflictKind, Callable[[Board], Iterator[Conflict]]] = {
    ConflictKind.ROOM_TAKEN: _sweep_rooms,
    ConflictKind.ROOM_EMPTIED: _sweep_emptied,
    ConflictKind.TRACK_TWICE: _sweep_tracks,
    ConflictKind.MANY_MARKED: _sweep_marked,
    ConflictKind.DISCLOSURE_MISSING: _sweep_undisclosed,
}


def sessions_against(board: Board, slot: Slot, wanted: Collection[ConflictKind]) -> Iterator[Conflict]:
    """Yield what other sessions have against the session's place."""
    start, end, _ = slot.order
    if ConflictKind.ROOM_TAKEN in wanted and slot.room_id is not None:
        for other in board.rooms.get(slot.room_id, _NO_LANE).during(start, end):
            yield from _room_taken(board, slot, other.slot)
    if ConflictKind.TRACK_TWICE in wanted and slot.stored.track is not None:
        for other in board.tracks.get(slot.stored.track.id, _NO_LANE).during(start, end):
            yield from _track_twice(board, slot, other.slot)
    if ConflictKind.ROOM_EMPTIED in wanted:
        yield from _emptied_against(board, slot)
    if ConflictKind.MANY_MARKED in wanted:
        for marked, marks in board.marked.get(slot.session_id, ()):
            yield from _many_marked(board, slot, marked, marks)


def _emptied_against(board: Board, slot: Slot) -> Iterator[Conflict]:
    start, end, _ = slot.order
    if slot.stored.kind is Kind.PLENARY:
        for other in board.emptied.during(start, end):
            yield from _room_emptied(board, slot, other.slot)
    room = None if slot.room_id is None else board.places.get(slot.room_id)
    if room is not None and room.is_emptied_by_plenary:
        for other in board.plenaries.during(start, end):
            yield from _room_emptied(board, other.slot, slot)
