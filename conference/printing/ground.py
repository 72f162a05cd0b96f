"""What is the same on all badges of a design: the event's words, set once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from conference.printing.design_model import COMMON_FIELDS, Band, Picture, Text, Type
from conference.printing.facts import BadgeFacts
from conference.printing.fitting import MM_PER_PT, Fitted, fit, shortened, wrap
from conference.printing.layout import Line, Metric
from conference.printing.optical import edges_em
from conference.printing.plans import SidePlan
from conference.printing.sheets import SLACK_MM, Box
from conference.printing.text import settable

PITCH = 1.25
# Roboto: capitals are 1456 of 2048 units high.
CAPITALS_EM = 0.711
_LINE_EM = 1.15
_HALVINGS = 7
# Between the column and what gives way under it, on top of the column's own gap.
_FOOT_GAP_MM = 0.4
_PICTURE_GAP_MM = 0.8
# A role of several words goes on two lines of this part of the largest type, where one would be smaller still.
_SMALL = 0.7


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ground:
    """By the element's name its lines, or its box where it was moved; the height of what gives way; what is cut short."""

    lines: Mapping[str, tuple[Line, ...]]
    boxes: Mapping[str, Box]
    foot_mm: float
    shortened: tuple[str, ...]


def set_ground(side: SidePlan, facts: BadgeFacts, metrics: Mapping[str, Metric]) -> Ground:
    """Return the common text of one side."""
    lines: dict[str, tuple[Line, ...]] = {}
    boxes: dict[str, Box] = {}
    cut: list[str] = []
    common = [
        (one, box)
        for one, box in side.placed
        if isinstance(one, Picture) or (isinstance(one, Text) and one.field in COMMON_FIELDS)
    ]
    # What others sit on comes first, and a picture may sit on text that sits on text.
    for one, box in sorted(common, key=lambda pair: (bool(pair[0].sits_on), isinstance(pair[0], Picture))):
        boxes[one.name] = foot = _sat_upon(
            box,
            lines.get(one.sits_on, ()),
            boxes.get(one.sits_on, side.boxes.get(one.sits_on)),
            metrics,
            _PICTURE_GAP_MM if isinstance(one, Picture) else 0.0,
        )
        if isinstance(one, Text):
            words = tuple(settable(text) for text in facts.common(one.field, one.words))
            lines[one.name], is_cut = set_block(words, one.type, foot, metrics)
            if is_cut:
                cut.append(one.name)
    return Ground(
        lines=lines, boxes=boxes, foot_mm=_foot_mm(side, lines, boxes, metrics), shortened=tuple(cut)
    )


def _sat_upon(
    box: Box,
    under: tuple[Line, ...],
    its_box: Box | None,
    metrics: Mapping[str, Metric],
    more_mm: float,
) -> Box:
    """Return the box moved down to the first line of the text under it, or into its place where there is no text."""
    if its_box is None:
        return box
    if not under:
        return box.moved(0, max(0.0, its_box.bottom_mm - box.bottom_mm))
    gap_mm = (PITCH - 1) * under[0].size_pt * MM_PER_PT + more_mm
    return box.moved(0, max(0.0, _top_mm(under, metrics) - gap_mm - box.bottom_mm))


def _top_mm(lines: tuple[Line, ...], metrics: Mapping[str, Metric]) -> float:
    return min(
        line.y_mm - metrics[line.face].ink_em(line.text)[0] * line.size_pt * MM_PER_PT for line in lines
    )


def _foot_mm(
    side: SidePlan,
    lines: Mapping[str, tuple[Line, ...]],
    boxes: Mapping[str, Box],
    metrics: Mapping[str, Metric],
) -> float:
    """Return how much of the column's height goes to what gives way in it."""
    column = side.column
    if column is None:
        return 0.0
    tops = [
        _top_mm(lines[one.name], metrics) if lines.get(one.name) else boxes.get(one.name, box).y_mm
        for one, box in side.placed
        if one.gives_way and box.overlaps(column.box) and lines.get(one.name, True)
    ]
    return max(0.0, column.bottom_mm - min(tops) + column.gap_mm + _FOOT_GAP_MM) if tops else 0.0


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
    size_pt, shown, is_cut = _sized(texts, kind, box, metric)
    return _stood(shown, size_pt, kind, box, metric), is_cut


def _sized(texts: tuple[str, ...], kind: Type, box: Box, metric: Metric) -> tuple[float, list[str], bool]:
    """Return the size, the lines, and whether the last one is cut."""
    for rows in range(len(texts), max(kind.lines, 1) + 1):
        for size_pt in kind.sizes_pt:
            if _height_mm(rows, size_pt) > box.height_mm + SLACK_MM:
                continue
            lines = [line for text in texts for line in _broken(text, size_pt, box.width_mm, metric)]
            if len(lines) <= rows:
                return size_pt, lines, False
    size_pt = kind.smallest_pt
    lines = [line for text in texts for line in _broken(text, size_pt, box.width_mm, metric)]
    rows = max(
        row
        for row in range(1, max(kind.lines, 1) + 1)
        if row == 1 or _height_mm(row, size_pt) <= box.height_mm
    )
    rest = " ".join(lines[rows - 1 :])
    room_em = box.width_mm / MM_PER_PT / size_pt
    last = shortened(rest, metric.width_em, room_em)
    return size_pt, [*lines[: rows - 1], last], last != rest


def _height_mm(rows: int, size_pt: float) -> float:
    """Return how high so many lines are, with an accented capital above and a descender below."""
    return ((rows - 1) * PITCH + _LINE_EM) * size_pt * MM_PER_PT


def _broken(text: str, size_pt: float, width_mm: float, metric: Metric) -> list[str]:
    """Return the text whole, on as many lines as it takes, and those of like length: in the narrowest width that takes as many."""
    lines = wrap(text, metric.width_em, width_mm, size_pt)
    if len(lines) == 1:
        return lines
    least = max(map(metric.width_em, text.split()), default=0.0) * size_pt * MM_PER_PT + SLACK_MM
    most = width_mm
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        if least < most and len(wrap(text, metric.width_em, middle, size_pt)) <= len(lines):
            most = middle
        else:
            least = middle
    return wrap(text, metric.width_em, most, size_pt)


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
