from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.types import UtcDateTime


class StaffRow(Revised, Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(20))
    # Of the mails about the account; the office's pages are English.
    language: Mapped[str] = mapped_column(String(8), default="en")
    # argon2id in its own encoding; None until the person has set one.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSessionRow(Base):
    """One signed-in browser. The cookie holds the token, this row its SHA-256; deleting the row signs out."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PasswordRequestRow(Base):
    """Somebody who asked for a new password at an address, of an account or not; kept for an hour, to be counted."""

    __tablename__ = "password_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    # core.text.address_key(email).
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    # Real time, as of the accounts.
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_answered: Mapped[bool] = mapped_column(default=False)


class StaffLinkRow(Base):
    """A one-time sign-in link, by the SHA-256 of its token."""

    __tablename__ = "staff_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
