"""A programme small enough for a badge: times in one left edge, titles whole, days as headings. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from conference.printing.design_model import OwnProgramme
from conference.printing.facts import PlanLine
from conference.printing.fitting import MM_PER_PT, wrap
from conference.printing.layout import Line, Metric
from conference.printing.sheets import Box

_PITCH = 1.22
_BEFORE_DAY = 0.7
_BETWEEN = 0.28
# A time such as 09:00 and the blank behind it, in ems.
_TIME_EM = 3.2
_MOST_DAYS = 3
MORE = "and %(count)s more"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SetProgramme:
    """The lines, and how many sessions found no room."""

    lines: tuple[Line, ...]
    left_out: int


def lay_programme(
    plan: tuple[PlanLine, ...], element: OwnProgramme, box: Box, metrics: Mapping[str, Metric]
) -> SetProgramme:
    """Return the programme in the largest type in which it stands whole, in one column or else with a column a day.

    Where it does not, its beginning in the smallest type, and how many follow.
    """
    if not plan:
        return SetProgramme(lines=(), left_out=0)
    for set_so in (_set, _set_by_day):
        for size_pt in element.type.sizes_pt:
            lines, end_mm = set_so(plan, element, size_pt, box, metrics)
            if end_mm <= box.bottom_mm:
                return SetProgramme(lines=lines, left_out=0)
    for kept in range(len(plan) - 1, -1, -1):
        rest = PlanLine(day="", time="", title=MORE % {"count": len(plan) - kept})
        lines, end_mm = _set((*plan[:kept], rest), element, element.type.smallest_pt, box, metrics)
        if end_mm <= box.bottom_mm:
            return SetProgramme(lines=lines, left_out=len(plan) - kept)
    return SetProgramme(lines=(), left_out=len(plan))


def _set_by_day(
    plan: tuple[PlanLine, ...],
    element: OwnProgramme,
    size_pt: float,
    box: Box,
    metrics: Mapping[str, Metric],
) -> tuple[tuple[Line, ...], float]:
    """Return the lines with the days side by side, two or three of them, and where the longest ends."""
    days = list(dict.fromkeys(one.day for one in plan))
    if not 1 < len(days) <= _MOST_DAYS:
        return (), math.inf
    heading, top_mm = _set((), element, size_pt, box, metrics)
    gap_mm = 4.0
    top_mm += 0.4 * size_pt * MM_PER_PT if element.heading else 0.0
    width_mm = (box.width_mm + gap_mm) / len(days) - gap_mm
    lines, ends = list(heading), [0.0]
    for number, day in enumerate(days):
        part = Box(
            x_mm=box.x_mm + number * (width_mm + gap_mm),
            y_mm=top_mm,
            width_mm=width_mm,
            height_mm=box.bottom_mm - top_mm,
        )
        bare = replace(element, heading="")
        its, end_mm = _set(tuple(one for one in plan if one.day == day), bare, size_pt, part, metrics)
        lines += its
        ends.append(end_mm)
    return tuple(lines), max(ends)


def _set(
    plan: tuple[PlanLine, ...],
    element: OwnProgramme,
    size_pt: float,
    box: Box,
    metrics: Mapping[str, Metric],
) -> tuple[tuple[Line, ...], float]:
    """Return the lines in this size, and where the ink of the last one ends."""
    em_mm = size_pt * MM_PER_PT
    lines: list[Line] = []
    y_mm, day = box.y_mm - (_PITCH - 0.95) * em_mm, ""

    def put(text: str, face: str, x_mm: float) -> None:
        lines.append(Line(text=text, face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm))

    if element.heading:
        y_mm += _PITCH * em_mm
        put(element.heading, "bold", box.x_mm)
        y_mm += 0.25 * em_mm
    for one in plan:
        if one.day != day and one.day:
            day = one.day
            y_mm += (_PITCH + (_BEFORE_DAY if lines else 0)) * em_mm
            put(day, "medium", box.x_mm)
        x_mm = box.x_mm + _TIME_EM * em_mm
        title = f"{one.title}, {one.room}" if one.room else one.title
        wrapped = wrap(title, metrics["regular"].width_em, box.right_mm - x_mm, size_pt)
        for number, text in enumerate(wrapped):
            y_mm += (_PITCH + (0 if number else _BETWEEN)) * em_mm
            if number == 0 and one.time:
                put(one.time, "medium", box.x_mm)
            put(text, "regular", x_mm)
    return tuple(lines), y_mm + 0.25 * em_mm
