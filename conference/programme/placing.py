"""One session put elsewhere in a draft, and what then stands in its way. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from conference.core.ids import RoomId, SessionId
from conference.programme.board import Board
from conference.programme.checking import proposed, standing
from conference.programme.conflicts import Conflict
from conference.programme.errors import GoneChoiceError, GoneError, MoveBlockedError
from conference.programme.model import Programme, Session
from conference.programme.rules import by_time, check_place, placed
from conference.programme.weighing import made_worse


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """The draft with the session where it was put, in its next revision, and all conflicts of that session there."""

    draft: Programme
    session: Session
    conflicts: tuple[Conflict, ...]


def place(board: Board, session_id: SessionId, room_id: RoomId | None, start: datetime | None) -> Placed:
    """Return the draft after the move; without a start the session goes off the schedule. The board is left as it is.

    Raises GoneError and GoneChoiceError for what the draft does not hold any more, OutsideEventError for a time outside
    the event's days, and MoveBlockedError with the conflicts that staff let block a move, where the move makes or
    lengthens them: what was in the way before may stay in the way.
    """
    slot = board.slots.get(session_id)
    if slot is None:
        raise GoneError
    room = None if room_id is None else board.places.get(room_id)
    if room_id is not None and room is None:
        raise GoneChoiceError("room_id")
    check_place(board.facts.event, start, slot.stored.duration_min)
    revision = slot.stored.revision + 1
    found = proposed(board, session_id, room_id, start, revision=revision)
    worse = made_worse((), found) and made_worse(standing(board, session_id), found)
    if worse:
        raise MoveBlockedError(worse)
    moved = replace(placed(slot.stored, room, start), revision=revision)
    sessions = (moved if one.id == session_id else one for one in board.programme.sessions)
    return Placed(draft=replace(board.programme, sessions=by_time(sessions)), session=moved, conflicts=found)
