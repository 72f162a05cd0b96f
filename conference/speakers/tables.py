from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class SpeakerAnswerRow(Base):
    """A person of the programme who has confirmed by the personal link, and the registration that made."""

    __tablename__ = "speaker_answer"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
