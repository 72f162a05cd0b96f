from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class ApiTokenRow(Base):
    """A token by which a program reads, by its SHA-256. All its times are real ones. It goes with its maker's account.

    Nothing of it is ever edited: it is made, used and revoked, each of them one way.
    """

    __tablename__ = "api_token"
    # An old address must never come to mean another token.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # How the token begins, to be recognised by who holds it.
    hint: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The minute that is being counted, and how often the token was used in it, by all workers together.
    window_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    window_uses: Mapped[int] = mapped_column(default=0)
