"""What the schedule's editor does: gestures of one or many sessions, each one step under the draft's lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import SessionId, StepId
from conference.db.revisions import revise
from conference.event.queries import get_event
from conference.programme import rules
from conference.programme.errors import (
    DeletedSessionError,
    GoneChoiceError,
    PinnedError,
    UnseenSessionError,
)
from conference.programme.gestures import (
    Gesture,
    LengthenBreak,
    Placement,
    Push,
    ShiftRoom,
    ShiftTrack,
    Swap,
    frame_of,
    placement_of,
    placements_of,
)
from conference.programme.history import Act
from conference.programme.model import Programme, Session, SessionDetails
from conference.programme.queries import draft
from conference.programme.records import (
    changed,
    check_choices,
    check_revision,
    draft_under_lock,
    session_columns,
    session_values,
)
from conference.programme.step_queries import find_step_of_key
from conference.programme.steps import check_moves, note_step
from conference.programme.tables import SessionRow

Seen = Mapping[SessionId, int]
_ACTS: dict[type[Gesture], Act] = {
    Swap: Act.SWAP,
    ShiftRoom: Act.SHIFT_ROOM,
    ShiftTrack: Act.SHIFT_TRACK,
    Push: Act.PUSH,
    LengthenBreak: Act.LENGTHEN_BREAK,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stepped:
    """The answer to a gesture: its step, the draft's revision after it, and the sessions that it moved as they are now.

    `is_repeated` where a request with this key was carried out before: then nothing was done.
    """

    step_id: StepId | None
    draft_revision: int
    sessions: tuple[Session, ...]
    is_repeated: bool = False


def carry_out(session: DbSession, gesture: Gesture, seen: Seen, *, key: str, actor: Actor) -> Stepped:
    """Do what the gesture does, in one step; `seen` names the revision that was seen of each session it moves.

    A request with a `key` that was carried out before does nothing. Raises what `placements_of` raises;
    RevisionMissingError and UnseenSessionError where a moved session's revision is not told, StaleRevisionError with
    both places; PinnedError; OutsideEventError and GoneChoiceError of a place; MoveBlockedError where the moves make a
    conflict that staff let block one. Then nothing is changed.
    """
    current = draft_under_lock(session)
    if (before := repeated(session, current, key)) is not None:
        return before
    placements = placements_of(current, gesture)
    after = _placed(session, current, placements, seen)
    check_moves(session, current, after, [one.session_id for one in placements])
    for placement in placements:
        _write(session, current, placement, seen[placement.session_id], actor)
    act = _ACTS.get(type(gesture)) or _act_of(current, placements)
    return _noted(session, current, {one.session_id for one in placements}, act, key=key, actor=actor)


def copy_frame(session: DbSession, day: date, to_day: date, *, key: str, actor: Actor) -> Stepped:
    """Add the frame of one day to another, in one step. Raises as `frame_of`, and of each session's place."""
    current = draft_under_lock(session)
    if (before := repeated(session, current, key)) is not None:
        return before
    made = {_create(session, current, details, actor) for details in frame_of(current, day, to_day)}
    return _noted(session, current, made, Act.COPY_FRAME, key=key, actor=actor)


def _create(session: DbSession, current: Programme, details: SessionDetails, actor: Actor) -> SessionId:
    rules.check_place(get_event(session), details.start, details.duration_min)
    check_choices(session, current, details)
    row = SessionRow(**session_columns(details))
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=("session", row.id))
    return SessionId(row.id)


def repeated(session: DbSession, current: Programme, key: str) -> Stepped | None:
    """Return what a request with this key did before, None where it is new."""
    step = find_step_of_key(key, session)
    return None if step is None else _repeated(current, step.id, {one.session_id for one in step.changes})


def _repeated(current: Programme, step_id: StepId, touched: set[SessionId]) -> Stepped:
    return Stepped(
        step_id=step_id,
        draft_revision=current.draft_revision,
        sessions=tuple(one for one in current.sessions if one.id in touched),
        is_repeated=True,
    )


def _noted(
    session: DbSession,
    before: Programme,
    touched: set[SessionId],
    act: Act,
    *,
    key: str,
    actor: Actor,
) -> Stepped:
    after = draft(session)
    return Stepped(
        step_id=note_step(session, before, after, act=act, actor=actor, key=key),
        draft_revision=after.draft_revision,
        sessions=tuple(one for one in after.sessions if one.id in touched),
    )


def _placed(session: DbSession, current: Programme, placements: Sequence[Placement], seen: Seen) -> Programme:
    """Return the draft with the sessions where they are put, each checked for itself."""
    event = get_event(session)
    rooms = {room.id: room for room in current.rooms}
    by_id = {one.id: one for one in current.sessions}
    moved: dict[SessionId, Session] = {}
    for placement in placements:
        stored = by_id.get(placement.session_id)
        if stored is None:
            raise DeletedSessionError
        rules.check_place(event, placement.start, placement.duration_min)
        _check_seen(stored, placement, seen)
        if placement.room_id is not None and placement.room_id not in rooms:
            raise GoneChoiceError("room_id")
        _check_pinned(stored, placement)
        room = None if placement.room_id is None else rooms[placement.room_id]
        longer = replace(stored, duration_min=placement.duration_min)
        moved[stored.id] = rules.placed(longer, room, placement.start)
    sessions = rules.by_time(moved.get(one.id, one) for one in current.sessions)
    return replace(current, sessions=sessions)


def _check_seen(stored: Session, placement: Placement, seen: Seen) -> None:
    if not seen:
        raise RevisionMissingError
    if stored.id not in seen:
        raise UnseenSessionError(title=stored.title)
    theirs = session_values(stored)
    mine = theirs | _values(placement)
    try:
        check_revision(stored.revision, seen[stored.id], theirs, mine)
    except StaleRevisionError as error:
        error.facts["session"] = stored.id  # one of many
        raise


def _values(placement: Placement) -> dict[str, object]:
    start = rules.span_of(placement.start, placement.duration_min)
    return {
        "room_id": placement.room_id,
        "starts_at": start.start.isoformat() if start else None,
        "duration_min": placement.duration_min,
    }


def _check_pinned(stored: Session, placement: Placement) -> None:
    """Raise PinnedError where a pinned session would stand elsewhere; its length may change."""
    before = placement_of(stored)
    if stored.is_pinned and _values(before) != _values(replace(placement, duration_min=before.duration_min)):
        raise PinnedError


def _write(
    session: DbSession, current: Programme, placement: Placement, seen_revision: int, actor: Actor
) -> None:
    stored = next(one for one in current.sessions if one.id == placement.session_id)
    columns = {
        "room_id": placement.room_id,
        "starts_at": placement.start,
        "duration_min": placement.duration_min,
    }
    revise(session, SessionRow, placement.session_id, seen_revision, columns)
    before = session_values(stored)
    changes = changed(before, before | _values(placement))
    record(session, actor=actor, action="moved", about=("session", stored.id), changes=changes)


def _act_of(current: Programme, placements: Sequence[Placement]) -> Act:
    """Return what dropping sessions so is called."""
    by_id = {one.id: placement_of(one) for one in current.sessions}
    if all(one.start is None for one in placements):
        return Act.UNSCHEDULE
    if all(
        (one.room_id, one.start) == (by_id[one.session_id].room_id, by_id[one.session_id].start)
        for one in placements
    ):
        return Act.RESIZE
    return Act.MOVE
