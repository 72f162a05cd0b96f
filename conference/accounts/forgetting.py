"""Names that helpers typed at the desk, and sessions that are long over: what goes of staff by itself."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from conference.accounts.tables import StaffRow, StaffSessionRow

# In place of a name: histories still tell one helper from another by their number, and from which code they were.
NOBODY = "Helper"
_CODE = " (desk code: "
# Own choice, as of mails to staff: what a session was opened on is of no use to its owner after a month.
SESSIONS_KEPT = timedelta(days=30)


def _named() -> ColumnElement[bool]:
    return StaffRow.is_by_code & StaffRow.name.not_like(f"{NOBODY}{_CODE}%")


def count_desk_names(session: Session) -> int:
    """Return how many helpers are known by the name that they typed. One statement."""
    return session.scalar(select(func.count()).where(_named())) or 0


def forget_desk_names(session: Session) -> int:
    """Put a word in the place of each helper's name, and return of how many; the code's label stays."""
    rows = session.execute(select(StaffRow.id, StaffRow.name).where(_named())).all()
    if rows:
        named = [{"row": row.id, "word": f"{NOBODY}{_CODE}{row.name.rpartition(_CODE)[2]}"} for row in rows]
        table = cast("Table", StaffRow.__table__)
        statement = update(table).where(table.c.id == bindparam("row")).values(name=bindparam("word"))
        session.connection().execute(statement, named)
    return len(rows)


def _long_over(now: datetime) -> ColumnElement[bool]:
    return StaffSessionRow.expires_at <= now - SESSIONS_KEPT


def has_sessions_over(session: Session, now: datetime) -> bool:
    """Return whether a session ended so long ago, in real time, that it is to be forgotten."""
    return session.scalar(select(StaffSessionRow.id).where(_long_over(now)).limit(1)) is not None


def forget_sessions_over(session: Session, now: datetime) -> int:
    """Delete the sessions that ended so long ago, and return how many."""
    gone = session.execute(
        delete(StaffSessionRow).where(_long_over(now)).execution_options(synchronize_session=False)
    )
    assert isinstance(gone, CursorResult)
    return gone.rowcount
