"""Where a line's glyphs lie on the page, and where none may."""

from conference.printing.design_check import quiet_zone_of
from conference.printing.fitting import MM_PER_PT
from conference.printing.layout import Line, Metric
from conference.printing.plans import SidePlan
from conference.printing.sheets import Box


def ink_box(line: Line, metric: Metric) -> Box:
    """Return the rectangle that the line's glyphs fill."""
    em_mm = line.size_pt * MM_PER_PT
    rise, depth = metric.ink_em(line.text)
    width_mm = metric.width_em(line.text) * em_mm
    return Box(
        x_mm=line.x_mm, y_mm=line.y_mm - rise * em_mm, width_mm=width_mm, height_mm=(rise + depth) * em_mm
    )


def quiet_zone(side: SidePlan) -> Box | None:
    """Return the side's code with its quiet zone, which may reach into the margin but not over the cut."""
    return quiet_zone_of(side.symbol) if side.symbol else None
