"""What this room holds about one person: when the badge was printed, and a digest of what it showed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conference.db.base import db
from conference.printing.tables import BadgePrintRow, BadgeRunRow

PERSONAL_COLUMNS = {"badge_print": frozenset({"face"})}


def _registrations(records: Iterable[tuple[str, int]]) -> list[int]:
    return [record_id for kind, record_id in records if kind == "registration"]


def held(records: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return when a badge was printed of each of these registrations, among other records."""
    rows = db.session.execute(
        select(BadgePrintRow.registration_id, BadgeRunRow.made_at)
        .join(BadgeRunRow, BadgeRunRow.id == BadgePrintRow.run_id)
        .where(BadgePrintRow.registration_id.in_(_registrations(records)))
        .order_by(BadgePrintRow.id)
    )
    return [{"registration": one, "printed_at": at.isoformat()} for one, at in rows]


def erase(session: Session, records: Iterable[tuple[str, int]]) -> None:
    """Forget what the badges showed; that they were printed stays, as a count."""
    session.execute(
        update(BadgePrintRow)
        .where(BadgePrintRow.registration_id.in_(_registrations(records)))
        .values(face=""),
        execution_options={"synchronize_session": False},
    )
