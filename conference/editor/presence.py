"""Who has the editor open, and where they are in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.accounts.queries import staff_names
from conference.core.ids import StaffId
from conference.db.base import db
from conference.editor.tables import PresenceRow

# A page says every 20 s that it is open; one that was silent for twice as long is closed, or has no network.
HERE_FOR = timedelta(seconds=45)


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """A page that somebody has open: who, and the session that they have in hand."""

    staff_id: StaffId
    name: str
    tab: str
    session_id: int | None


def be_here(session: Session, staff_id: StaffId, tab: str, session_id: int | None, *, now: datetime) -> None:
    """Note that this page is open now (real time), and forget those that are not any more."""
    session.execute(delete(PresenceRow).where(PresenceRow.seen_at < now - HERE_FOR))
    mine = (PresenceRow.staff_id == staff_id, PresenceRow.tab == tab)
    values = {"session_id": session_id, "seen_at": now}
    known = session.scalar(select(PresenceRow.id).where(*mine))
    if known is None:
        session.add(PresenceRow(staff_id=staff_id, tab=tab, **values))
    else:
        session.execute(update(PresenceRow).where(PresenceRow.id == known).values(**values))


def leave(session: Session, staff_id: StaffId, tab: str) -> None:
    """Note that this page was closed."""
    session.execute(delete(PresenceRow).where(PresenceRow.staff_id == staff_id, PresenceRow.tab == tab))


def who_is_here(now: datetime) -> Sequence[Presence]:
    """Return the pages that are open, by name. Two statements at most."""
    rows = db.session.scalars(
        select(PresenceRow).where(PresenceRow.seen_at >= now - HERE_FOR).order_by(PresenceRow.id)
    ).all()
    names = staff_names(row.staff_id for row in rows)
    found = [
        Presence(
            staff_id=StaffId(row.staff_id),
            name=names.get(StaffId(row.staff_id), ""),
            tab=row.tab,
            session_id=row.session_id,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.name, one.tab))
