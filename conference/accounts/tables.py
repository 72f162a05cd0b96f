from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.types import UtcDateTime


class StaffRow(Revised, Base):
    __tablename__ = "staff"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

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
    # Real time; None while the account may be used.
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The authenticator's secret, encrypted at rest, and the last time step whose code was accepted (RFC 6238).
    totp_sealed: Mapped[str | None] = mapped_column(String(500))
    totp_step: Mapped[int | None]
    # Somebody at a desk who came in by a code of the day: no address, no password, no place in the list of accounts.
    is_by_code: Mapped[bool] = mapped_column(default=False)
    # Edits sessions and talks of the tracks in `staff_track` alone: of none, where those tracks are gone.
    is_limited: Mapped[bool] = mapped_column(default=False)


class StaffSessionRow(Base):
    """One signed-in browser. The cookie holds the token, this row its SHA-256; deleting the row signs out.

    `is_pending`: the password or a link was right, and the second factor is still to be given: it opens nothing else.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # To five minutes, so that reading a page seldom writes.
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Browser and system in words; the address is not kept.
    device: Mapped[str] = mapped_column(String(60), default="")
    # How it was signed in: model.Means.
    means: Mapped[str] = mapped_column(String(20), default="password")
    is_pending: Mapped[bool] = mapped_column(default=False)
    # When its owner last proved to be there after signing in; None: not since `created_at`.
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A mailed link by which this browser may prove it, by the SHA-256 of its token, until then.
    asked_hash: Mapped[str | None] = mapped_column(String(64))
    asked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffTrackRow(Base):
    """A track whose sessions and talks a limited account may edit."""

    __tablename__ = "staff_track"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(
        ForeignKey("track.id", ondelete="CASCADE"), primary_key=True, index=True
    )


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


class RecoveryCodeRow(Base):
    """A code that stands in for a lost second factor, by its SHA-256; the row goes when it is used."""

    __tablename__ = "staff_recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class PasskeyRow(Base):
    """A passkey's public half, found by the SHA-256 of its credential id, which may be 1,023 bytes long."""

    __tablename__ = "staff_passkey"
    # An old address must never come to mean another passkey.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # Of 32 bits without a sign (WebAuthn, 6.1).
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChallengeRow(Base):
    """What a passkey is to sign, by its SHA-256; the row goes with the first answer. `staff_id`: who adds a passkey."""

    __tablename__ = "staff_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AttemptCountRow(Base):
    """How often something was tried in the window of time that is being counted, by all processes together.

    `key` is a digest of what is counted and by whom, with the secret key: neither account nor address can be read.
    """

    __tablename__ = "attempt_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    uses: Mapped[int]


class DeskCodeRow(Base):
    """A code that lets the desk in until midnight, by its SHA-256. All times are real ones."""

    __tablename__ = "desk_code"
    # An old address must never come to mean another code.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(40))
    # Who made it.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeskShiftRow(Base):
    """One who came in by a code, under the name that was typed: `staff_id` is a row that only this shift uses."""

    __tablename__ = "desk_shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_code_id: Mapped[int] = mapped_column(ForeignKey("desk_code.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), unique=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
