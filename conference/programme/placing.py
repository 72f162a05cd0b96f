"""Sessions put elsewhere in a draft, and what then stands in their way. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from conference.core.ids import RoomId, SessionId
from conference.programme.board import Board
from conference.programme.checking import proposed, standing
from conference.programme.conflicts import Conflict
from conference.programme.errors import GoneChoiceError, GoneError, MoveBlockedError
from conference.programme.model import Programme, Session
from conference.programme.rules import by_time, check_place, placed
from conference.programme.weighing import by_urgency, made_worse

# The room and the start, either of them None where it is open.
Place = tuple[RoomId | None, datetime | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """The draft with the sessions where they were put, each in its next revision, and all their conflicts there."""

    draft: Programme
    sessions: tuple[Session, ...]
    conflicts: tuple[Conflict, ...]


def place(board: Board, session_id: SessionId, room_id: RoomId | None, start: datetime | None) -> Placed:
    """Return the draft after the move; without a start the session goes off the schedule. The board is left as it is.

    Raises GoneError and GoneChoiceError for what the draft does not hold any more, OutsideEventError for a time outside
    the event's days, and MoveBlockedError with the conflicts that staff let block a move, where the move makes or
    lengthens them: what was in the way before may stay in the way.
    """
    moved = _moved(board, session_id, (room_id, start))
    found = proposed(board, session_id, room_id, start, revision=moved.revision)
    _refuse_worse(board, (moved,), found)
    return Placed(draft=_with(board.programme, (moved,)), sessions=(moved,), conflicts=found)


def place_together(board: Board, places: Mapping[SessionId, Place]) -> Placed:
    """Return the draft after all the moves at once, such as a swap. Raises as `place` does.

    Only the outcome counts: no conflict that lies between the first move and the last one refuses them.
    """
    moved = tuple(_moved(board, session_id, where) for session_id, where in places.items())
    draft = _with(board.programme, moved)
    after = Board(draft, board.facts)
    # A conflict of two that were both moved is told once.
    found = by_urgency(dict.fromkeys(one for session_id in places for one in standing(after, session_id)))
    _refuse_worse(board, moved, found)
    return Placed(draft=draft, sessions=moved, conflicts=found)


def _moved(board: Board, session_id: SessionId, where: Place) -> Session:
    slot = board.slots.get(session_id)
    if slot is None:
        raise GoneError
    room_id, start = where
    room = None if room_id is None else board.places.get(room_id)
    if room_id is not None and room is None:
        raise GoneChoiceError("room_id")
    check_place(board.facts.event, start, slot.stored.duration_min)
    return replace(placed(slot.stored, room, start), revision=slot.stored.revision + 1)


def _with(programme: Programme, moved: tuple[Session, ...]) -> Programme:
    changed = {one.id: one for one in moved}
    return replace(programme, sessions=by_time(changed.get(one.id, one) for one in programme.sessions))


def _refuse_worse(board: Board, moved: tuple[Session, ...], found: tuple[Conflict, ...]) -> None:
    # Nearly every move makes none that blocks it, and then nobody asks what was there before.
    if made_worse((), found):
        before = [one for session in moved for one in standing(board, session.id)]
        worse = made_worse(before, found)
        if worse:
            raise MoveBlockedError(worse)
