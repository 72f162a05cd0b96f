"""Columns of a row that is its own job. Any room's table may carry them; `jobs.claim` works on all alike."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.types import UtcDateTime


class Leased:
    """A table's mixin. All its times are real time, since leases must not follow a pretended clock.

    `state` is one of conference.jobs.model.JobState; `due_at` is when it may be claimed next.
    """

    id: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="queued")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_answer: Mapped[str] = mapped_column(String(1000), default="")
