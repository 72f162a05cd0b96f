"""Sheets and rolls of labels, in millimetres from the page's top left corner (domain.md, the table of sheets)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from conference.core.errors import N_

A4_WIDTH_MM = 210.0
A4_HEIGHT_MM = 297.0
SLACK_MM = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle; x runs right and y runs down."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        return self.y_mm + self.height_mm

    def moved(self, x_mm: float, y_mm: float) -> "Box":
        """Return the box so much further right and down."""
        return Box(
            x_mm=self.x_mm + x_mm, y_mm=self.y_mm + y_mm, width_mm=self.width_mm, height_mm=self.height_mm
        )

    def holds(self, other: "Box", slack_mm: float = SLACK_MM) -> bool:
        return (
            other.x_mm >= self.x_mm - slack_mm
            and other.y_mm >= self.y_mm - slack_mm
            and other.right_mm <= self.right_mm + slack_mm
            and other.bottom_mm <= self.bottom_mm + slack_mm
        )

    def overlaps(self, other: "Box", slack_mm: float = SLACK_MM) -> bool:
        return (
            self.x_mm < other.right_mm - slack_mm
            and other.x_mm < self.right_mm - slack_mm
            and self.y_mm < other.bottom_mm - slack_mm
            and other.y_mm < self.bottom_mm - slack_mm
        )


class Family(StrEnum):
    """What a sheet is, as the list of sheets groups them."""

    CUT = "cut"
    LABELS = "labels"
    FOLDED = "folded"
    ROLL = "roll"
    OWN = "own"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Labels in columns and rows: the first label's corner, and the way from one to the next.

    `key` names it in addresses and on the command line, `name` on pages. A folded label is two panels, one above
    the other; the second is printed upside down and stands upright once it is folded behind the first. `is_cut`
    says that a knife parts the labels, so that cut marks are printed.
    """

    key: str
    name: str
    family: Family
    width_mm: float
    height_mm: float
    columns: int
    rows: int
    left_mm: float
    top_mm: float
    pitch_x_mm: float
    pitch_y_mm: float
    page_width_mm: float = A4_WIDTH_MM
    page_height_mm: float = A4_HEIGHT_MM
    is_folded: bool = False
    is_cut: bool = False

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def page(self) -> Box:
        return Box(x_mm=0, y_mm=0, width_mm=self.page_width_mm, height_mm=self.page_height_mm)

    @property
    def badge_height_mm(self) -> float:
        """The height of what shows a person: the label, or one panel of a folded one."""
        return self.height_mm / 2 if self.is_folded else self.height_mm

    def cells(self) -> tuple[Box, ...]:
        """Return the labels row by row, as they are filled."""
        return tuple(
            Box(
                x_mm=self.left_mm + column * self.pitch_x_mm,
                y_mm=self.top_mm + row * self.pitch_y_mm,
                width_mm=self.width_mm,
                height_mm=self.height_mm,
            )
            for row in range(self.rows)
            for column in range(self.columns)
        )


def _cut(key: str, name: str, width: float, height: float, *, fold: bool = False) -> Sheet:
    """Return a sheet that fills A4 without gaps and is cut with a knife."""
    return Sheet(
        key=key, name=name, family=Family.FOLDED if fold else Family.CUT, width_mm=width, height_mm=height,
        columns=int(A4_WIDTH_MM / width), rows=int(A4_HEIGHT_MM / height), left_mm=0, top_mm=0, pitch_x_mm=width, pitch_y_mm=height,
        is_folded=fold, is_cut=True,
    )  # fmt: skip


def _labels(
    key: str,
    name: str,
    size: tuple[float, float],
    grid: tuple[int, int],
    corner: tuple[float, float],
    pitch: tuple[float, float],
) -> Sheet:
    """Return a sheet of A4 whose labels are cut already: width and height, columns and rows, left and top, pitch."""
    return Sheet(
        key=key, name=name, family=Family.LABELS, width_mm=size[0], height_mm=size[1], columns=grid[0], rows=grid[1],
        left_mm=corner[0], top_mm=corner[1], pitch_x_mm=pitch[0], pitch_y_mm=pitch[1],
    )  # fmt: skip


def _roll(key: str, name: str, width: float, height: float) -> Sheet:
    """Return the label of a roll, which is a page of its own."""
    return Sheet(
        key=key, name=name, family=Family.ROLL, width_mm=width, height_mm=height, columns=1, rows=1, left_mm=0, top_mm=0,
        pitch_x_mm=width, pitch_y_mm=height, page_width_mm=width, page_height_mm=height,
    )  # fmt: skip


A6 = _cut("a6", "A6, 4 on A4", 105, 148.5)
A7 = _cut("a7", "A7, 8 on A4", 105, 74.25)
# One a page, in the middle of it: its manufacturer gives no place (own choice).
BUTTERFLY = Sheet(
    key="butterfly", name=N_("Butterfly, 82 × 203 folded to 82 × 101.5"), family=Family.FOLDED, width_mm=82, height_mm=203,
    columns=1, rows=1, left_mm=64, top_mm=47, pitch_x_mm=82, pitch_y_mm=203, is_folded=True, is_cut=True,
)  # fmt: skip
SHEETS: dict[str, Sheet] = {
    sheet.key: sheet
    for sheet in (
        A7,
        A6,
        _cut("a7-folded", N_("A7 folded, 4 on A4"), 105, 148.5, fold=True),
        _cut("a6-folded", N_("A6 folded, 2 on A4"), 105, 297, fold=True),
        BUTTERFLY,
        _labels("l4785", "Avery L4785 / Herma 4412", (80, 50), (2, 5), (17.5, 13.5), (95, 55)),
        _labels("l7418", "Avery L7418", (86, 55), (2, 4), (19, 38.5), (86, 55)),
        _labels("1445-02", "Durable 1445-02", (90, 54), (2, 5), (15, 12), (90, 54)),
        _labels("1456-02", "Durable 1456-02", (90, 60), (2, 4), (15, 28.5), (90, 60)),
        _labels("c32011", "Avery C32011", (85, 54), (2, 5), (15, 13.5), (95, 54)),
        _labels("32015", "Avery 32015", (85, 54), (2, 4), (17, 31.5), (91, 60)),
        _roll("99015", "Dymo 99015", 54, 70),
        _roll("dk-1202", "Brother DK-1202", 62, 100),
    )
}


def first_that_leaves(sheet: Sheet) -> int | None:
    """Return the number, from 1, of the first label that is not wholly on the page, None where all are."""
    page = sheet.page
    return next((number for number, cell in enumerate(sheet.cells(), 1) if not page.holds(cell)), None)


def touching(cells: Iterable[Box]) -> bool:
    """Return whether labels meet, so that one cut parts two of them."""
    found = list(cells)
    return any(
        abs(one.right_mm - other.x_mm) < SLACK_MM or abs(one.bottom_mm - other.y_mm) < SLACK_MM
        for one in found
        for other in found
    )
