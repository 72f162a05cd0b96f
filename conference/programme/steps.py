"""The steps in which the draft is edited: how each is written down, taken back and done again."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session as DbSession

from conference.accounts.errors import TrackLimitError
from conference.accounts.queries import staff_names, track_limit
from conference.audit.model import Actor
from conference.core.clock import clock
from conference.core.ids import SessionId, StepId
from conference.programme.board import Board
from conference.programme.checking import standing
from conference.programme.conflicts import Conflict
from conference.programme.errors import (
    GoneToUndoError,
    GroundLostError,
    GroundLostSinceError,
    MoveBlockedError,
    NothingToRedoError,
    NothingToUndoError,
)
from conference.programme.history import (
    MOST_UNDONE,
    REVERSING,
    Act,
    SessionChange,
    State,
    Step,
    StepState,
    changes_between,
    lost_ground,
    reverse,
)
from conference.programme.model import Programme
from conference.programme.queries import board_of, draft
from conference.programme.records import Edited, draft_under_lock
from conference.programme.restoring import is_whole, states_of, write_changes
from conference.programme.step_queries import find_step_of_key, get_step, last_to_touch, newest_own
from conference.programme.step_tables import StepChangeRow, StepRow
from conference.programme.weighing import made_worse


def note_step(
    session: DbSession,
    before: Programme,
    after: Programme,
    *,
    act: Act,
    actor: Actor,
    key: str | None = None,
    reverses: StepId | None = None,
) -> StepId | None:
    """Write down what the transaction changed of the draft, and return the step; None where nothing differs.

    Both are the draft under its lock. What its maker had undone cannot be done again after a new step.
    """
    changes = _between(before, after)
    if not changes:
        return None
    _keep_to_tracks(session, changes, before, after, actor)
    # What a speaker or the application does is history too, and nobody's to undo.
    if act not in REVERSING and actor.id is not None:
        mine = (StepRow.staff_id == actor.id, StepRow.state == StepState.UNDONE)
        _set_state(session, StepState.DROPPED, *mine)
    row = StepRow(
        act=act.value,
        staff_id=actor.id,
        made_at=clock.now(),
        draft_revision=after.draft_revision,
        state=StepState.DONE.value,
        reverses=reverses,
        key=key,
    )
    session.add(row)
    session.flush()
    session.execute(insert(StepChangeRow), [_plain(row.id, change) for change in changes])
    return StepId(row.id)


def _keep_to_tracks(
    session: DbSession,
    changes: Iterable[SessionChange],
    before: Programme,
    after: Programme,
    actor: Actor,
) -> None:
    """Raise TrackLimitError where an account that is limited to tracks changes a session that was, or is now, in none of them.

    Every edit of the draft comes by here, whichever page, file, key or step it is made by.
    """
    allowed = track_limit(session, actor.id) if actor.id is not None else None
    if allowed is None:
        return
    names = ", ".join(track.name for track in after.tracks if track.id in allowed)
    touched = {change.session_id for change in changes}
    for one in (*before.sessions, *after.sessions):
        if one.id in touched and (one.track is None or one.track.id not in allowed):
            raise TrackLimitError(title=one.title, tracks=names or "no track")


def _between(before: Programme, after: Programme) -> tuple[SessionChange, ...]:
    # Only what differs as a value is laid out as plain values: nearly all of a large draft does not.
    old = {one.id: one for one in before.sessions}
    new = {one.id: one for one in after.sessions}
    apart = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return changes_between(
        states_of(one for key, one in old.items() if key in apart),
        states_of(one for key, one in new.items() if key in apart),
    )


def _plain(step_id: int, change: SessionChange) -> dict[str, object]:
    return {
        "step_id": step_id,
        "session_id": change.session_id,
        "before": change.before,
        "after": change.after,
    }


def _set_state(session: DbSession, state: StepState, *of: object) -> None:
    session.execute(
        update(StepRow)
        .where(*of)  # type: ignore[arg-type]  # conditions
        .values(state=state.value)
        .execution_options(synchronize_session=False)
    )


def undo(session: DbSession, *, actor: Actor, key: str | None = None) -> Step:
    """Take the actor's newest step back, and return the step that did so.

    A request with a `key` that was carried out before does nothing, and returns that step. Raises NothingToUndoError; GroundLostError and GoneToUndoError where somebody has changed the same since, or
    deleted what it needs; MoveBlockedError where what was there before would block a move now.
    """
    current = draft_under_lock(session)
    assert actor.id is not None
    if key is not None and (before := find_step_of_key(key, session)) is not None:
        return before
    undone = select(func.count()).where(StepRow.staff_id == actor.id, StepRow.state == StepState.UNDONE)
    step = newest_own(actor.id, StepState.DONE, session)
    if step is None or (session.scalar(undone) or 0) >= MOST_UNDONE:
        raise NothingToUndoError
    _set_state(session, StepState.UNDONE, StepRow.id == step.id)
    changes = reverse(step.changes)
    return _carry_out(session, current, step, changes, act=Act.UNDO, actor=actor, key=key)


def redo(session: DbSession, *, actor: Actor, key: str | None = None) -> Step:
    """Do the step again that the actor took back last, and return the step that did so. Raises as `undo`."""
    current = draft_under_lock(session)
    assert actor.id is not None
    if key is not None and (before := find_step_of_key(key, session)) is not None:
        return before
    step = newest_own(actor.id, StepState.UNDONE, session)
    if step is None:
        raise NothingToRedoError
    _set_state(session, StepState.DONE, StepRow.id == step.id)
    return _carry_out(session, current, step, step.changes, act=Act.REDO, actor=actor, key=key)


def _carry_out(
    session: DbSession,
    current: Programme,
    step: Step,
    changes: tuple[SessionChange, ...],
    *,
    act: Act,
    actor: Actor,
    key: str | None,
) -> Step:
    touched = {change.session_id for change in changes}
    states = states_of(one for one in current.sessions if one.id in touched)
    _check_ground(session, states, step, changes)
    back = {change.session_id for change in changes if change.before is None}
    for change in changes:
        if change.after is not None and not is_whole(session, current, change.after, back):
            raise GoneToUndoError(title=_title(states, change))
    write_changes(session, changes)
    after = draft(session)
    check_moves(session, current, after, touched)
    made = note_step(session, current, after, act=act, actor=actor, key=key, reverses=step.id)
    assert made is not None  # its ground was as the step left it, so taking it back changes something
    return get_step(made, session)


def _check_ground(
    session: DbSession, states: dict[SessionId, State], step: Step, changes: Iterable[SessionChange]
) -> None:
    for session_id in lost_ground(states, changes):
        title = _title(states, next(one for one in changes if one.session_id == session_id))
        other = last_to_touch(session_id, step.id, session)
        who = staff_names([other.staff_id]) if other else {}
        if who:
            raise GroundLostError(title=title, who=next(iter(who.values())))
        raise GroundLostSinceError(title=title)


def _title(states: dict[SessionId, State], change: SessionChange) -> str:
    known = (states.get(change.session_id), change.after, change.before)
    return next((str(one["title"]) for one in known if one and "title" in one), "")


def check_moves(
    session: DbSession, before: Programme, after: Programme, touched: Iterable[SessionId]
) -> None:
    """Raise MoveBlockedError where sessions stand in a way that staff let block a move, and that is new or longer."""
    board = board_of(after, session)
    was = Board(before, board.facts)
    worse: list[Conflict] = []
    for session_id in touched:
        if session_id in board.slots:
            known = standing(was, session_id) if session_id in was.slots else ()
            worse += made_worse(known, standing(board, session_id))
    if worse:
        raise MoveBlockedError(worse)


def answer(
    session: DbSession,
    before: Programme,
    session_id: SessionId,
    revision: int,
    *,
    act: Act,
    actor: Actor,
    key: str | None = None,
) -> Edited:
    """Note the step, and return the answer to an edit, with the session's conflicts as they are after it.

    Raises MoveBlockedError, which undoes the edit, where it made or lengthened one that staff let block it.
    """
    after = draft(session)
    board = board_of(after, session)
    found = standing(board, session_id)
    if made_worse((), found):
        was_there = any(one.id == session_id for one in before.sessions)
        worse = made_worse(standing(Board(before, board.facts), session_id) if was_there else (), found)
        if worse:
            raise MoveBlockedError(worse)
    note_step(session, before, after, act=act, actor=actor, key=key)
    return Edited(session_id=session_id, revision=revision, conflicts=found)


def without(programme: Programme, session_id: SessionId) -> Programme:
    """Return the programme after the session was deleted."""
    sessions = tuple(
        replace(one, parent_id=None) if one.parent_id == session_id else one
        for one in programme.sessions
        if one.id != session_id
    )
    return replace(programme, sessions=sessions)
