from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.standing import Standing
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


class InvitationRow(Base):
    """By when a person is asked to answer, and that they declined."""

    __tablename__ = "speaker_invitation"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    answer_by: Mapped[date | None]
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    # Of mails and page until there is a registration, whose language counts then. Empty: English.
    language: Mapped[str] = mapped_column(String(2), default="")


class ProfileRow(Revised, Standing, Base):
    """What a speaker tells beside the person's own details. `id` is the person's."""

    __tablename__ = "speaker_profile"

    id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    biography: Mapped[str] = mapped_column(Text, default="")
    pronunciation: Mapped[str] = mapped_column(String(200), default="")
    travel: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[str] = mapped_column(Text, default="")


class ConsentRow(Standing, Base):
    """One choice with its wording and time. Rows are only added; the newest of a kind counts."""

    __tablename__ = "speaker_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    is_given: Mapped[bool]
    wording: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PortraitRow(Standing, Base):
    """The keys of a person's portrait in speakers/files.py."""

    __tablename__ = "speaker_portrait"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    webp_key: Mapped[str] = mapped_column(String(40))
    jpeg_key: Mapped[str] = mapped_column(String(40))


class SlidesRow(Base):
    """Whose slides of a talk lie where (speakers/slide_files.py): the newest file of each talk."""

    __tablename__ = "slides"

    talk_id: Mapped[int] = mapped_column(
        ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    # As the sender called it.
    file_name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DisclosureRow(Standing, Base):
    """One signed version of a person's disclosure of interests. Rows are only added."""

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    version: Mapped[int]
    is_nothing: Mapped[bool]
    interests: Mapped[dict[str, str]] = mapped_column(JSON)
    signed_name: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ToldRow(Base):
    """What a person was last told of their parts in the programme, by whichever mail, and what their calendar holds."""

    __tablename__ = "speaker_told"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # By the key of each slot: speakers/told.py.
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarkedToldRow(Base):
    """What a registration that asked for news knows of each session that it marked: speakers/told.py."""

    __tablename__ = "marked_told"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sessions: Mapped[dict[str, Any]] = mapped_column(JSON)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReminderRow(Base):
    """That a person was reminded so many weeks before the event: once each, by the key."""

    __tablename__ = "speaker_reminder"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    weeks: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommitteeMemberRow(Revised, Standing, Base):
    """A member of the programme committee, in the order of `place`. `id` is the person's."""

    __tablename__ = "committee_member"

    id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    place: Mapped[int]
    duty: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(2), default="")
