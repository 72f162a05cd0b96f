"""The office's own sheets of labels and badge designs (the shipped ones come with the program), and which badges were printed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.types import UtcDateTime


class LabelSheetRow(Revised, Base):
    """A sheet by its measures in millimetres, as `sheet_rules.SheetDetails` has them."""

    __tablename__ = "label_sheet"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(120), unique=True)
    page_width_mm: Mapped[float]
    page_height_mm: Mapped[float]
    width_mm: Mapped[float]
    height_mm: Mapped[float]
    columns: Mapped[int]
    rows: Mapped[int]
    left_mm: Mapped[float]
    top_mm: Mapped[float]
    pitch_x_mm: Mapped[float]
    pitch_y_mm: Mapped[float]
    is_folded: Mapped[bool]
    is_cut: Mapped[bool]


class BadgeRunRow(Base):
    """One print run of badges: who printed, when, on what. Its badges are in `badge_print`."""

    __tablename__ = "badge_run"
    __table_args__ = (Index("ix_badge_run_job_key", "job_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    # `choice.Choice.as_query` and whether the piles stay in order, as a query string.
    choice: Mapped[str] = mapped_column(String(200))
    sheet_name: Mapped[str] = mapped_column(String(60))
    count: Mapped[int]
    # Of a run that a worker prints: which job, so that one which is done twice is noted once.
    job_key: Mapped[str | None] = mapped_column(String(80))


class BadgePrintRow(Base):
    """One badge of a run, at its place from 1. `face` is `faces.face_of` what it showed."""

    __tablename__ = "badge_print"
    __table_args__ = (UniqueConstraint("run_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("badge_run.id", ondelete="CASCADE"))
    place: Mapped[int]
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    face: Mapped[str] = mapped_column(String(32))


class OtherBadgePrintRow(Base):
    """A badge of somebody who has no registration: of the programme, of the staff, or typed in by the office.

    `shown` is what it showed, as `other_people.OtherPerson` has it. `person_id` is None for who was typed in.
    """

    __tablename__ = "other_badge_print"
    __table_args__ = (UniqueConstraint("run_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("badge_run.id", ondelete="CASCADE"))
    place: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    shown: Mapped[dict[str, Any]] = mapped_column(JSON)


class BadgeBoxesRow(Revised, Base):
    """The boxes of the desk, one row. `starts` are what each but the first begins with, with spaces; "" parts evenly."""

    __tablename__ = "badge_boxes"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    starts: Mapped[str] = mapped_column(String(200))
    # Of the one order of lists, boxes and index: "sv", "de" or "en".
    language: Mapped[str] = mapped_column(String(5))


class BadgeDesignRow(Revised, Base):
    """A design of the office's own: `body` is the JSON text of `design_schema.design_as_text`, pictures and all."""

    __tablename__ = "badge_design"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(120), unique=True)
    body: Mapped[str] = mapped_column(Text)


class SheetDesignRow(Revised, Base):
    """Which design the badges of a sheet are printed in, by their keys; no row: the one shipped for its size."""

    __tablename__ = "sheet_design"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_key: Mapped[str] = mapped_column(String(40), unique=True)
    design_key: Mapped[str] = mapped_column(String(40))
