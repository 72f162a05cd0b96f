"""The pages that a booklet can be set on: their sizes, margins and type, each drawn for its own size."""

from dataclasses import dataclass
from functools import lru_cache

from conference.printing.pages import A4, A5
from conference.printing.sheets import Box

# look.md, Grid and type: each size is this much larger than the one below.
RATIO = 1.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One kind of page, as trimmed. `inner_mm` is the margin at the spine: left on odd pages, right on even ones.

    `edge_mm` is the column at the left in which times and rooms stand, its gap included; the text stands beside it.
    `base_pt` is the size that texts are read in. `column_mm` is the least width of a room in the plan.
    """

    name: str
    page: Box
    inner_mm: float
    outer_mm: float
    top_mm: float
    bottom_mm: float
    head_mm: float
    foot_mm: float
    edge_mm: float
    base_pt: float
    column_mm: float
    grid_pt: float

    @property
    def width_mm(self) -> float:
        """The body's width."""
        return self.page.width_mm - self.inner_mm - self.outer_mm

    @property
    def height_mm(self) -> float:
        """The body's height."""
        return self.page.height_mm - self.top_mm - self.bottom_mm

    @property
    def text_mm(self) -> float:
        """The width of the text beside the left edge."""
        return self.width_mm - self.edge_mm

    def pt(self, steps: int) -> float:
        """Return the size so many steps above the one that texts are read in; below for less than 0."""
        return _stepped(self.base_pt, steps)

    def left_mm(self, number: int) -> float:
        """Return where the body of the page with this number begins."""
        return self.inner_mm if number % 2 else self.outer_mm


@lru_cache
def _stepped(base_pt: float, steps: int) -> float:
    return round(base_pt * RATIO**steps * 10) / 10


FORMATS = {
    one.name: one
    for one in (
        Format(
            name="A4", page=A4, inner_mm=22, outer_mm=18, top_mm=31, bottom_mm=27, head_mm=17, foot_mm=283,
            edge_mm=40, base_pt=10, column_mm=27, grid_pt=8,
        ),
        Format(
            name="A5", page=A5, inner_mm=16, outer_mm=12, top_mm=23, bottom_mm=20, head_mm=13, foot_mm=200,
            edge_mm=26, base_pt=8.5, column_mm=25, grid_pt=6.8,
        ),
    )
}  # fmt: skip
