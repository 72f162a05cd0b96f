from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class BackupRow(Base):
    """One backup that a worker made, or tried to make. All times are real time."""

    __tablename__ = "backup"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The backup that it follows and how often it was tried, so that of two workers one begins it.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    # "running", "done" or "failed".
    state: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str] = mapped_column(String(100))
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    # The archive's name in the folder of backups, and its length.
    file: Mapped[str] = mapped_column(String(100), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    # Why it failed, in a sentence without personal data.
    reason: Mapped[str] = mapped_column(String(500), default="")
