from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base


class ExternalIdRow(Base):
    """By which id, or name, a source of schedules knows a record of ours: one of the four, which goes with it.

    `kind` says which. `said` holds for a session, by field, a digest of what the source said last.
    """

    __tablename__ = "external_id"
    __table_args__ = (UniqueConstraint("source", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(220))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"), index=True)
    said: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
