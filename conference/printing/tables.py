"""The office's own sheets of labels; the shipped ones are code (`sheets.py`)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised


class LabelSheetRow(Revised, Base):
    """A sheet by its measures in millimetres, as `sheet_rules.SheetDetails` has them."""

    __tablename__ = "label_sheet"

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
