"""Where each badge of a print run goes: on which page, which side, in which label, and which way up. Pure.

Millimetres from the page's top left corner. Nothing here knows a badge or draws one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from conference.printing.errors import NoSuchCellError, OffsetTooFarError, OneLabelError, SidesOfFoldedError
from conference.printing.sheets import Box, Sheet

# Own choice: no printer that pulls paper straight is off by more.
MAX_OFFSET_MM = 10.0
TENTH_MM = 0.1


class Sides(StrEnum):
    """Which sides of the paper are printed, and over which edge the printer turns it."""

    FRONT = "front"
    LONG_EDGE = "long edge"
    SHORT_EDGE = "short edge"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How a run is put on its sheets: the first label used, counted from 1; the offset, right and down; the sides.

    `has_cut_marks` None means as the sheet needs them.
    """

    begin_at: int = 1
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    sides: Sides = Sides.FRONT
    has_cut_marks: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where one face of a badge is drawn. `is_turned`: upside down, about the middle of its box."""

    box: Box
    is_turned: bool = False


def check_setting(sheet: Sheet, setting: Setting) -> None:
    """Raise NoSuchCellError, OffsetTooFarError or SidesOfFoldedError where the sheet cannot be printed so."""
    if not 1 <= setting.begin_at <= sheet.count:
        refusal = OneLabelError if sheet.count == 1 else NoSuchCellError
        raise refusal("begin_at", cell=setting.begin_at, count=sheet.count)
    for field, offset in (("offset_x", setting.offset_x_mm), ("offset_y", setting.offset_y_mm)):
        if abs(offset) > MAX_OFFSET_MM + TENTH_MM / 2:
            raise OffsetTooFarError(field, offset=f"{offset:g}", most=f"{MAX_OFFSET_MM:g}")
    if sheet.is_folded and setting.sides is not Sides.FRONT:
        raise SidesOfFoldedError("sides")


def labels(sheet: Sheet, setting: Setting) -> tuple[Box, ...]:
    """Return where the sheet's labels are printed, with the offset."""
    return tuple(cell.moved(setting.offset_x_mm, setting.offset_y_mm) for cell in sheet.cells())


def fronts(sheet: Sheet, setting: Setting) -> tuple[tuple[Place, ...], ...]:
    """Return for each label the faces that the front page shows of it: one, or both panels of a folded one."""
    return tuple(tuple(_panels(sheet, label)) for label in labels(sheet, setting))


def _panels(sheet: Sheet, cell: Box) -> Iterator[Place]:
    height_mm = sheet.badge_height_mm
    first = Box(x_mm=cell.x_mm, y_mm=cell.y_mm, width_mm=cell.width_mm, height_mm=height_mm)
    yield Place(box=first)
    if sheet.is_folded:
        yield Place(box=first.moved(0, height_mm), is_turned=True)


def backs(sheet: Sheet, setting: Setting) -> tuple[Place, ...]:
    """Return for each label where its back is printed on the page's other side, empty where only fronts are.

    Turned over the long edge of an upright page, what was left is right. Turned over the short one, what was above
    is below, and the badge's back stands upright behind its front only if it is printed upside down. On a page that
    is wider than high the long edge is the upper one, so that the two change places. The offset is the printer's
    and so stays the same on both sides.
    """
    if setting.sides is Sides.FRONT:
        return ()
    over_the_side = (setting.sides is Sides.LONG_EDGE) == (sheet.page_height_mm >= sheet.page_width_mm)
    return tuple(
        Place(
            box=_mirrored(sheet, cell, across=over_the_side).moved(setting.offset_x_mm, setting.offset_y_mm),
            is_turned=not over_the_side,
        )
        for cell in sheet.cells()
    )


def _mirrored(sheet: Sheet, cell: Box, *, across: bool) -> Box:
    return Box(
        x_mm=sheet.page_width_mm - cell.right_mm if across else cell.x_mm,
        y_mm=cell.y_mm if across else sheet.page_height_mm - cell.bottom_mm,
        width_mm=cell.width_mm,
        height_mm=cell.height_mm,
    )


def pages_of(sheet: Sheet, setting: Setting, count: int) -> int:
    """Return how many pages so many badges fill, backs not counted."""
    return -(-(count + setting.begin_at - 1) // sheet.count) if count else 0


def next_free(sheet: Sheet, setting: Setting, count: int) -> int:
    """Return the first label that a run of so many badges leaves free, 1 where its last sheet is full."""
    return (setting.begin_at - 1 + count) % sheet.count + 1
