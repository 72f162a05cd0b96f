"""Sheets of labels on A4, in millimetres from the top left corner (domain.md, the table of sheets)."""

from dataclasses import dataclass

A4_WIDTH_MM = 210.0
A4_HEIGHT_MM = 297.0


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

    def holds(self, other: "Box", slack_mm: float = 0.01) -> bool:
        return (
            other.x_mm >= self.x_mm - slack_mm
            and other.y_mm >= self.y_mm - slack_mm
            and other.right_mm <= self.right_mm + slack_mm
            and other.bottom_mm <= self.bottom_mm + slack_mm
        )

    def overlaps(self, other: "Box", slack_mm: float = 0.01) -> bool:
        return (
            self.x_mm < other.right_mm - slack_mm
            and other.x_mm < self.right_mm - slack_mm
            and self.y_mm < other.bottom_mm - slack_mm
            and other.y_mm < self.bottom_mm - slack_mm
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Labels in columns and rows: the first label's corner, and the way from one to the next."""

    name: str
    width_mm: float
    height_mm: float
    columns: int
    rows: int
    left_mm: float
    top_mm: float
    pitch_x_mm: float
    pitch_y_mm: float

    @property
    def count(self) -> int:
        return self.columns * self.rows

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

    def place_of(self, index: int) -> tuple[int, Box]:
        """Return the page, counted from 0, and the label of the badge with this index."""
        page, cell = divmod(index, self.count)
        return page, self.cells()[cell]


A6 = Sheet(name="a6", width_mm=105, height_mm=148.5, columns=2, rows=2, left_mm=0, top_mm=0, pitch_x_mm=105, pitch_y_mm=148.5)  # fmt: skip
A7 = Sheet(name="a7", width_mm=105, height_mm=74.25, columns=2, rows=4, left_mm=0, top_mm=0, pitch_x_mm=105, pitch_y_mm=74.25)  # fmt: skip
SHEETS: dict[str, Sheet] = {sheet.name: sheet for sheet in (A6, A7)}
