"""Conflicts found on a board: all of them in one sweep, or those of one session at a place that is proposed. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from conference.core.errors import NotFoundError
from conference.core.ids import PersonId, RoomId, SessionId
from conference.programme.alone import fixed, sponsored
from conference.programme.board import Board
from conference.programme.conflicts import (
    Conflict,
    OutsideEvent,
    OutsideRoomHours,
    PersonUnavailable,
    TooFewSeats,
)
from conference.programme.facts import Facts
from conference.programme.lanes import Slot, minutes_of, seconds
from conference.programme.meeting import (
    SWEEPS,
    persons_against,
    sessions_against,
    sweep_persons,
    undisclosed_in,
)
from conference.programme.model import Programme, Session
from conference.programme.rules import placed
from conference.programme.severity import ConflictKind
from conference.programme.weighing import by_urgency

ALL_KINDS = frozenset(ConflictKind)
OF_ROOMS_AND_PERSONS = frozenset({ConflictKind.ROOM_TAKEN, ConflictKind.PERSON_TWICE})
_OF_PERSONS = frozenset({ConflictKind.PERSON_TWICE, ConflictKind.WALK_TOO_SHORT})
# All that needs no other session; each of these is looked for session by session.
_ALONE = ALL_KINDS - SWEEPS.keys() - _OF_PERSONS


def conflicts(programme: Programme, facts: Facts) -> tuple[Conflict, ...]:
    """Return everything that stands in the way, the worst first, then by time of the first session."""
    return check(Board(programme, facts))


def check(board: Board, kinds: Collection[ConflictKind] = ALL_KINDS) -> tuple[Conflict, ...]:
    """Return the board's conflicts of these kinds that staff do not ignore."""
    wanted = board.kinds.intersection(kinds)
    found: list[Conflict] = []
    for kind, sweep in SWEEPS.items():
        if kind in wanted:
            found += sweep(board)
    if wanted & _OF_PERSONS:
        found += sweep_persons(board, wanted)
    if wanted & _ALONE:
        for slot in board.slots.values():
            found += _alone(board, slot, wanted)
    return by_urgency(found)


def proposed(
    board: Board,
    session_id: SessionId,
    room_id: RoomId | None,
    start: datetime | None,
    *,
    revision: int | None = None,
) -> tuple[Conflict, ...]:
    """Return all conflicts of one session as if it stood there and all others where they are.

    It is what a check of the changed programme would say of the session, which has that revision if one is given.
    Raises NotFoundError.
    """
    return by_urgency(_of_slot(board, _Proposed(board, session_id, room_id, start, revision), board.kinds))


def stretched(
    board: Board, session_id: SessionId, duration_min: int, kinds: Collection[ConflictKind] = ALL_KINDS
) -> tuple[Conflict, ...]:
    """Return the conflicts of one session as if it lasted so long where it stands. Raises NotFoundError."""
    old = _slot(board, session_id)
    longer = placed(
        replace(old.stored, duration_min=duration_min),
        old.stored.room,
        old.stored.span.start if old.stored.span else None,
    )
    return by_urgency(_of_slot(board, Slot(longer, old.ancestors), board.kinds.intersection(kinds)))


def _of_slot(board: Board, slot: Slot, wanted: Collection[ConflictKind]) -> list[Conflict]:
    found: list[Conflict] = list(_alone(board, slot, wanted))
    if ConflictKind.DISCLOSURE_MISSING in wanted and board.undisclosed:
        found += undisclosed_in(board, slot)
    if slot.start is not None:
        found += sessions_against(board, slot, wanted)
        found += persons_against(board, slot, wanted)
    return found


def standing(board: Board, session_id: SessionId) -> tuple[Conflict, ...]:
    """Return all conflicts of one session where it stands. Raises NotFoundError."""
    session = _slot(board, session_id).stored
    room_id = session.room.id if session.room else None
    return proposed(board, session_id, room_id, session.span.start if session.span else None)


def _slot(board: Board, session_id: SessionId) -> Slot:
    found = board.slots.get(session_id)
    if found is None:
        raise NotFoundError
    return found


class _Proposed(Slot):
    """A slot elsewhere. Its session is made only for a conflict that names it: most places have none."""

    __slots__ = ("_board", "_made", "_place", "_revision")

    def __init__(
        self,
        board: Board,
        session_id: SessionId,
        room_id: RoomId | None,
        start: datetime | None,
        revision: int | None,
    ) -> None:
        old = _slot(board, session_id)
        self._board, self._place, self._revision = board, (room_id, start), revision
        self._made: Session | None = None
        self.stored, self.session_id, self.room_id = old.stored, session_id, room_id
        self.ancestors, self.needs, self.length_s = old.ancestors, old.needs, old.length_s
        self.start = None if start is None else seconds(start)
        self.end = None if self.start is None else self.start + old.length_s

    @property
    def session(self) -> Session:
        if self._made is None:
            room_id, start = self._place
            room = None if room_id is None else self._board.places.get(room_id)
            moved = placed(self.stored, room, start)
            self._made = moved if self._revision is None else replace(moved, revision=self._revision)
        return self._made


def _alone(board: Board, slot: Slot, wanted: Collection[ConflictKind]) -> Iterator[Conflict]:
    """Yield what the session has with nobody else."""
    settings = board.facts.settings
    is_container = slot.session_id in board.containers
    if any(fixed(slot.stored, settings, wanted, is_container=is_container)):
        yield from fixed(slot.session, settings, wanted, is_container=is_container)
    if ConflictKind.SPONSOR_IN_TITLE in wanted and slot.session_id in board.named:
        yield from sponsored(slot.session, board.named, board.severities[ConflictKind.SPONSOR_IN_TITLE])
    if slot.start is not None and slot.end is not None:
        yield from _of_times(board, slot, (slot.start, slot.end), wanted)
    if ConflictKind.TOO_FEW_SEATS in wanted and slot.room_id is not None:
        lack = board.seats_lack(slot, slot.room_id)
        if lack:
            yield TooFewSeats(
                severity=board.severities[ConflictKind.TOO_FEW_SEATS],
                session=slot.session,
                room=board.places[slot.room_id],
                seats=lack[0],
                needed=lack[1],
            )


def _of_times(
    board: Board, slot: Slot, span: tuple[int, int], wanted: Collection[ConflictKind]
) -> Iterator[Conflict]:
    """Yield where the session is outside the event's or its room's hours, and who cannot."""
    start, end = span
    first, last = board.span_s
    if ConflictKind.OUTSIDE_EVENT in wanted and (start < first or end > last):
        outside_s = end - start - max(0, min(end, last) - max(start, first))
        yield OutsideEvent(
            severity=board.severities[ConflictKind.OUTSIDE_EVENT],
            session=slot.session,
            outside_min=minutes_of(outside_s),
        )
    if ConflictKind.OUTSIDE_ROOM_HOURS in wanted and slot.room_id in board.openings:
        closed_s = board.openings[slot.room_id].outside_s(start, end)
        if closed_s:
            yield OutsideRoomHours(
                severity=board.severities[ConflictKind.OUTSIDE_ROOM_HOURS],
                session=slot.session,
                room=board.places[slot.room_id],
                outside_min=minutes_of(closed_s),
            )
    if ConflictKind.PERSON_UNAVAILABLE in wanted and board.absences:
        yield from _absent(board, slot, start)


def _absent(board: Board, slot: Slot, start: int) -> Iterator[PersonUnavailable]:
    absent_s: dict[PersonId, int] = {}
    for person_id, begins, ends in slot.needs:
        for since, until in board.absences.get(person_id, ()):
            common = min(start + ends, until) - max(start + begins, since)
            if common > 0:
                absent_s[person_id] = absent_s.get(person_id, 0) + common
    for person_id, common in absent_s.items():
        yield PersonUnavailable(
            severity=board.severities[ConflictKind.PERSON_UNAVAILABLE],
            session=slot.session,
            person=board.parts[person_id],
            overlap_min=minutes_of(common),
        )
