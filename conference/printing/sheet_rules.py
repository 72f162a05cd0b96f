"""Which sheets of labels can be printed. Pure.

Bounds are own choices: a page as a desk's or a copy shop's printer takes it (up to A3), and a label that holds a code
of 22 mm with its quiet zone, the role's band and a name.
"""

from dataclasses import asdict, dataclass

from conference.core.ids import LabelSheetId
from conference.core.text import folded
from conference.printing.errors import (
    LabelsLeavePageError,
    LabelsOverlapError,
    LabelTooSmallError,
    SheetMeasureError,
    SheetNameTakenError,
)
from conference.printing.plans import LEAST_MM
from conference.printing.sheets import SHEETS, Family, Sheet, first_that_leaves

OWN = "own-"
MOST_PAGE_MM = 430.0
MOST_LABELS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetDetails:
    """An own sheet as the office measures it, in millimetres; `sheets.Sheet` says what each is."""

    name: str
    page_width_mm: float
    page_height_mm: float
    width_mm: float
    height_mm: float
    columns: int
    rows: int
    left_mm: float
    top_mm: float
    pitch_x_mm: float
    pitch_y_mm: float
    is_folded: bool = False
    is_cut: bool = False


def sheet_of(sheet_id: LabelSheetId, details: SheetDetails) -> Sheet:
    """Return what is printed on."""
    return Sheet(key=f"{OWN}{sheet_id}", family=Family.OWN, **asdict(details))


def check_details(details: SheetDetails) -> None:
    """Raise at the field at fault: SheetNameTakenError, SheetMeasureError, and the Label… errors."""
    if folded(details.name) in {folded(sheet.name) for sheet in SHEETS.values()}:
        raise SheetNameTakenError("name", name=details.name)
    _within(details, ("page_width_mm", "page_height_mm"), LEAST_MM, MOST_PAGE_MM)
    _within(details, ("columns", "rows"), 1, MOST_LABELS)
    _within(details, ("left_mm", "top_mm"), 0, MOST_PAGE_MM)
    _check_labels(sheet_of(LabelSheetId(0), details))


def _within(details: SheetDetails, fields: tuple[str, ...], least: float, most: float) -> None:
    for field in fields:
        value = getattr(details, field)
        if not least <= value <= most:
            raise SheetMeasureError(field, value=f"{value:g}", least=f"{least:g}", most=f"{most:g}")


def _check_labels(sheet: Sheet) -> None:
    if sheet.width_mm < LEAST_MM:
        raise LabelTooSmallError("width_mm", value=f"{sheet.width_mm:g}", least=f"{LEAST_MM:g}")
    if sheet.badge_height_mm < LEAST_MM:
        least = LEAST_MM * 2 if sheet.is_folded else LEAST_MM
        raise LabelTooSmallError("height_mm", value=f"{sheet.height_mm:g}", least=f"{least:g}")
    if sheet.columns > 1 and sheet.pitch_x_mm < sheet.width_mm:
        raise LabelsOverlapError("pitch_x_mm", value=f"{sheet.pitch_x_mm:g}", least=f"{sheet.width_mm:g}")
    if sheet.rows > 1 and sheet.pitch_y_mm < sheet.height_mm:
        raise LabelsOverlapError("pitch_y_mm", value=f"{sheet.pitch_y_mm:g}", least=f"{sheet.height_mm:g}")
    number = first_that_leaves(sheet)
    if number is not None:
        cell = sheet.cells()[number - 1]
        is_right = cell.right_mm > sheet.page_width_mm
        raise LabelsLeavePageError(
            "left_mm" if is_right else "top_mm",
            number=number,
            reach=f"{cell.right_mm if is_right else cell.bottom_mm:g}",
            page=f"{sheet.page_width_mm if is_right else sheet.page_height_mm:g}",
        )
