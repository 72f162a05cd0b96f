"""Columns of a row that is its own job. Any room's table may carry them; `jobs.claim` works on all alike."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.types import UtcDateTime

# Word for word in index and claim: a partial index serves only the condition that it was made with.
WAITING = "state IN ('queued', 'retrying')"
RUNNING = "state = 'running'"


def claim_index(table: str) -> Index:
    """Return the index by which a claim reads as many rows as it takes, however many wait."""
    condition = text(WAITING)
    name, columns = claim_index_name(table), ("rank", "due_at", "id")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def claim_index_name(table: str) -> str:
    return f"ix_{table}_waiting"


class Leased:
    """A table's mixin. All its times are real time, since leases must not follow a pretended clock.

    `state` is one of conference.jobs.model.JobState; `due_at` is when it may be claimed next, and of what is due
    the lower `rank` goes first. Each such table has its `claim_index`.
    """

    id: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="queued")
    rank: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_answer: Mapped[str] = mapped_column(String(1000), default="")
