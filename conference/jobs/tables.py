from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime
from conference.jobs.lease import Leased, claim_index

_LIVE = text("state IN ('queued', 'running', 'retrying')")


class JobRow(Leased, Base):
    """One piece of work that takes longer than a page may, with how far it has come and what it made."""

    __tablename__ = "job"
    __table_args__ = (
        # Asked for twice while it is not done it is one job; afterwards it can be asked for again.
        Index("uq_job_live_key", "key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        claim_index("job"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Which maker of `jobs.registry.job_makers` does it, and of what: plain JSON.
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # How many of how many are done; `total` is 0 until the maker knows.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    # The file in the instance folder that came of it, by its random name.
    result: Mapped[str] = mapped_column(String(100), default="")
    staff_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
