"""What a gesture in the editor does to which sessions: swapping, pushing, moving a whole room or track. Pure.

Each answers placements, which the service writes in one step. Who is pinned is never moved by another's gesture.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from conference.core.clock import STOCKHOLM
from conference.core.ids import RoomId, SessionId, TrackId
from conference.core.interval import Interval
from conference.programme.errors import (
    DeletedSessionError,
    NoPlaceError,
    NotABreakError,
    NothingToMoveError,
    PinnedInTheWayError,
)
from conference.programme.model import ROOMLESS, Kind, Programme, Session, SessionDetails

# What a copied session is called until somebody names it.
FRAME_TITLE = "To be announced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a session is to stand: without `start` it is not scheduled. `start` is aware."""

    session_id: SessionId
    room_id: RoomId | None
    start: datetime | None
    duration_min: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """Sessions as they were dropped or resized, each by itself."""

    placements: tuple[Placement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Swap:
    """Two sessions take each other's room and start, and keep their own lengths."""

    first: SessionId
    second: SessionId


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftRoom:
    """All that a room holds on a day goes `minutes` later (earlier below 0), or into another room, or both.

    What the other room holds on that day comes back, at the same shift.
    """

    room_id: RoomId
    day: date
    minutes: int = 0
    to_room_id: RoomId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftTrack:
    """All sessions of a track on a day go `minutes` later, earlier below 0."""

    track_id: TrackId
    day: date
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Push:
    """A session begins `minutes` later, and what follows in its room on its day gives way; gaps take up what they can."""

    session_id: SessionId
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LengthenBreak:
    """A break ends `minutes` later for all: so do breaks of the same time, and what begins after it begins later."""

    session_id: SessionId
    minutes: int


Gesture: TypeAlias = Put | Swap | ShiftRoom | ShiftTrack | Push | LengthenBreak


def placements_of(programme: Programme, gesture: Gesture) -> tuple[Placement, ...]:
    """Return where the gesture puts which sessions, those alone that it changes.

    Raises DeletedSessionError for a session that is deleted, PinnedInTheWayError, NoPlaceError where an unscheduled session is
    to be pushed or swapped, NotABreakError, NothingToMoveError where nothing would change.
    """
    wanted = _OF[type(gesture)](programme, gesture)
    by_id = {session.id: session for session in programme.sessions}
    moved = tuple(one for one in wanted if one != placement_of(_known(by_id.get(one.session_id))))
    if not moved:
        raise NothingToMoveError
    return moved


def placement_of(session: Session) -> Placement:
    """Return where the session stands now."""
    return Placement(
        session_id=session.id,
        room_id=session.room.id if session.room else None,
        start=session.span.start if session.span else None,
        duration_min=session.duration_min,
    )


def frame_of(programme: Programme, day: date, to_day: date) -> tuple[SessionDetails, ...]:
    """Return the day's frame as sessions of another day, at the same times of Stockholm: kinds, rooms and lengths.

    Breaks and evenings keep their titles, all else is FRAME_TITLE and has neither people nor talks. Raises
    NothingToMoveError where the day has no session.
    """
    sessions = programme.on(day)
    if not sessions:
        raise NothingToMoveError
    return tuple(
        SessionDetails(
            kind=session.kind,
            title=session.title if session.kind in ROOMLESS else FRAME_TITLE,
            room_id=session.room.id if session.room else None,
            start=_same_time(_span(session).start, to_day, day),
            duration_min=session.duration_min,
        )
        for session in sessions
    )


def _same_time(start: datetime, to_day: date, day: date) -> datetime:
    local = start.astimezone(STOCKHOLM)
    return datetime.combine(to_day + (local.date() - day), local.time(), STOCKHOLM)


def _known(session: Session | None) -> Session:
    if session is None:
        raise DeletedSessionError
    return session


def _find(programme: Programme, session_id: SessionId) -> Session:
    return _known(next((one for one in programme.sessions if one.id == session_id), None))


def _span(session: Session) -> Interval:
    if session.span is None:
        raise NoPlaceError(title=session.title)
    return session.span


def _moved(
    session: Session, *, by: timedelta, room_id: RoomId | None, later_end: timedelta = timedelta()
) -> Placement:
    if session.is_pinned:
        raise PinnedInTheWayError(title=session.title)
    longer_min = int(later_end / timedelta(minutes=1))
    return Placement(
        session_id=session.id,
        room_id=room_id,
        start=_span(session).start + by,
        duration_min=session.duration_min + longer_min,
    )


def _room_id(session: Session) -> RoomId | None:
    return session.room.id if session.room else None


def _put(_programme: Programme, gesture: Put) -> Iterator[Placement]:
    yield from gesture.placements


def _swap(programme: Programme, gesture: Swap) -> Iterator[Placement]:
    first, second = _find(programme, gesture.first), _find(programme, gesture.second)
    by = _span(second).start - _span(first).start
    yield _moved(first, by=by, room_id=_room_id(second))
    yield _moved(second, by=-by, room_id=_room_id(first))


def _shift_room(programme: Programme, gesture: ShiftRoom) -> Iterator[Placement]:
    by = timedelta(minutes=gesture.minutes)
    to_room_id = gesture.to_room_id or gesture.room_id
    goes = {gesture.room_id: to_room_id, to_room_id: gesture.room_id}
    for session in programme.on(gesture.day):
        here = _room_id(session)
        if here is not None and here in goes:
            yield _moved(session, by=by, room_id=goes[here])


def _shift_track(programme: Programme, gesture: ShiftTrack) -> Iterator[Placement]:
    by = timedelta(minutes=gesture.minutes)
    for session in programme.on(gesture.day):
        if session.track is not None and session.track.id == gesture.track_id:
            yield _moved(session, by=by, room_id=_room_id(session))


def _push(programme: Programme, gesture: Push) -> Iterator[Placement]:
    pushed = _find(programme, gesture.session_id)
    by = timedelta(minutes=gesture.minutes)
    yield _moved(pushed, by=by, room_id=_room_id(pushed))
    free_from = _span(pushed).end + by
    for session in _following(programme, pushed):
        # Two that stood in each other's way before go on doing so, and no further.
        by = min(by, free_from - _span(session).start)
        if by <= timedelta():
            return
        yield _moved(session, by=by, room_id=_room_id(session))
        free_from = max(free_from, _span(session).end + by)


def _following(programme: Programme, pushed: Session) -> Iterable[Session]:
    """Return what begins after it in its room on its day, in order; of what has no room only that has none either."""
    start = _span(pushed).start
    return (
        session
        for session in programme.sessions
        if session.span is not None
        and session.id != pushed.id
        and session.span.start >= start
        and session.day == pushed.day
        and _room_id(session) == _room_id(pushed)
    )


def _lengthen(programme: Programme, gesture: LengthenBreak) -> Iterator[Placement]:
    lengthened = _find(programme, gesture.session_id)
    if lengthened.kind != Kind.BREAK:
        raise NotABreakError
    span, by = _span(lengthened), timedelta(minutes=gesture.minutes)
    for session in programme.sessions:
        if session.span is None or session.day != lengthened.day:
            continue
        if session.kind == Kind.BREAK and session.span == span:
            yield _moved(session, by=timedelta(), room_id=_room_id(session), later_end=by)
        elif session.span.start >= span.end:
            yield _moved(session, by=by, room_id=_room_id(session))


_OF: dict[type[Gesture], Callable[..., Iterator[Placement]]] = {
    Put: _put,
    Swap: _swap,
    ShiftRoom: _shift_room,
    ShiftTrack: _shift_track,
    Push: _push,
    LengthenBreak: _lengthen,
}
