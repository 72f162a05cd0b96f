"""The draft's history: steps, what each changed, and the draft as it was."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import scoped_session

from conference.core.errors import NotFoundError
from conference.core.ids import SessionId, StepId
from conference.db.base import db
from conference.programme.history import REVERSING, Act, SessionChange, Step, StepState
from conference.programme.step_tables import StepChangeRow, StepRow

_Reader = DbSession | scoped_session[Any]
BACK_AND_FORTH = tuple(act.value for act in REVERSING)


def steps(
    session: DbSession | None = None,
    *,
    session_id: int | None = None,
    after_revision: int = 0,
    before_id: int | None = None,
    limit: int | None = None,
) -> list[Step]:
    """Return steps with their changes, newest first. Two statements.

    Of one session where `session_id` is given, deleted ones too; those above a draft's revision; those before a step,
    for the next page of a list.
    """
    statement = select(StepRow).where(StepRow.draft_revision > after_revision).order_by(StepRow.id.desc())
    if session_id is not None:
        touching = select(StepChangeRow.step_id).where(StepChangeRow.session_id == session_id)
        statement = statement.where(StepRow.id.in_(touching))
    if before_id is not None:
        statement = statement.where(StepRow.id < before_id)
    return _with_changes(session, statement.limit(limit))


def get_step(step_id: int, session: DbSession | None = None) -> Step:
    """Return the step; raises NotFoundError."""
    found = _with_changes(session, select(StepRow).where(StepRow.id == step_id))
    if not found:
        raise NotFoundError
    return found[0]


def find_step_of_key(key: str, session: DbSession | None = None) -> Step | None:
    """Return the step that a request with this key made."""
    found = _with_changes(session, select(StepRow).where(StepRow.key == key))
    return found[0] if found else None


def newest_own(staff_id: int, state: StepState, session: DbSession | None = None) -> Step | None:
    """Return whom undo, or redo, would meet: of what was done the newest, of what was undone the oldest."""
    order = StepRow.id.desc() if state is StepState.DONE else StepRow.id
    own = select(StepRow).where(
        StepRow.staff_id == staff_id, StepRow.state == state.value, StepRow.act.not_in(BACK_AND_FORTH)
    )
    found = _with_changes(session, own.order_by(order).limit(1))
    return found[0] if found else None


def last_to_touch(session_id: int, after_id: int, session: DbSession | None = None) -> Step | None:
    """Return the newest step after this one that changed the session."""
    touching = select(StepChangeRow.step_id).where(StepChangeRow.session_id == session_id)
    newest = select(StepRow).where(StepRow.id > after_id, StepRow.id.in_(touching))
    found = _with_changes(session, newest.order_by(StepRow.id.desc()).limit(1))
    return found[0] if found else None


def _with_changes(session: DbSession | None, statement: Select[StepRow]) -> list[Step]:
    reader = session or db.session
    rows = reader.scalars(statement, execution_options={"populate_existing": True}).all()
    changes = _changes_of(reader, [row.id for row in rows])
    return [_step(row, changes[row.id]) for row in rows]


def _changes_of(reader: _Reader, step_ids: Sequence[int]) -> dict[int, list[SessionChange]]:
    found: dict[int, list[SessionChange]] = defaultdict(list)
    if step_ids:
        rows = select(StepChangeRow).where(StepChangeRow.step_id.in_(step_ids))
        for row in reader.scalars(rows.order_by(StepChangeRow.session_id, StepChangeRow.id)):
            found[row.step_id].append(
                SessionChange(session_id=SessionId(row.session_id), before=row.before, after=row.after)
            )
    return found


def _step(row: StepRow, changes: Sequence[SessionChange]) -> Step:
    made_at: datetime = row.made_at
    return Step(
        id=StepId(row.id),
        act=Act(row.act),
        staff_id=row.staff_id,
        made_at=made_at,
        draft_revision=row.draft_revision,
        state=StepState(row.state),
        reverses=StepId(row.reverses) if row.reverses else None,
        changes=tuple(changes),
    )
