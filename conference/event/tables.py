from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.standing import Standing
from conference.db.types import UtcDateTime


class EventRow(Standing, Revised, Base):
    """The one conference: always id 1."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("last_day >= first_day", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    venue: Mapped[str] = mapped_column(String(200), default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    summary: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(50), default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)


class BookletTextRow(Standing, Revised, Base):
    """What organisers write for the programme booklet, by part and language: always id 1."""

    __tablename__ = "booklet_text"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    welcome_en: Mapped[str] = mapped_column(Text, default="")
    welcome_sv: Mapped[str] = mapped_column(Text, default="")
    welcome_de: Mapped[str] = mapped_column(Text, default="")
    directions_en: Mapped[str] = mapped_column(Text, default="")
    directions_sv: Mapped[str] = mapped_column(Text, default="")
    directions_de: Mapped[str] = mapped_column(Text, default="")
    acknowledgements_en: Mapped[str] = mapped_column(Text, default="")
    acknowledgements_sv: Mapped[str] = mapped_column(Text, default="")
    acknowledgements_de: Mapped[str] = mapped_column(Text, default="")


class OrganiserRow(Standing, Revised, Base):
    """One of the organisations that hold the conference and are joint controllers (GDPR art. 26)."""

    __tablename__ = "organiser"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    privacy_contact: Mapped[str] = mapped_column(String(254), default="")


class NoticeRow(Standing, Base):
    """A version of the privacy notice, as it was shown: `texts` is HTML of ours by language. Written once."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    # SHA-256 of the texts, in hexadecimal digits.
    digest: Mapped[str] = mapped_column(String(64))
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrackRow(Standing, Revised, Base):
    __tablename__ = "track"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    # 1 to 5: the theme's track colours, so that screen, mail and paper agree.
    colour: Mapped[int]


class RoomRow(Standing, Revised, Base):
    """A room of the venue. `seats` is None where nobody counted."""

    __tablename__ = "room"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    seats: Mapped[int | None]
    is_emptied_by_plenary: Mapped[bool] = mapped_column(default=False)


class RoomHoursRow(Standing, Base):
    """When a room is open on one day; it is open all day where there is no row. The end may be after midnight."""

    __tablename__ = "room_hours"
    __table_args__ = (
        UniqueConstraint("room_id", "day"),
        CheckConstraint("opens_at < closes_at", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoomWalkRow(Standing, Base):
    """How long one walks between two rooms, kept once a pair, the smaller id first."""

    __tablename__ = "room_walk"
    __table_args__ = (
        UniqueConstraint("room_id", "other_id"),
        CheckConstraint("room_id < other_id", name="order"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    minutes: Mapped[int]
