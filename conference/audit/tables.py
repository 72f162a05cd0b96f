from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime

_UNSEALED, _SEALED = text("position IS NULL"), text("position IS NOT NULL")


class EntryRow(Base):
    """Who did what to which record, when and why: ids and field names only, so that it may outlive an erasure."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_record_type_record_id", "record_type", "record_id"),
        # Of what is sealed alone, so that it costs a request nothing.
        Index(
            "ix_audit_entry_position", "position", unique=True, sqlite_where=_SEALED, postgresql_where=_SEALED
        ),
        # What the worker looks for each few seconds.
        Index("ix_audit_entry_unsealed", "id", sqlite_where=_UNSEALED, postgresql_where=_UNSEALED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # "staff" with the account's id, "link" for who held a personal link, "form" for the public form, "system".
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(40))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Goes with the payload and is digested with it.
    reason: Mapped[str] = mapped_column(Text, default="")
    # All None until the worker has sealed it (`chain`): the place in the chain, from 1; the salted digest of payload
    # and reason, None where there was neither; and the digest of all this and of the link before.
    position: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    link: Mapped[str | None] = mapped_column(String(64))


class PayloadRow(Base):
    """The values of an entry, apart from it because they can be erased: {"field": [before, after]}.

    The salt of their digest goes with them: without it nobody can guess what they were.
    """

    __tablename__ = "audit_payload"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id", ondelete="CASCADE"), primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[str | None] = mapped_column(String(32))


class HeadRow(Base):
    """The end of the chain: one row, signed with the secret key. All times are real time."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    link: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # By which key it is signed: core.sealing.fingerprint.
    key: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(64))


class CheckRow(Base):
    """When the worker last looked at the whole chain, at how many entries, and how much was wrong: one row."""

    __tablename__ = "audit_check"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int]
    wrong: Mapped[int]
