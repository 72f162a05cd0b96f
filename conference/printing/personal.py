"""What this room holds about one person: when the badge was printed, and a digest of what it showed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conference.db.base import db
from conference.printing.tables import BadgePrintRow, BadgeRunRow, OtherBadgePrintRow

PERSONAL_COLUMNS = {
    "badge_print": frozenset({"face"}),
    "other_badge_print": frozenset({"person_id", "shown"}),
}


def _numbers(records: Iterable[tuple[str, int]], kind: str) -> list[int]:
    return [record_id for of, record_id in records if of == kind]


def held(records: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return when a badge was printed of each of these registrations and people, among other records."""
    known = list(records)
    rows = db.session.execute(
        select(BadgePrintRow.registration_id, BadgeRunRow.made_at)
        .join(BadgeRunRow, BadgeRunRow.id == BadgePrintRow.run_id)
        .where(BadgePrintRow.registration_id.in_(_numbers(known, "registration")))
        .order_by(BadgePrintRow.id)
    )
    others = db.session.execute(
        select(OtherBadgePrintRow.shown, BadgeRunRow.made_at)
        .join(BadgeRunRow, BadgeRunRow.id == OtherBadgePrintRow.run_id)
        .where(OtherBadgePrintRow.person_id.in_(_numbers(known, "person")))
        .order_by(OtherBadgePrintRow.id)
    )
    return [{"registration": one, "printed_at": at.isoformat()} for one, at in rows] + [
        {"shown": shown, "printed_at": at.isoformat()} for shown, at in others
    ]


def erase(session: Session, records: Iterable[tuple[str, int]]) -> None:
    """Forget what the badges showed; that they were printed stays, as a count."""
    known = list(records)
    session.execute(
        update(BadgePrintRow)
        .where(BadgePrintRow.registration_id.in_(_numbers(known, "registration")))
        .values(face=""),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(OtherBadgePrintRow)
        .where(OtherBadgePrintRow.person_id.in_(_numbers(known, "person")))
        .values(shown={}, person_id=None),
        execution_options={"synchronize_session": False},
    )
