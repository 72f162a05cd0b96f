from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class SessionMarkRow(Base):
    """A session that somebody means to go to, kept with their registration.

    No foreign key to the session: one that the draft has deleted stands in the published version for a while, and who
    marked it is to be told when it goes. Ids of sessions are never given twice.
    """

    __tablename__ = "session_mark"
    __table_args__ = (UniqueConstraint("registration_id", "session_id"), {"sqlite_autoincrement": True})

    # Rises with each mark, and is never given twice: the highest and how many there are tell that some changed.
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(index=True)


class NewsWishRow(Base):
    """A registration that asked to be told when something it marked changes. No row: it did not."""

    __tablename__ = "session_news_wish"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
