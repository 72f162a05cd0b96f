"""The browsers in which somebody is signed in."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from conference.accounts.model import Means, OpenSession
from conference.accounts.service import end_sessions
from conference.accounts.tables import StaffSessionRow
from conference.audit.model import by_staff
from conference.audit.service import record
from conference.core.ids import StaffId
from conference.db.base import db


def open_sessions(staff_id: StaffId, this: int | None, now: datetime) -> list[OpenSession]:
    """Return the member's sessions that are open at the real time `now`, the one that asks first, then the latest used."""
    mine = (StaffSessionRow.staff_id == staff_id, StaffSessionRow.is_pending.is_(False))
    rows = db.session.scalars(select(StaffSessionRow).where(*mine, StaffSessionRow.expires_at > now))
    found = [
        OpenSession(
            id=row.id,
            device=row.device,
            means=Means(row.means),
            created_at=row.created_at,
            seen_at=row.seen_at,
            is_this=row.id == this,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.is_this, one.seen_at, one.id), reverse=True)


def end_session(session: Session, staff_id: StaffId, session_id: int) -> None:
    """Sign the member out in this browser; of somebody else's session, or one that is over, nothing."""
    mine = (StaffSessionRow.id == session_id, StaffSessionRow.staff_id == staff_id)
    ended = session.execute(delete(StaffSessionRow).where(*mine))
    assert isinstance(ended, CursorResult)
    if ended.rowcount == 1:
        record(session, actor=by_staff(staff_id), action="signed out", about=("staff", staff_id))


def end_all(session: Session, staff_id: StaffId) -> None:
    """Sign the member out everywhere, this browser too."""
    end_sessions(session, staff_id)
    record(session, actor=by_staff(staff_id), action="signed out everywhere", about=("staff", staff_id))
