"""The fixed parts of each badge size, in millimetres from its top left corner.

Type sizes and the code's size are those of domain.md, Names and paper: about 12 pt for each metre of reading
distance, the QR symbol at least 22 mm with a quiet zone of 4 modules. All that is printed keeps a margin from
the cut, since most printers leave the edge of A4 white.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from conference.printing.sheets import Box, Sheet

MODULES = 21
QUIET_MODULES = 4
ORGANISATION_SIZES_PT = (18, 17, 16, 15, 14)
COUNTRY_SIZES_PT = (12, 11, 10, 9)
# The family name is 8 to 10 pt smaller than the given name.
FAMILY_STEPS_PT = (8, 9, 10)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The fixed parts of one badge size."""

    width_mm: float
    height_mm: float
    margin_mm: float
    top_mm: float
    band_height_mm: float
    symbol_mm: float
    gap_mm: float
    details_gap_mm: float
    given_sizes_pt: tuple[int, ...]
    organisation_sizes_pt: tuple[float, ...] = ORGANISATION_SIZES_PT
    country_sizes_pt: tuple[float, ...] = COUNTRY_SIZES_PT
    word_sizes_pt: tuple[int, ...]
    word_lines: int
    mark_size_pt: float | None
    small_sizes_pt: tuple[float, ...]

    @cached_property
    def band(self) -> Box:
        """The role's band at the foot."""
        return Box(
            x_mm=self.margin_mm,
            y_mm=self.height_mm - self.margin_mm - self.band_height_mm,
            width_mm=self.width_mm - 2 * self.margin_mm,
            height_mm=self.band_height_mm,
        )

    @cached_property
    def symbol(self) -> Box:
        """The code without its quiet zone, right above the band."""
        size = self.symbol_mm
        return Box(
            x_mm=self.width_mm - self.margin_mm - size,
            y_mm=self.band.y_mm - self.quiet_mm - size,
            width_mm=size,
            height_mm=size,
        )

    @cached_property
    def quiet_mm(self) -> float:
        return self.symbol_mm / MODULES * QUIET_MODULES

    @cached_property
    def quiet_zone(self) -> Box:
        """The code with its quiet zone, which may reach into the margin but not over the cut."""
        quiet, symbol = self.quiet_mm, self.symbol
        return Box(
            x_mm=symbol.x_mm - quiet,
            y_mm=symbol.y_mm - quiet,
            width_mm=symbol.width_mm + 2 * quiet,
            height_mm=symbol.height_mm + 2 * quiet,
        )

    @cached_property
    def full_width_mm(self) -> float:
        return self.width_mm - 2 * self.margin_mm

    @cached_property
    def narrow_width_mm(self) -> float:
        """The width beside the code."""
        return self.quiet_zone.x_mm - self.margin_mm


A7_PLAN = Plan(
    width_mm=105, height_mm=74.25, margin_mm=5, top_mm=5, band_height_mm=8, symbol_mm=22, gap_mm=1.5, details_gap_mm=1.5,
    given_sizes_pt=tuple(range(38, 31, -1)), word_sizes_pt=tuple(range(16, 7, -1)), word_lines=1, mark_size_pt=9.5, small_sizes_pt=(7, 6.5, 6),
)  # fmt: skip
A6_PLAN = Plan(
    width_mm=105, height_mm=148.5, margin_mm=6, top_mm=17, band_height_mm=14, symbol_mm=30, gap_mm=3.5, details_gap_mm=8,
    given_sizes_pt=tuple(range(48, 31, -1)), word_sizes_pt=tuple(range(24, 10, -1)), word_lines=2, mark_size_pt=11, small_sizes_pt=(8, 7.5, 7),
)  # fmt: skip
# Cards and labels from 80 × 50 up: names smaller than on A7, the code no smaller.
LEAST_MM, LOW_MM, NARROW_MM = 48.0, 62.0, 70.0


def _low(width_mm: float, height_mm: float) -> Plan:
    """Return the plan of a card or label that is wider than high."""
    return Plan(
        width_mm=width_mm, height_mm=height_mm, margin_mm=4.2, top_mm=3.5, band_height_mm=7, symbol_mm=22, gap_mm=1, details_gap_mm=1,
        given_sizes_pt=tuple(range(32, 19, -1)), organisation_sizes_pt=(14, 13, 12, 11, 10, 9), country_sizes_pt=(10, 9, 8),
        word_sizes_pt=tuple(range(14, 6, -1)), word_lines=1, mark_size_pt=8.5, small_sizes_pt=(6,),
    )  # fmt: skip


def _upright(width_mm: float, height_mm: float) -> Plan:
    """Return the plan of a label that is higher than wide, such as a label printer's."""
    return Plan(
        width_mm=width_mm, height_mm=height_mm, margin_mm=4.2, top_mm=4, band_height_mm=7, symbol_mm=22, gap_mm=1, details_gap_mm=2,
        given_sizes_pt=tuple(range(34, 17, -1)), organisation_sizes_pt=(14, 13, 12, 11, 10, 9), country_sizes_pt=(10, 9, 8),
        word_sizes_pt=tuple(range(14, 6, -1)), word_lines=1, mark_size_pt=None, small_sizes_pt=(6,),
    )  # fmt: skip


@lru_cache(maxsize=64)
def plan_for(width_mm: float, height_mm: float) -> Plan:
    """Return where the parts stand on a badge of this size, at least 48 × 48 mm."""
    for known in (A7_PLAN, A6_PLAN):
        if (known.width_mm, known.height_mm) == (width_mm, height_mm):
            return known
    if width_mm < NARROW_MM:
        return _upright(width_mm, height_mm)
    if height_mm < LOW_MM:
        return _low(width_mm, height_mm)
    near = A6_PLAN if height_mm >= (A6_PLAN.height_mm + A7_PLAN.height_mm) / 2 else A7_PLAN
    return replace(near, width_mm=width_mm, height_mm=height_mm)


def plan_of(sheet: Sheet) -> Plan:
    """Return the plan of the sheet's badges."""
    return plan_for(sheet.width_mm, sheet.badge_height_mm)
