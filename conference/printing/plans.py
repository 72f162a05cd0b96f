"""A design made ready for labels of one size: where each element stands, and in which type its text may be set.

Compiled once for a design and a size, and kept; a badge is laid out by it without a look at the design's JSON.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from conference.printing.design_check import LEAST_CODE_MM, MODULES, QUIET_MODULES, box_of, quiet_zone_of
from conference.printing.design_model import (
    COMMON_FIELDS,
    Band,
    Code,
    Column,
    Design,
    Element,
    Mark,
    OwnProgramme,
    Part,
    Text,
    Ticks,
)
from conference.printing.design_shipped import default_design
from conference.printing.sheets import Box, Sheet
from conference.printing.text import settable

__all__ = ["LEAST_CODE_MM", "LEAST_MM", "MODULES", "QUIET_MODULES", "Plan", "SidePlan", "plan_for", "plan_of"]
# The least label that every shipped design together can hold.
LEAST_MM = 48.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PartPlan:
    """A part of a column; `smaller_pt` are the steps by which it is smaller than the given name, if it hangs on that."""

    part: Part
    field: str
    words: str
    face: str
    colour: str
    sizes_pt: tuple[float, ...]
    small_sizes_pt: tuple[float, ...]
    smaller_pt: tuple[float, ...]
    lines: int
    leading: float
    gap_mm: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ColumnPlan:
    """Where the name and its details flow. Beside the code, from `zone_y_mm` down, text ends at `zone_x_mm`."""

    x_mm: float
    width_mm: float
    narrow_mm: float
    top_mm: float
    bottom_mm: float
    zone_x_mm: float
    zone_y_mm: float
    code_y_mm: float
    gap_mm: float
    details_gap_mm: float
    name_first_pt: float
    align: str
    names: tuple[PartPlan, ...]
    details: tuple[PartPlan, ...]
    given_sizes_pt: tuple[float, ...]

    @property
    def box(self) -> Box:
        return Box(
            x_mm=self.x_mm, y_mm=self.top_mm, width_mm=self.width_mm, height_mm=self.bottom_mm - self.top_mm
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SidePlan:
    """One side: all that is shown with its boxes in the design's order, and what is asked for by itself."""

    width_mm: float
    height_mm: float
    placed: tuple[tuple[Element, Box], ...]
    # By the names of all elements, those too that are switched off.
    boxes: Mapping[str, Box]
    column: ColumnPlan | None
    symbol: Box | None
    band: tuple[Band, Box] | None
    mark: tuple[Mark, Box] | None
    # What is set anew on each badge, beside the column and the code.
    own_texts: tuple[tuple[Text, Box], ...]
    ticks: tuple[tuple[Ticks, Box], ...]
    programmes: tuple[tuple[OwnProgramme, Box], ...]

    @property
    def page(self) -> Box:
        return Box(x_mm=0, y_mm=0, width_mm=self.width_mm, height_mm=self.height_mm)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Plan:
    """A design for one size of label. `back` None: the back shows the front again. `fields` are those of a person."""

    design: Design
    width_mm: float
    height_mm: float
    front: SidePlan
    back: SidePlan | None
    fields: frozenset[str]

    @property
    def sides(self) -> tuple[SidePlan, ...]:
        return (self.front, self.back) if self.back else (self.front,)


@lru_cache(maxsize=64)
def plan_for(width_mm: float, height_mm: float, design: Design | None = None) -> Plan:
    """Return the design, or the one shipped for this size, made ready for labels of this size, at least 48 × 48 mm."""
    design = design or default_design(width_mm, height_mm).design
    front = _side(design.front, width_mm, height_mm)
    back = _side(design.back, width_mm, height_mm) if any(one.is_shown for one in design.back) else None
    sides = (front, back) if back else (front,)
    return Plan(
        design=design,
        width_mm=width_mm,
        height_mm=height_mm,
        front=front,
        back=back,
        fields=frozenset(field for side in sides for field in _fields(side)),
    )


def plan_of(sheet: Sheet, design: Design | None = None) -> Plan:
    """Return the plan of the sheet's badges."""
    return plan_for(sheet.width_mm, sheet.badge_height_mm, design)


def _fields(side: SidePlan) -> list[str]:
    parts = (*side.column.names, *side.column.details) if side.column else ()
    return [one.field for one in parts] + [text.field for text, _ in side.own_texts]


def _side(elements: tuple[Element, ...], width_mm: float, height_mm: float) -> SidePlan:
    placed = tuple((one, box_of(one.place, width_mm, height_mm)) for one in elements if one.is_shown)
    symbol = next((box for one, box in placed if isinstance(one, Code)), None)
    column = next(((one, box) for one, box in placed if isinstance(one, Column)), None)
    return SidePlan(
        width_mm=width_mm,
        height_mm=height_mm,
        placed=placed,
        boxes={one.name: box_of(one.place, width_mm, height_mm) for one in elements},
        column=_column(*column, symbol) if column else None,
        symbol=symbol,
        band=next(((one, box) for one, box in placed if isinstance(one, Band)), None),
        mark=next(((one, box) for one, box in placed if isinstance(one, Mark)), None),
        own_texts=tuple(
            (one, box) for one, box in placed if isinstance(one, Text) and one.field not in COMMON_FIELDS
        ),
        ticks=tuple((one, box) for one, box in placed if isinstance(one, Ticks)),
        programmes=tuple((one, box) for one, box in placed if isinstance(one, OwnProgramme)),
    )


def _column(column: Column, box: Box, symbol: Box | None) -> ColumnPlan:
    zone = quiet_zone_of(symbol) if symbol else None
    is_beside = zone is not None and zone.overlaps(box)
    names = tuple(_part(one) for one in column.names if one.is_shown)
    return ColumnPlan(
        x_mm=box.x_mm,
        width_mm=box.width_mm,
        narrow_mm=zone.x_mm - box.x_mm if zone and is_beside else box.width_mm,
        top_mm=box.y_mm,
        bottom_mm=box.bottom_mm,
        zone_x_mm=zone.x_mm if zone and is_beside else math.inf,
        zone_y_mm=zone.y_mm if zone and is_beside else math.inf,
        code_y_mm=symbol.y_mm if symbol and is_beside else math.inf,
        gap_mm=column.gap_mm,
        details_gap_mm=column.details_gap_mm,
        name_first_pt=column.name_first_pt,
        align=column.align,
        names=names,
        details=tuple(_part(one) for one in column.details if one.is_shown),
        given_sizes_pt=next(one.sizes_pt for one in names if one.field == "given_name"),
    )


def _part(part: Part) -> PartPlan:
    least, most = part.smaller_by_pt or (0.0, 0.0)
    steps = tuple(least + step for step in range(int(most - least) + 1)) if part.smaller_by_pt else ()
    return PartPlan(
        part=part,
        field=part.field,
        words=settable(part.words),
        face=part.type.face,
        colour=part.type.colour,
        sizes_pt=part.type.sizes_pt,
        small_sizes_pt=part.type.sizes_pt[len(part.type.sizes_pt) // 2 :],
        smaller_pt=steps,
        lines=part.type.lines,
        leading=part.leading,
        gap_mm=part.gap_mm,
    )
