"""How the history stands, for pages: sealed up to when, how many wait, and what the last look at the whole chain found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from conference.audit.tables import CheckRow, EntryRow, HeadRow
from conference.core.clock import real_now
from conference.db.base import db

# A worker looks at the whole chain each day; after three without a look somebody should know.
CHECKED_AT_LEAST = timedelta(days=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """`sealed` entries up to `sealed_at`, `waiting` ones; `checked_at` and `wrong` of the last check. Times are real."""

    sealed: int
    waiting: int
    sealed_at: datetime | None
    end: str
    checked_at: datetime | None
    checked: int
    wrong: int
    is_check_late: bool


def standing() -> Standing:
    """Return how the history stands. Three statements, none of which reads the chain."""
    head, check = db.session.get(HeadRow, 1), db.session.get(CheckRow, 1)
    waiting = db.session.scalar(select(func.count()).where(EntryRow.position.is_(None))) or 0
    is_late = check is not None and not timedelta() <= real_now() - check.checked_at <= CHECKED_AT_LEAST
    return Standing(
        sealed=head.count if head else 0,
        waiting=waiting,
        sealed_at=head.sealed_at if head else None,
        end=f"{head.count}-{head.link[:16]}" if head else "",
        checked_at=check.checked_at if check else None,
        checked=check.count if check else 0,
        wrong=check.wrong if check else 0,
        is_check_late=is_late,
    )


def count_wrong() -> int:
    """Return how much was wrong when the whole chain was last looked at. One statement."""
    return db.session.scalar(select(CheckRow.wrong).where(CheckRow.id == 1)) or 0
