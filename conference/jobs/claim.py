"""Who works on a row. The one claim function of workers, threads and, later, Celery tasks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Select, and_, case, or_, select, update
from sqlalchemy.orm import Session

from conference.jobs.lease import Leased
from conference.jobs.model import CLAIMABLE, JobState


def claim(
    session: Session,
    table: type[Leased],
    *,
    owner: str,
    now: datetime,
    lease_s: int,
    limit: int,
    states: Sequence[str] = CLAIMABLE,
    only: int | None = None,
) -> list[int]:
    """Return the ids of at most `limit` due rows that are now this owner's, oldest first, until the lease ends.

    A row whose lease is over counts as due, whoever had it: that is how a dead worker's row is taken up.
    Choosing and taking are one UPDATE, so no two owners get the same row; PostgreSQL passes over rows that
    another transaction is claiming (SKIP LOCKED), SQLite has one writer at a time. `only` names one row.

    Taking up a lost lease empties `last_answer`, and `attempts` counts from the first of the leases lost in a row:
    see `lost_leases`.
    """
    due = _due(table, now, states, only).limit(limit)
    # A common table expression that locks rows is evaluated once; as a plain subquery PostgreSQL may run it
    # again for each row and take more than the limit. SQLite ignores FOR UPDATE.
    chosen = due.with_for_update(skip_locked=True).cte("chosen")
    is_lost = table.state == JobState.RUNNING
    taken = session.execute(
        update(table)
        .where(table.id.in_(select(chosen.c.id)))
        .values(
            state=JobState.RUNNING,
            lease_owner=owner,
            lease_until=now + timedelta(seconds=lease_s),
            attempts=case((and_(is_lost, table.last_answer != ""), 2), else_=table.attempts + 1),
            last_answer=case((is_lost, ""), else_=table.last_answer),
        )
        .returning(table.id, table.due_at)
        .execution_options(synchronize_session=False)
    )
    return [row_id for row_id, _ in sorted(taken.all(), key=lambda row: (row[1], row[0]))]


def _due(table: type[Leased], now: datetime, states: Sequence[str], only: int | None) -> Select[int]:
    """Return the query of what waits and of what its owner has left, oldest first."""
    waiting = and_(table.state.in_(states), table.due_at <= now)
    abandoned = and_(table.state == JobState.RUNNING, table.lease_until <= now)
    due = select(table.id).where(or_(waiting, abandoned)).order_by(table.due_at, table.id)
    return due if only is None else due.where(table.id == only)


def lost_leases(row: Leased) -> int:
    """Return how many leases of a claimed row ran out one after the other before this claim.

    An end that was settled leaves an answer, a lost lease leaves none: so the tries without an answer are the lost
    ones and this. A mail that the server put off for a day is thereby not held for one worker that was killed.
    """
    return 0 if row.last_answer else row.attempts - 1


def settle(
    session: Session,
    table: type[Leased],
    job_id: int,
    *,
    owner: str,
    state: JobState,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """End this owner's work on the row; False, and nothing is written, if the lease has gone to another."""
    result = session.execute(
        update(table)
        .where(table.id == job_id, table.lease_owner == owner, table.state == JobState.RUNNING)
        .values(state=state, lease_owner=None, lease_until=None, **(values or {}))
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
