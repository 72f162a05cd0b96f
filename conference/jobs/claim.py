"""Who works on a row. The one claim function of workers, threads and, later, Celery tasks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    CursorResult,
    FromClause,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    exists,
    inspect,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from conference.jobs.lease import RUNNING, WAITING, Leased, claim_index_name
from conference.jobs.model import JobState


def claim(
    session: Session,
    table: type[Leased],
    *,
    owner: str,
    now: datetime,
    lease_s: int,
    limit: int,
    only: Sequence[int] | None = None,
    besides: ColumnElement[bool] | None = None,
) -> list[int]:
    """Return the ids of at most `limit` due rows that are now this owner's until the lease ends.

    Of what waits the lowest rank goes first, then the oldest. A row whose lease is over goes before all, and alone:
    it may be the one that ended its worker, and would cost the others of a batch their leases too. Choosing and
    taking are one UPDATE, so no two owners get the same row; PostgreSQL passes over rows that another transaction
    is claiming (SKIP LOCKED), SQLite has one writer at a time. `only` names the rows, `besides` is one more
    condition on what waits.

    Taking up a lost lease empties `last_answer`, and `attempts` counts from the first of the leases lost in a row:
    see `lost_leases`.
    """
    is_lost = table.state == JobState.RUNNING
    taken = session.execute(
        update(table)
        .where(table.id.in_(_chosen(table, now, only, limit, besides)))
        .values(
            state=JobState.RUNNING,
            lease_owner=owner,
            lease_until=now + timedelta(seconds=lease_s),
            attempts=case((and_(is_lost, table.last_answer != ""), 2), else_=table.attempts + 1),
            last_answer=case((is_lost, ""), else_=table.last_answer),
        )
        .returning(table.id, table.rank, table.due_at)
        .execution_options(synchronize_session=False)
    )
    return [row[0] for row in sorted(taken.all(), key=lambda row: (row[1], row[2], row[0]))]


def _chosen(
    table: type[Leased],
    now: datetime,
    only: Sequence[int] | None,
    limit: int,
    besides: ColumnElement[bool] | None,
) -> CompoundSelect[int]:
    """Return the query of the ids to take: one that was lost, or else what waits."""
    # A common table expression that locks rows is evaluated once; as a plain subquery PostgreSQL may run it
    # again for each row and take more than the limit. SQLite ignores FOR UPDATE.
    lost = _lost(table, now, only).with_for_update(skip_locked=True).cte("lost")
    waiting = _waiting(table, now, only).where(~exists(select(lost.c.id))).limit(limit)
    if besides is not None:
        waiting = waiting.where(besides)
    chosen = waiting.with_for_update(skip_locked=True).cte("chosen")
    return union_all(select(lost.c.id), select(chosen.c.id))


def _lost(table: type[Leased], now: datetime, only: Sequence[int] | None) -> Select[int]:
    """Return the query of the one row that its owner left longest ago.

    The state is written out, so that PostgreSQL knows how few such rows there are.
    """
    lost = select(table.id).where(text(RUNNING), table.lease_until <= now)
    lost = lost.order_by(table.lease_until, table.id).limit(1)
    return lost if only is None else lost.where(table.id.in_(only))


def _waiting(table: type[Leased], now: datetime, only: Sequence[int] | None) -> Select[int]:
    """Return the query of what waits, in the order of the table's index."""
    waiting = select(table.id).where(text(WAITING), table.due_at <= now)
    if only is not None:
        return waiting.where(table.id.in_(only))
    # SQLite, without statistics, takes an index that begins with the state, and sorts all that waits.
    hint = f"INDEXED BY {claim_index_name(inspect(table).local_table.name)}"
    ordered = waiting.order_by(table.rank, table.due_at, table.id)
    return ordered.with_hint(table, hint, dialect_name="sqlite")


def put_back(session: Session, table: type[Leased], job_ids: Sequence[int], *, owner: str) -> int:
    """Let this owner's rows wait as if they had not been claimed, and return how many were still this owner's.

    For what was claimed and not begun; a try that was not made is not counted.
    """
    result = session.execute(
        update(table)
        .where(table.id.in_(job_ids), table.lease_owner == owner, table.state == JobState.RUNNING)
        .values(
            state=case((table.attempts > 1, JobState.RETRYING.value), else_=JobState.QUEUED.value),
            attempts=table.attempts - 1,
            lease_owner=None,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def lost_leases(attempts: int, last_answer: str) -> int:
    """Return how many leases of a claimed row ran out one after the other before this claim.

    An end that was settled leaves an answer, a lost lease leaves none: so the tries without an answer are the lost
    ones and this. A mail that the server put off for a day is thereby not held for one worker that was killed.
    """
    return 0 if last_answer else attempts - 1


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
    # Past the session's objects, by a statement that is made once: each mail is settled by one.
    done = {"state": state, "lease_owner": None, "lease_until": None, **(values or {})}
    result = session.connection().execute(
        _settling(inspect(table).local_table), {"job_id": job_id, "owner": owner, **done}
    )
    return result.rowcount == 1


@cache
def _settling(rows: FromClause) -> Update:
    assert isinstance(rows, Table)
    mine = (rows.c.id == bindparam("job_id"), rows.c.lease_owner == bindparam("owner"))
    return update(rows).where(*mine, text(RUNNING))
