from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.standing import Standing
from conference.db.types import UtcDateTime


def _same_as(name: str) -> Callable[[Any], Any]:
    """Return a default that takes the value of another column of the new row."""
    return lambda context: context.get_current_parameters()[name]


class DraftRow(Base):
    """The draft as a whole: always id 1. Every edit locks it first and raises its revision."""

    __tablename__ = "programme_draft"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(default=1)


class SessionRow(Revised, Base):
    """A session of the draft. Without room or start it is not scheduled yet."""

    __tablename__ = "session"
    # SQLite would give a deleted last row's id to the next one, and an old form or address would then mean another.
    __table_args__ = (CheckConstraint("duration_min > 0", name="duration"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    abstract: Mapped[str] = mapped_column(Text, default="")
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    duration_min: Mapped[int]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    may_share_room: Mapped[bool] = mapped_column(default=False)
    expected_people: Mapped[int | None]
    # The company that pays for it; empty for everything that is the conference's own.
    sponsor: Mapped[str] = mapped_column(String(120), default="")
    # The session that it stands inside.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="SET NULL"), index=True)
    # The extra by which people register for it.
    extra_id: Mapped[int | None] = mapped_column(ForeignKey("extra.id", ondelete="SET NULL"), index=True)


class TalkRow(Revised, Base):
    """A talk in a session, in order of `place`; talks follow each other from the session's start."""

    __tablename__ = "talk"
    __table_args__ = (CheckConstraint("duration_min > 0", name="duration"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    abstract: Mapped[str] = mapped_column(Text, default="")
    duration_min: Mapped[int]
    # Empty where it is not said.
    level: Mapped[str] = mapped_column(String(20), default="")
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    # In order, each {"name": …, "affiliation": …}.
    co_authors: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    # Of a poster; both empty for a talk.
    poster_number: Mapped[str] = mapped_column(String(20), default="")
    board: Mapped[str] = mapped_column(String(20), default="")


class SessionRoleRow(Base):
    """A person's part in a session as a whole: chair, moderator, panellist, or speaker where there are no talks."""

    __tablename__ = "session_role"
    __table_args__ = (UniqueConstraint("session_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    place: Mapped[int]


class TalkRoleRow(Base):
    """A person's part in a talk: speaker or presenting author."""

    __tablename__ = "talk_role"
    __table_args__ = (UniqueConstraint("talk_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    place: Mapped[int]


class VersionRow(Base):
    """A published programme, frozen whole: public pages, calendar files and paper read `snapshot` only.

    The public sees the newest that is not withdrawn. Numbers are never used again.
    """

    __tablename__ = "programme_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    # The draft's revision that was frozen.
    draft_revision: Mapped[int]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_final: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(60), default="")
    # Who was to be told when it was published: a `Telling`.
    telling: Mapped[str] = mapped_column(String(10), default="now")
    # When the public came to see it: later than it was published where one after it was withdrawn.
    public_since: Mapped[datetime] = mapped_column(UtcDateTime, default=_same_as("published_at"))
    # The SEQUENCE of what it changed in calendar files. It rises with each change of what is public, withdrawals too.
    calendar_sequence: Mapped[int] = mapped_column(default=_same_as("number"))
    # By session id the SEQUENCE of what a withdrawal put back, which the snapshot does not know.
    lifted: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # How often the snapshot was written anew, as when two records of a person became one.
    rewritten: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))


class PrintingRow(Standing, Revised, Base):
    """A version that was sent to print. Of several the one that was sent last is what readers have in hand."""

    __tablename__ = "programme_printing"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(
        ForeignKey("programme_version.number", ondelete="CASCADE"), unique=True
    )
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))


class ScheduledRow(Revised, Base):
    """The one version that waits for its time: always id 1. It holds the draft as it was frozen, and has no number yet."""

    __tablename__ = "programme_scheduled"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    publish_at: Mapped[datetime] = mapped_column(UtcDateTime)
    draft_revision: Mapped[int]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_final: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60))
    telling: Mapped[str] = mapped_column(String(10))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))


class ScheduleCheckRow(Standing, Revised, Base):
    """What staff set of the schedule's checks: always id 1. What a list or mapping does not name is the default."""

    __tablename__ = "schedule_check"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # A severity by kind of conflict; a kind that is not in it has its default.
    severities: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    placeholders: Mapped[list[str]] = mapped_column(JSON, default=list)
    sponsors: Mapped[list[str]] = mapped_column(JSON, default=list)
    many_marks: Mapped[int]
