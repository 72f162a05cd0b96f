"""What is the same on all badges of a design: the event's words, set once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from conference.printing.design_model import COMMON_FIELDS, Band, Element, Text, Type
from conference.printing.facts import BadgeFacts
from conference.printing.fitting import MM_PER_PT, Fitted, fit, shortened, wrap
from conference.printing.layout import Line, Metric
from conference.printing.optical import edges_em
from conference.printing.plans import SidePlan
from conference.printing.sheets import Box
from conference.printing.text import settable

PITCH = 1.25
# Roboto: capitals are 1456 of 2048 units high.
CAPITALS_EM = 0.711
_TWO = 2
# Between the column and what gives way under it, on top of the column's own gap.
_FOOT_GAP_MM = 0.4
# A role of several words goes on two lines of this part of the largest type, where one would be smaller still.
_SMALL = 0.7


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ground:
    """By the element's name its lines; how high in the column stands what gives way; the elements cut short."""

    lines: Mapping[str, tuple[Line, ...]]
    foot_mm: float
    shortened: tuple[str, ...]


def set_ground(side: SidePlan, facts: BadgeFacts, metrics: Mapping[str, Metric]) -> Ground:
    """Return the common text of one side."""
    lines: dict[str, tuple[Line, ...]] = {}
    cut: list[str] = []
    texts = [(one, box) for one, box in side.placed if isinstance(one, Text) and one.field in COMMON_FIELDS]
    # What others sit on comes first.
    for one, box in sorted(texts, key=lambda pair: bool(pair[0].sits_on)):
        foot = _sat_upon(one, box, lines.get(one.sits_on), metrics)
        words = tuple(settable(text) for text in facts.common(one.field, one.words))
        lines[one.name], is_cut = set_block(words, one.type, foot, metrics)
        if is_cut:
            cut.append(one.name)
    return Ground(lines=lines, foot_mm=_foot_mm(side, lines, metrics), shortened=tuple(cut))


def _sat_upon(one: Text, box: Box, under: tuple[Line, ...] | None, metrics: Mapping[str, Metric]) -> Box:
    """Return the box moved down to the first line of the text that the element sits on, which may be lower than its place."""
    if not one.sits_on or under is None:
        return box
    if not under:
        return box
    gap_mm = (PITCH - 1) * one.type.smallest_pt * MM_PER_PT
    return box.moved(0, max(0.0, _top_mm(under, metrics) - gap_mm - box.bottom_mm))


def _top_mm(lines: tuple[Line, ...], metrics: Mapping[str, Metric]) -> float:
    return min(
        line.y_mm - metrics[line.face].ink_em(line.text)[0] * line.size_pt * MM_PER_PT for line in lines
    )


def _foot_mm(side: SidePlan, lines: Mapping[str, tuple[Line, ...]], metrics: Mapping[str, Metric]) -> float:
    """Return how much of the column's height goes to what gives way in it."""
    if side.column is None:
        return 0.0
    tops = [
        _top_of(one, box, lines, metrics)
        for one, box in side.placed
        if one.gives_way and box.overlaps(side.column.box)
    ]
    top_mm = min(tops, default=side.column.bottom_mm)
    return max(0.0, side.column.bottom_mm - top_mm + side.column.gap_mm + _FOOT_GAP_MM) if tops else 0.0


def _top_of(
    one: Element, box: Box, lines: Mapping[str, tuple[Line, ...]], metrics: Mapping[str, Metric]
) -> float:
    if not isinstance(one, Text):
        return box.y_mm
    return _top_mm(lines[one.name], metrics) if lines.get(one.name) else box.bottom_mm


def set_block(
    words: tuple[str, ...], kind: Type, box: Box, metrics: Mapping[str, Metric]
) -> tuple[tuple[Line, ...], bool]:
    """Return these texts under each other in the box, as few lines in as large a type as fits, and whether some is cut.

    Several texts go on one line with dots between them where that fits.
    """
    texts = tuple(filter(None, words))
    if not texts:
        return (), False
    metric = metrics[kind.face]
    joined = " · ".join(texts)
    if len(texts) > 1 and metric.width_em(joined) * kind.smallest_pt * MM_PER_PT <= box.width_mm:
        texts = (joined,)
    rows = max(1, min(kind.lines, int(box.height_mm / (PITCH * kind.smallest_pt * MM_PER_PT) + 0.3)))
    size_pt, shown, is_cut = _sized(texts, kind, box.width_mm, rows, metric)
    return _stood(shown, size_pt, kind, box, metric), is_cut


def _sized(
    texts: tuple[str, ...], kind: Type, width_mm: float, rows: int, metric: Metric
) -> tuple[float, list[str], bool]:
    """Return the size, the lines, and whether the last one is cut."""
    each = max(1, rows // len(texts))
    fitted = [fit(text, metric.width_em, width_mm, kind.sizes_pt, min(each, _TWO)) for text in texts]
    if not any(one.is_shortened for one in fitted):
        size_pt = min(one.size_pt for one in fitted)
        again = [fit(text, metric.width_em, width_mm, (size_pt,), min(each, _TWO)) for text in texts]
        return size_pt, [line for one in again for line in one.lines], False
    size_pt = kind.smallest_pt
    lines = [line for text in texts for line in wrap(text, metric.width_em, width_mm, size_pt)]
    if len(lines) <= rows:
        return size_pt, lines, False
    rest = " ".join(lines[rows - 1 :])
    return (
        size_pt,
        [*lines[: rows - 1], shortened(rest, metric.width_em, width_mm / MM_PER_PT / size_pt)],
        True,
    )


def _stood(lines: list[str], size_pt: float, kind: Type, box: Box, metric: Metric) -> tuple[Line, ...]:
    """Return the lines at their heights: ink at the box's top or bottom, or capitals about its middle."""
    em_mm = size_pt * MM_PER_PT
    pitch_mm = PITCH * em_mm
    rest_mm = (len(lines) - 1) * pitch_mm
    if kind.vertical == "top":
        first_mm = box.y_mm + metric.ink_em(lines[0])[0] * em_mm
    elif kind.vertical == "bottom":
        first_mm = box.bottom_mm - metric.ink_em(lines[-1])[1] * em_mm - rest_mm
    else:
        first_mm = box.y_mm + (box.height_mm - rest_mm + CAPITALS_EM * em_mm) / 2
    return tuple(
        Line(
            text=text,
            face=kind.face,
            size_pt=size_pt,
            x_mm=aligned_mm(text, size_pt, kind.align, box, metric),
            y_mm=first_mm + number * pitch_mm,
        )
        for number, text in enumerate(lines)
    )


def aligned_mm(text: str, size_pt: float, align: str, box: Box, metric: Metric) -> float:
    """Return where the text begins, so that its ink meets the box's edge or middle."""
    em_mm = size_pt * MM_PER_PT
    left_em, right_em = edges_em(metric, text)
    if align == "left":
        return box.x_mm - left_em * em_mm
    ink_em = metric.width_em(text) - left_em - right_em
    free_mm = box.width_mm - ink_em * em_mm
    return box.x_mm + (free_mm / 2 if align == "centre" else free_mm) - left_em * em_mm


def band_word(word: str, kind: Type, room: Box, metric: Metric) -> tuple[tuple[Line, ...], bool]:
    """Return the role's word in the middle of the room's height, on two lines where a high band must hold a long one.

    And whether it is cut short.
    """
    if not word or room.width_mm <= 0:
        return (), bool(word)
    sizes = kind.sizes_pt
    fitted = fit(word, metric.width_em, room.width_mm, sizes, max_lines=1)
    if kind.lines > 1 and (fitted.is_shortened or fitted.size_pt < sizes[0] * _SMALL):
        smaller = tuple(size for size in sizes if size <= sizes[0] * _SMALL)
        fitted = fit(word, metric.width_em, room.width_mm, smaller or sizes[-1:])
        if len(fitted.lines) == 1 and not fitted.is_shortened:
            fitted = _in_two(word, metric, room.width_mm, smaller) or fitted
    em_mm = fitted.size_pt * MM_PER_PT
    first_mm = room.y_mm + (room.height_mm - (len(fitted.lines) - 1) * em_mm + CAPITALS_EM * em_mm) / 2
    lines = tuple(
        Line(
            text=text,
            face=kind.face,
            size_pt=fitted.size_pt,
            x_mm=aligned_mm(text, fitted.size_pt, kind.align, room, metric),
            y_mm=first_mm + number * em_mm,
        )
        for number, text in enumerate(fitted.lines)
    )
    return lines, fitted.is_shortened


def _in_two(word: str, metric: Metric, width_mm: float, sizes_pt: tuple[float, ...]) -> Fitted | None:
    """Return the word on two lines in a larger type than it has on one, where it breaks so."""
    for size_pt in sizes_pt:
        fitted = fit(word, metric.width_em, width_mm, (size_pt,))
        if not fitted.is_shortened:
            return fitted
    return None


def band_room(band: Band, box: Box, mark: Box | None) -> Box:
    """Return where the role's word stands in the band: beside the mark against photographs where there is one."""
    right_mm = box.right_mm
    if mark and mark.overlaps(box):
        right_mm = mark.x_mm
    return Box(
        x_mm=box.x_mm + band.padding_mm,
        y_mm=box.y_mm,
        width_mm=right_mm - box.x_mm - 2 * band.padding_mm,
        height_mm=box.height_mm,
    )
