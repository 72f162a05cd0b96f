from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.types import UtcDateTime


class PersonRow(Revised, Base):
    """One person, however often they appear: names exactly as typed (domain.md, Names and paper)."""

    __tablename__ = "person"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    letters: Mapped[str] = mapped_column(String(60), default="")
    badge_name: Mapped[str] = mapped_column(String(120), default="")
    affiliation: Mapped[str] = mapped_column(String(200), default="")
    affiliation_short: Mapped[str] = mapped_column(String(60), default="")
    ror: Mapped[str] = mapped_column(String(9), default="")
    orcid: Mapped[str] = mapped_column(String(19), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    # Raised to let every personal link given so far to this person die (trust: a link is a capability).
    link_version: Mapped[int] = mapped_column(default=1)
    # What lists, boxes and the index sort the person by; "" is the family name.
    sort_as: Mapped[str] = mapped_column(String(120), default="")
    # core.text.folded() of the fields a search looks in.
    search_text: Mapped[str] = mapped_column(String(1000), default="")


class UnavailableRow(Base):
    """A half-open span in which a person cannot take part."""

    __tablename__ = "unavailable"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
