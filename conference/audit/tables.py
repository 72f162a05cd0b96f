from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class EntryRow(Base):
    """Who did what to which record, when and why: ids and field names only, so that it may outlive an erasure."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_record_type_record_id", "record_type", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # "staff" with the account's id, "link" for who held a personal link, "form" for the public form, "system".
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(40))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")


class PayloadRow(Base):
    """The values of an entry, apart from it because they can be erased: {"field": [before, after]}."""

    __tablename__ = "audit_payload"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id", ondelete="CASCADE"), primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
