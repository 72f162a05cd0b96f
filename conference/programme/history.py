"""What an edit changed of the draft, as plain values: to undo it, to tell it, and to see the draft as it was. Pure.

A state is a session as plain JSON values by name, its talks among them. An edit keeps of each session that it touched
what was and what became: all of it where the session was made or deleted, else only what differs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from conference.core.ids import SessionId, StepId

State = Mapping[str, Any]
# So many of their own steps can be taken back: issue "The schedule", point 6.
MOST_UNDONE = 100


class Act(StrEnum):
    """What an editor did, in one step."""

    MOVE = "move"
    RESIZE = "resize"
    UNSCHEDULE = "unschedule"
    SWAP = "swap"
    SHIFT_ROOM = "shift room"
    SHIFT_TRACK = "shift track"
    PUSH = "push"
    LENGTHEN_BREAK = "lengthen break"
    COPY_FRAME = "copy frame"
    EDIT = "edit"
    TALKS = "talks"
    CREATE = "create"
    DELETE = "delete"
    IMPORT = "import"
    UNDO = "undo"
    REDO = "redo"


REVERSING = frozenset({Act.UNDO, Act.REDO})


class StepState(StrEnum):
    DONE = "done"
    UNDONE = "undone"
    # Undone, and something else was done since: it cannot be done again.
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionChange:
    """What a step changed of one session; `before` is None for one that it made, `after` for one that it deleted."""

    session_id: SessionId
    before: State | None
    after: State | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """An edit of the draft. `draft_revision` is the draft's after it; `reverses` the step that it took back or did again."""

    id: StepId
    act: Act
    staff_id: int | None
    made_at: datetime
    draft_revision: int
    state: StepState
    reverses: StepId | None
    changes: tuple[SessionChange, ...]


def changes_between(
    before: Mapping[SessionId, State], after: Mapping[SessionId, State]
) -> tuple[SessionChange, ...]:
    """Return what differs between two drafts, by session in the order of their ids."""
    found = []
    for session_id in sorted(before.keys() | after.keys()):
        old, new = before.get(session_id), after.get(session_id)
        if old != new:
            found.append(_change(session_id, old, new))
    return tuple(found)


def _change(session_id: SessionId, old: State | None, new: State | None) -> SessionChange:
    if old is None or new is None:
        return SessionChange(session_id=session_id, before=old, after=new)
    # A state of an older release may lack a name that one of this has.
    names = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    return SessionChange(
        session_id=session_id,
        before={name: old.get(name) for name in sorted(names)},
        after={name: new.get(name) for name in sorted(names)},
    )


def reverse(changes: Iterable[SessionChange]) -> tuple[SessionChange, ...]:
    """Return the changes that take these back."""
    return tuple(
        SessionChange(session_id=one.session_id, before=one.after, after=one.before) for one in changes
    )


def rewound(
    states: Mapping[SessionId, State], steps_newest_first: Iterable[Iterable[SessionChange]]
) -> dict[SessionId, State]:
    """Return the draft as it was before these steps, which lead to `states`."""
    found = dict(states)
    for changes in steps_newest_first:
        for change in changes:
            put(found, SessionChange(session_id=change.session_id, before=change.after, after=change.before))
    return found


def put(states: dict[SessionId, State], change: SessionChange) -> None:
    """Make the change in these states."""
    if change.after is None:
        states.pop(change.session_id, None)
    elif change.before is None:
        states[change.session_id] = change.after
    else:
        states[change.session_id] = {**states.get(change.session_id, {}), **change.after}


def lost_ground(
    states: Mapping[SessionId, State], changes: Iterable[SessionChange]
) -> dict[SessionId, tuple[str, ...]]:
    """Return, by session, the names of what is not as these changes begin from it any more; "" for the session itself.

    A step is taken back only where nobody has changed the same since: what it would overwrite is another's.
    """
    found: dict[SessionId, tuple[str, ...]] = {}
    for change in changes:
        current = states.get(change.session_id)
        if (current is None) != (change.before is None):
            found[change.session_id] = ("",)
        elif current is not None and change.before is not None:
            lost = tuple(name for name, value in change.before.items() if current.get(name) != value)
            if lost:
                found[change.session_id] = lost
    return found
