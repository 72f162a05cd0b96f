from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class StepRow(Base):
    """An edit of the draft, written in its transaction. See `conference.programme.history`."""

    __tablename__ = "programme_step"
    # One's own newest, to undo; and all of them in the order of the draft.
    __table_args__ = (Index("ix_programme_step_staff_id_state", "staff_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    draft_revision: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(10))
    reverses: Mapped[int | None] = mapped_column(
        ForeignKey("programme_step.id", ondelete="SET NULL"), index=True
    )
    # Of the editor's request, so that one sent twice is carried out once; None for what was saved by a form.
    key: Mapped[str | None] = mapped_column(String(64), unique=True)


class StepChangeRow(Base):
    """What a step changed of one session, which may be deleted by now: so its id is no foreign key."""

    __tablename__ = "programme_step_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("programme_step.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
