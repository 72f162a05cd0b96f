"""What this room needs of the rooms above it; `rooms.py` fills these."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from conference.core.ids import RoomId, TrackId
from conference.core.interval import Interval
from conference.web.registry import Registry

# Each answers the titles of what uses the room or the track, so that a refusal can name them.
room_uses: Registry[Callable[[Session, RoomId], Sequence[str]]] = Registry("use of rooms")
track_uses: Registry[Callable[[Session, TrackId], Sequence[str]]] = Registry("use of tracks")
# Each answers (title, time) of what is scheduled.
scheduled: Registry[Callable[[Session], Sequence[tuple[str, Interval]]]] = Registry("schedule")
# Called in the transaction of each change of what the programme shows: the event, tracks, rooms, people. It comes
# first in that transaction, so that the programme's lock is taken in the same order everywhere.
programme_facts_changed: Registry[Callable[[Session], object]] = Registry("listener to changed facts")


def tell_programme(session: Session) -> None:
    for listener in programme_facts_changed.entries():
        listener(session)
