"""How long one session may last where it stands: the conflicts of each length. Pure."""

from collections import defaultdict

from conference.core.errors import NotFoundError
from conference.core.ids import SessionId
from conference.programme.board import Board
from conference.programme.checking import stretched
from conference.programme.heat import Bits, Heatmap
from conference.programme.severity import ConflictKind

# A session that is longer is dragged blindly: it is checked when it is dropped.
MOST_MIN = 720
OF_LENGTH = frozenset(
    {
        ConflictKind.ROOM_TAKEN,
        ConflictKind.ROOM_EMPTIED,
        ConflictKind.PERSON_TWICE,
        ConflictKind.PERSON_UNAVAILABLE,
        ConflictKind.WALK_TOO_SHORT,
        ConflictKind.OUTSIDE_EVENT,
        ConflictKind.OUTSIDE_ROOM_HOURS,
        ConflictKind.TALKS_TOO_LONG,
        ConflictKind.TRACK_TWICE,
        ConflictKind.MANY_MARKED,
    }
)


def lengths(board: Board, session_id: SessionId, step_min: int) -> Heatmap:
    """Return the conflicts of the session at each length, up to twelve hours, in the room where it stands.

    The start n of the map is the slot n: what the session would have if it lasted until that slot's end. Without a
    room or a time there is none. Raises NotFoundError.
    """
    slot = board.slots.get(session_id)
    if slot is None:
        raise NotFoundError
    stored = slot.stored
    if stored.span is None or stored.room is None:
        first = stored.span.start if stored.span else board.facts.event.span.start
        return Heatmap(first=first, step_min=step_min, count=0, kinds={}, severities=board.severities)
    count = MOST_MIN // step_min
    bits: dict[ConflictKind, Bits] = defaultdict(int)
    for number in range(count):
        for one in stretched(board, session_id, (number + 1) * step_min, OF_LENGTH):
            bits[one.kind] |= 1 << number
    return Heatmap(
        first=stored.span.start,
        step_min=step_min,
        count=count,
        kinds={stored.room.id: dict(bits)},
        severities=board.severities,
    )
