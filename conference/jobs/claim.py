"""Who works on a row. The one claim function of workers, threads and, later, Celery tasks."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    CursorResult,
    FromClause,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    inspect,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from conference.core.clock import real_now
from conference.db.types import UtcDateTime
from conference.jobs.lease import RUNNING, WAITING, Leased, claim_index_name
from conference.jobs.model import JobState


def shared_now(session: Session) -> datetime:
    """Return the time by which leases are compared: of the database where it has a clock that all machines share."""
    if session.get_bind().dialect.name == "sqlite":
        return real_now()
    now: datetime = session.connection().execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


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
    statement = _claiming(inspect(table).local_table, besides, is_named=only is not None)
    given = {"now": now, "until": now + timedelta(seconds=lease_s), "owner": owner, "most": limit}
    given |= {} if only is None else {"only": list(only)}
    taken = session.connection().execute(statement, given).all()
    return [row[0] for row in sorted(taken, key=lambda row: (row[1], row[2], row[0]))]


# By the very objects: a condition that is made anew each time is put together anew.
@lru_cache(maxsize=20)
def _claiming(
    rows: FromClause, besides: ColumnElement[bool] | None, *, is_named: bool
) -> ReturningUpdate[Any]:
    """Return the claim of a table, made once: putting it together takes longer than a claim does."""
    assert isinstance(rows, Table)
    is_lost = rows.c.state == JobState.RUNNING
    return (
        update(rows)
        .where(rows.c.id.in_(_chosen(rows, is_named=is_named, besides=besides)))
        .values(
            state=JobState.RUNNING,
            lease_owner=bindparam("owner"),
            lease_until=bindparam("until", type_=UtcDateTime()),
            attempts=case((and_(is_lost, rows.c.last_answer != ""), 2), else_=rows.c.attempts + 1),
            last_answer=case((is_lost, ""), else_=rows.c.last_answer),
        )
        .returning(rows.c.id, rows.c.rank, rows.c.due_at)
    )


def _chosen(rows: Table, *, is_named: bool, besides: ColumnElement[bool] | None) -> CompoundSelect[Any]:
    """Return the query of the ids to take: one that was lost, or else what waits."""
    # A common table expression that locks rows is evaluated once; as a plain subquery PostgreSQL may run it
    # again for each row and take more than the limit. SQLite ignores FOR UPDATE.
    lost = _lost(rows, is_named=is_named).with_for_update(skip_locked=True).cte("lost")
    waiting = _waiting(rows, is_named=is_named).where(~exists(select(lost.c.id))).limit(bindparam("most"))
    if besides is not None:
        waiting = waiting.where(besides)
    chosen = waiting.with_for_update(skip_locked=True).cte("chosen")
    return union_all(select(lost.c.id), select(chosen.c.id))


def _lost(rows: Table, *, is_named: bool) -> Select[Any]:
    """Return the query of the one row that its owner left longest ago.

    The state is written out, so that PostgreSQL knows how few such rows there are.
    """
    lost = select(rows.c.id).where(text(RUNNING), rows.c.lease_until <= bindparam("now"))
    lost = lost.order_by(rows.c.lease_until, rows.c.id).limit(1)
    return lost.where(rows.c.id.in_(bindparam("only", expanding=True))) if is_named else lost


def _waiting(rows: Table, *, is_named: bool) -> Select[Any]:
    """Return the query of what waits, in the order of the table's index."""
    waiting = select(rows.c.id).where(text(WAITING), rows.c.due_at <= bindparam("now"))
    if is_named:
        return waiting.where(rows.c.id.in_(bindparam("only", expanding=True)))
    # SQLite, without statistics, takes an index that begins with the state, and sorts all that waits.
    hint = f"INDEXED BY {claim_index_name(rows.name)}"
    return waiting.order_by(rows.c.rank, rows.c.due_at, rows.c.id).with_hint(
        rows, hint, dialect_name="sqlite"
    )


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
    return settle_row(session.connection(), table, job_id, owner=owner, state=state, values=values or {})


def settle_row(
    connection: Connection,
    table: type[Leased],
    job_id: int,
    *,
    owner: str,
    state: JobState,
    values: Mapping[str, Any],
) -> bool:
    """End this owner's work as `settle` does, by a statement that is made once: each mail is settled by one."""
    given = {"job_id": job_id, "owner": owner, **settled_values(state, values)}
    return connection.execute(settling(inspect(table).local_table), given).rowcount == 1


def settled_values(state: JobState, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row that nobody works on any more."""
    return {"state": state, "lease_owner": None, "lease_until": None, **values}


@cache
def settling(rows: FromClause) -> Update:
    """Return the update, as yet without values, of the row `job_id` where it is still the lease of `owner`."""
    assert isinstance(rows, Table)
    mine = (rows.c.id == bindparam("job_id"), rows.c.lease_owner == bindparam("owner"))
    return update(rows).where(*mine, text(RUNNING))
