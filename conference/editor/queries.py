"""What the editor's page asks: all of the draft, or what became of it since."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conference.core.ids import SessionId, StaffId
from conference.editor.presence import Presence, who_is_here
from conference.programme.board import Board
from conference.programme.checking import check
from conference.programme.conflicts import Conflict
from conference.programme.history import Step, StepState
from conference.programme.model import Programme, Session
from conference.programme.queries import board_of, draft, draft_revision
from conference.programme.step_queries import newest_own, steps

# The tag, the draft's revision, and who is here.
Now = tuple[str, int, Sequence[Presence]]
# Of more edits than these since, the whole draft is less to send and to reckon.
MOST_STEPS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """The draft as one editor sees it: its conflicts, and what undo and redo would meet."""

    programme: Programme
    conflicts: tuple[Conflict, ...]
    undoes: Step | None
    redoes: Step | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """What became of the draft since a revision: `changed` and `gone`, or `is_all` where everything must be read anew."""

    sight: Sight
    is_all: bool
    changed: tuple[Session, ...]
    gone: tuple[SessionId, ...]
    steps: tuple[Step, ...]


def sight(staff_id: StaffId) -> Sight:
    """Return all of the draft. A constant number of statements."""
    programme = draft()
    board: Board = board_of(programme)
    return Sight(
        programme=programme,
        conflicts=check(board),
        undoes=newest_own(staff_id, StepState.DONE),
        redoes=newest_own(staff_id, StepState.UNDONE),
    )


def since(revision: int, staff_id: StaffId) -> Since:
    """Return what became of the draft since the revision.

    What raised the draft's revision without a step (a renamed room, a person's new name) is told by reading it all.
    """
    found = sight(staff_id)
    made = steps(after_revision=revision, limit=MOST_STEPS + 1)
    by_steps = {step.draft_revision for step in made}
    now = found.programme.draft_revision
    is_all = len(made) > MOST_STEPS or now < revision or by_steps != set(range(revision + 1, now + 1))
    touched = {change.session_id for step in made for change in step.changes}
    changed = tuple(one for one in found.programme.sessions if one.id in touched)
    return Since(
        sight=found,
        is_all=is_all,
        changed=changed,
        gone=tuple(sorted(touched - {one.id for one in changed})),
        steps=tuple(made[:MOST_STEPS]),
    )


def tag_of(revision: int, here: Sequence[Presence], language: str) -> str:
    """Return what tells whether anything that the page shows is new: the draft, who is there, and the words' language."""
    told = repr((revision, [(one.staff_id, one.tab, one.session_id, one.name) for one in here], language))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def now_tag(now: datetime, language: str) -> Now:
    """Return the tag, the draft's revision and who is here. Three statements, for a page that asks every two seconds."""
    revision, here = draft_revision(), who_is_here(now)
    return tag_of(revision, here, language), revision, here
