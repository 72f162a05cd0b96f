from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class PresenceRow(Base):
    """One open page of the editor: whose, and what its person has in hand. Removed once it was silent for a while."""

    __tablename__ = "editor_presence"
    __table_args__ = (UniqueConstraint("staff_id", "tab"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    # A random word of the page.
    tab: Mapped[str] = mapped_column(String(32))
    # Of the draft's sessions, which may be deleted meanwhile: no foreign key.
    session_id: Mapped[int | None]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
