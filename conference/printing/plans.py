"""The fixed parts of each badge size, in millimetres from its top left corner.

Type sizes and the code's size are those of domain.md, Names and paper: about 12 pt for each metre of reading
distance, the QR symbol at least 22 mm with a quiet zone of 4 modules. All that is printed keeps a margin from
the cut, since most printers leave the edge of A4 white.
"""

from dataclasses import dataclass
from functools import cached_property

from conference.printing.sheets import Box

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
    word_sizes_pt: tuple[int, ...]
    word_lines: int
    mark_size_pt: float
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


PLANS: dict[str, Plan] = {
    "a7": Plan(
        width_mm=105, height_mm=74.25, margin_mm=5, top_mm=5, band_height_mm=8, symbol_mm=22, gap_mm=1.5, details_gap_mm=1.5,
        given_sizes_pt=tuple(range(38, 31, -1)), word_sizes_pt=tuple(range(16, 7, -1)), word_lines=1, mark_size_pt=9.5, small_sizes_pt=(7, 6.5, 6),
    ),
    "a6": Plan(
        width_mm=105, height_mm=148.5, margin_mm=6, top_mm=17, band_height_mm=14, symbol_mm=30, gap_mm=3.5, details_gap_mm=8,
        given_sizes_pt=tuple(range(48, 31, -1)), word_sizes_pt=tuple(range(24, 10, -1)), word_lines=2, mark_size_pt=11, small_sizes_pt=(8, 7.5, 7),
    ),
}  # fmt: skip
