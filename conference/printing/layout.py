"""Where the name and its details stand in a design's column, in millimetres from the badge's top left corner.

Pure: no library draws here. The column's parts flow from the top down and keep clear of the code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from conference.printing.fitting import MM_PER_PT, Fitted, fit
from conference.printing.optical import edges_em
from conference.printing.plans import ColumnPlan, PartPlan

SLACK_MM = 0.01
# Between a descender and an accent below it, which else would touch.
AIR_MM = 0.3
# Between the names and what follows, on top of the usual leading.
BREATH_MM = 1.8
# No organisation with a country is lower than this: 14 pt and 9 pt.
LOWEST_DETAILS_MM = 8.0
# Room above the first baseline, in ems: an accented capital (Å reaches 0.945).
CAPITAL_EM = 0.95
_MANY_LINES = 12
_NAMES = frozenset({"given_name", "family_name"})
_Words = tuple[tuple[PartPlan, str], ...]


class Metric(Protocol):
    """What the layout asks of a font: widths, and how far ink reaches above and below the baseline, in ems."""

    def width_em(self, text: str, /) -> float: ...
    def ink_em(self, text: str, /) -> tuple[float, float]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of text: `face` is "bold", "medium" or "regular"; `y_mm` is its baseline."""

    text: str
    face: str
    size_pt: float
    x_mm: float
    y_mm: float


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeLayout:
    """The column's lines with their colours, and what is to be told of them.

    `shortened` are the fields that carry an ellipsis, `small` those under their readable size with that they have,
    `dropped` those for which there was no room. `is_crowded`: what gives way is left out.
    """

    lines: tuple[Line, ...]
    shortened: tuple[str, ...] = ()
    is_crowded: bool = False
    dropped: tuple[str, ...] = ()
    small: tuple[tuple[str, float, float], ...] = ()
    colours: tuple[str, ...] = ()


class _Stack:
    """Lines from the top down; the ink of each stays clear of the ink above it and of the code's quiet zone.

    Most stacks are attempts that are thrown away, so that lines become values only when they are asked for.
    """

    __slots__ = (
        "baseline_mm",
        "column",
        "end_mm",
        "given_pt",
        "meets_code",
        "metrics",
        "placed",
        "shortened",
    )

    def __init__(self, column: ColumnPlan, metrics: Mapping[str, Metric]) -> None:
        self.column, self.metrics = column, metrics
        self.shortened: list[str] = []
        self.meets_code = False
        self.end_mm = column.top_mm
        self.baseline_mm: float | None = None
        self.given_pt = 0.0
        # Part, text, size, width of the place it is set in, baseline.
        self.placed: list[tuple[PartPlan, str, float, float, float]] = []

    def copy(self) -> "_Stack":
        twin = _Stack(self.column, self.metrics)
        twin.placed, twin.shortened = list(self.placed), list(self.shortened)
        twin.end_mm, twin.baseline_mm, twin.meets_code = self.end_mm, self.baseline_mm, self.meets_code
        twin.given_pt = self.given_pt
        return twin

    def add(self, part: PartPlan, fitted: Fitted, width_mm: float) -> None:
        column, size_pt, leading = self.column, fitted.size_pt, part.leading
        em_mm = size_pt * MM_PER_PT
        metric = self.metrics[part.face]
        end_mm, baseline_mm = self.end_mm, self.baseline_mm
        if baseline_mm is None:
            # The first baselines of all badges agree, with room for an accented capital.
            baseline_mm = end_mm + (CAPITAL_EM - leading) * em_mm
        elif part.gap_mm:
            end_mm += part.gap_mm
            baseline_mm += part.gap_mm
        for text in fitted.lines:
            rise, depth = metric.ink_em(text)
            air_mm = AIR_MM if self.placed else 0.0
            baseline_mm = max(end_mm + air_mm + rise * em_mm, baseline_mm + leading * em_mm)
            end_mm = baseline_mm + depth * em_mm
            self.placed.append((part, text, size_pt, width_mm, baseline_mm))
            if end_mm > column.zone_y_mm and not self.meets_code:
                text_mm = metric.width_em(text) * em_mm
                # A line whose ink begins before its own place is moved in, see `_line`.
                in_mm = max(0.0, -edges_em(metric, text)[0]) * em_mm
                right_mm = column.x_mm + _indent(column.align, width_mm, text_mm) + text_mm + in_mm
                self.meets_code = right_mm > column.zone_x_mm + SLACK_MM
        self.end_mm, self.baseline_mm = end_mm, baseline_mm
        if part.field == "given_name":
            self.given_pt = size_pt
        if fitted.is_shortened:
            self.shortened.append(part.field)

    def layout(self, *, is_crowded: bool, dropped: Sequence[str] = ()) -> BadgeLayout:
        lines = tuple([self._line(*one) for one in self.placed])
        small = dict.fromkeys(
            (part.field, size_pt, part.part.type.readable_pt)
            for part, _, size_pt, _, _ in self.placed
            if size_pt < part.part.type.readable_pt
        )
        return BadgeLayout(
            lines=lines,
            colours=tuple([part.colour for part, *_ in self.placed]),
            shortened=tuple(self.shortened),
            is_crowded=is_crowded,
            dropped=tuple(dropped),
            small=tuple(small),
        )

    def _line(self, part: PartPlan, text: str, size_pt: float, width_mm: float, y_mm: float) -> Line:
        """Return the line so that its ink, not its advance, meets the edge or the middle."""
        column, metric, em_mm = self.column, self.metrics[part.face], size_pt * MM_PER_PT
        left_em, right_em = edges_em(metric, text)
        x_mm = column.x_mm - left_em * em_mm
        if column.align == "left":
            if (
                left_em < 0
            ):  # ink before its own place: moved in, and where that leaves no room a hair smaller
                whole_mm = (metric.width_em(text) - left_em) * em_mm
                share = min(1.0, width_mm / whole_mm)
                size_pt *= share
                x_mm = column.x_mm - left_em * em_mm * share
        else:
            ink_mm = (metric.width_em(text) - left_em - right_em) * em_mm
            x_mm += _indent(column.align, width_mm, ink_mm)
        return Line(text=text, face=part.face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm)


def _indent(align: str, width_mm: float, text_mm: float) -> float:
    if align == "left":
        return 0.0
    return (width_mm - text_mm) / 2 if align == "centre" else width_mm - text_mm


class _Setting:
    """The words of one badge's column, with their metrics."""

    __slots__ = ("are_details_small", "column", "details", "metrics", "names")

    def __init__(self, texts: Mapping[str, str], column: ColumnPlan, metrics: Mapping[str, Metric]) -> None:
        self.column, self.metrics = column, metrics
        self.are_details_small = False
        self.names: _Words = tuple(
            [(part, text) for part in column.names if (text := texts.get(part.field, ""))]
        )
        self.details: _Words = tuple(
            [(part, text) for part in column.details if (text := _said(part, texts))]
        )


def _said(part: PartPlan, texts: Mapping[str, str]) -> str:
    return part.words if part.field == "words" else texts.get(part.field, "")


def lay_out(
    texts: Mapping[str, str], column: ColumnPlan, metrics: Mapping[str, Metric], foot_mm: float
) -> BadgeLayout:
    """Return the column with its names as large as they fit. `texts` by field; `metrics` by face.

    `foot_mm` is the height at the column's foot of what gives way. The type gets smaller until all stands whole, or
    down to the size at which the name goes first; then the details are set in small type, then what gives way goes; where that is not enough, the attempt that
    shows most is taken.
    """
    words = _Setting(texts, column, metrics)
    best: tuple[_Stack, bool] | None = None
    small: _Stack | None = None
    for foot, most_lines, is_small in _attempts(foot_mm):
        words.are_details_small = is_small
        found = _largest_whole(words, foot, most_lines)
        if found and not found.shortened:
            if foot and found.given_pt < column.name_first_pt:
                small = found
            elif small and small.given_pt >= found.given_pt:
                return small.layout(is_crowded=False)
            else:
                return found.layout(is_crowded=foot == 0)
        if found and (best is None or _loss(found) < _loss(best[0])):
            best = found, foot == 0
    if small:
        return small.layout(is_crowded=False)
    return best[0].layout(is_crowded=best[1]) if best else _last_resort(words)


def _attempts(foot_mm: float) -> Iterator[tuple[float, int, bool]]:
    """Yield what is tried in turn: the height of what gives way, the most lines of a detail, and details in small type."""
    if foot_mm:
        yield foot_mm, _MANY_LINES, False
        yield foot_mm, _MANY_LINES, True
    yield 0.0, _MANY_LINES, False
    yield 0.0, 1, False


def _largest_whole(words: _Setting, foot_mm: float, most_lines: int) -> _Stack | None:
    """Return the attempt with the largest type that stands whole, else the one with the smallest type, if any.

    What does not stand whole in the smallest type does not in a larger one, so that halving finds the limit.
    """
    too_large, fits = 0, len(words.column.given_sizes_pt) - 1
    found = _attempt(words, too_large, foot_mm, most_lines)
    if found and not found.shortened:
        return found
    best = _attempt(words, fits, foot_mm, most_lines)
    if best is None or best.shortened:
        return best
    while fits - too_large > 1:
        middle = (too_large + fits) // 2
        found = _attempt(words, middle, foot_mm, most_lines)
        if found and not found.shortened:
            best, fits = found, middle
        else:
            too_large = middle
    return best


def _loss(stack: _Stack) -> tuple[int, int, int]:
    """Return what orders attempts: a name cut short is worst, then anything cut short, then few characters."""
    names = sum(one in _NAMES for one in stack.shortened)
    return names, len(stack.shortened), -sum(len(text) for _, text, *_ in stack.placed)


def _attempt(words: _Setting, start: int, foot_mm: float, most_lines: int) -> _Stack | None:
    """Return the column with the given name no larger than its size `start`, or None where it is too high."""
    column = words.column
    stack = _names(words, start)
    if stack is None:
        return None
    limit_mm = column.bottom_mm - foot_mm
    if words.details:
        begin_mm = stack.end_mm + column.details_gap_mm
        below = None
        if begin_mm + LOWEST_DETAILS_MM <= column.zone_y_mm:
            below = stack.copy()
            _add_details(below, words, column.width_mm, most_lines, begin_mm)
            if below.end_mm > column.zone_y_mm:
                below = None
        if below is None:
            below = stack
            begin_mm = max(stack.end_mm + column.gap_mm, column.code_y_mm)
            _add_details(below, words, column.narrow_mm, most_lines, begin_mm)
        stack = below
    return stack if stack.end_mm <= limit_mm and not stack.meets_code else None


def _names(words: _Setting, start: int) -> _Stack | None:
    """Set the names across the badge, and beside the code what reaches down there; None where that is too narrow."""
    column, metrics = words.column, words.metrics
    stack, width_mm = _Stack(column, metrics), column.width_mm
    for part, text in words.names:
        sizes = part.sizes_pt
        if part.field == "given_name":
            sizes = sizes[start:]
        elif part.smaller_pt:
            sizes = tuple([stack.given_pt - step for step in part.smaller_pt])
        # A family name is hyphenated only where no smaller type is left to try.
        hyphenates = not part.smaller_pt or stack.given_pt == column.given_sizes_pt[-1]
        width_em = metrics[part.face].width_em
        kept = (len(stack.placed), len(stack.shortened), stack.end_mm, stack.baseline_mm)
        stack.add(part, fit(text, width_em, width_mm, sizes, part.lines, hyphenates=hyphenates), width_mm)
        if not stack.meets_code:
            continue
        if width_mm == column.narrow_mm:
            return None
        # Beside the code, and so is all that follows.
        width_mm = column.narrow_mm
        del stack.placed[kept[0] :], stack.shortened[kept[1] :]
        stack.end_mm, stack.baseline_mm, stack.meets_code = kept[2], kept[3], False
        stack.add(part, fit(text, width_em, width_mm, sizes, part.lines, hyphenates=hyphenates), width_mm)
        if stack.meets_code:
            return None
    return stack


def _add_details(stack: _Stack, words: _Setting, width_mm: float, most_lines: int, begin_mm: float) -> None:
    """Set organisation, country and what else belongs to the name in this width, from this height down."""
    stack.end_mm = max(stack.end_mm, begin_mm)
    stack.baseline_mm = (stack.baseline_mm or 0.0) + BREATH_MM
    for part, text in words.details:
        lines = min(part.lines, most_lines)
        sizes = part.small_sizes_pt if words.are_details_small else part.sizes_pt
        stack.add(part, fit(text, stack.metrics[part.face].width_em, width_mm, sizes, lines), width_mm)


def _last_resort(words: _Setting) -> BadgeLayout:
    """Each part in its smallest type, names on more than one line where there is room for that.

    The last details go where not even one line of each has room.
    """
    column, details = words.column, list(words.details)
    dropped: list[str] = []
    while True:
        stack = _in_smallest(words, details, column.width_mm)
        if stack.meets_code:
            stack = _in_smallest(words, details, column.narrow_mm)
        if not details or stack.end_mm <= column.bottom_mm:
            return _fullest(words, details, stack).layout(is_crowded=True, dropped=dropped)
        dropped.insert(0, details.pop()[0].field)


def _fullest(words: _Setting, details: Sequence[tuple[PartPlan, str]], one_line_each: _Stack) -> _Stack:
    """Return the stack that shows most of the names: on several lines both, else one of them, else on one each."""
    best, column = one_line_each, words.column
    for long in (("given_name", "family_name"), ("given_name",), ("family_name",)):
        for given_mm in (column.width_mm, column.narrow_mm):
            stack = _in_smallest(words, details, given_mm, long)
            has_room = stack.end_mm <= column.bottom_mm and not stack.meets_code
            if has_room and _loss(stack) < _loss(best):
                best = stack
    return best


def _in_smallest(
    words: _Setting, details: Sequence[tuple[PartPlan, str]], given_mm: float, long: Sequence[str] = ()
) -> _Stack:
    """Set each part on one line in its smallest type, and those of `long` on as many as the design lets them have."""
    column, metrics = words.column, words.metrics
    stack = _Stack(column, metrics)
    given_pt = column.given_sizes_pt[-1]
    for part, text in (*words.names, *details):
        size_pt = given_pt - part.smaller_pt[-1] if part.smaller_pt else part.sizes_pt[-1]
        width_mm = given_mm if part.field == "given_name" else column.narrow_mm
        lines = part.lines if part.field in long else 1
        stack.add(
            part, fit(text, metrics[part.face].width_em, width_mm, (size_pt,), max_lines=lines), width_mm
        )
    return stack
