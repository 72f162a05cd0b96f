"""Where everything stands on one badge, in millimetres from its top left corner. Pure: no library draws here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from conference.printing.fitting import MM_PER_PT, Fitted, fit
from conference.printing.plans import FAMILY_STEPS_PT, Plan
from conference.printing.sheets import Box

LEADING = 1.06
SLACK_MM = 0.01
# Between the names and what follows, on top of the usual leading.
BREATH_MM = 1.8
# No organisation with a country is lower than this: 14 pt and 9 pt.
LOWEST_DETAILS_MM = 8.0
# Room above the given name's baseline, in ems: an accented capital (Å reaches 0.945).
CAPITAL_EM = 0.95


class Metric(Protocol):
    """What the layout asks of a font: widths, and how far ink reaches above and below the baseline, in ems."""

    def width_em(self, text: str, /) -> float: ...
    def ink_em(self, text: str, /) -> tuple[float, float]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeWords:
    """What is set on one badge. Every text can be set; all but `first` may be empty."""

    first: str
    second: str
    organisation: str
    country: str


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
    """`shortened` names the parts that carry an ellipsis. `is_crowded`: the event's small lines give way."""

    lines: tuple[Line, ...]
    shortened: tuple[str, ...]
    is_crowded: bool


def ink_box(line: Line, metric: Metric) -> Box:
    """Return the rectangle that the line's glyphs fill."""
    em_mm = line.size_pt * MM_PER_PT
    rise, depth = metric.ink_em(line.text)
    width_mm = metric.width_em(line.text) * em_mm
    return Box(
        x_mm=line.x_mm, y_mm=line.y_mm - rise * em_mm, width_mm=width_mm, height_mm=(rise + depth) * em_mm
    )


class _Stack:
    """Lines from the top down; the ink of each stays clear of the ink above it and of the code's quiet zone.

    Most stacks are attempts that are thrown away, so that lines become values only when they are asked for.
    """

    def __init__(self, plan: Plan, metrics: Mapping[str, Metric]) -> None:
        self.plan, self.metrics = plan, metrics
        self.shortened: list[str] = []
        self.meets_code = False
        self.end_mm = plan.top_mm
        self.baseline_mm: float | None = None
        self._placed: list[tuple[str, str, float, float]] = []

    @property
    def lines(self) -> tuple[Line, ...]:
        x_mm = self.plan.margin_mm
        return tuple(
            Line(text=text, face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm)
            for text, face, size_pt, y_mm in self._placed
        )

    def copy(self) -> "_Stack":
        twin = _Stack(self.plan, self.metrics)
        twin._placed, twin.shortened = list(self._placed), list(self.shortened)
        twin.end_mm, twin.baseline_mm, twin.meets_code = self.end_mm, self.baseline_mm, self.meets_code
        return twin

    def begin_at(self, y_mm: float, baseline_mm: float | None = None) -> None:
        """Let the next line's ink begin no higher than this, and lead it from this baseline."""
        self.end_mm = max(self.end_mm, y_mm)
        self.baseline_mm = baseline_mm

    def add(self, part: str, fitted: Fitted, face: str, leading: float = LEADING) -> None:
        em_mm = fitted.size_pt * MM_PER_PT
        metric, zone = self.metrics[face], self.plan.quiet_zone
        for text in fitted.lines:
            rise, depth = metric.ink_em(text)
            baseline = self.end_mm + rise * em_mm
            if self.baseline_mm is not None:
                baseline = max(baseline, self.baseline_mm + leading * em_mm)
            self._placed.append((text, face, fitted.size_pt, baseline))
            self.baseline_mm, self.end_mm = baseline, baseline + depth * em_mm
            if self.end_mm > zone.y_mm and not self.meets_code:
                right_mm = self.plan.margin_mm + metric.width_em(text) * em_mm
                self.meets_code = right_mm > zone.x_mm + SLACK_MM
        if fitted.is_shortened:
            self.shortened.append(part)


def lay_out(words: BadgeWords, plan: Plan, metrics: Mapping[str, Metric], foot_mm: float) -> BadgeLayout:
    """Return the badge with its names as large as they fit; `metrics` by face: bold, medium, regular.

    `foot_mm` is the height of the event's small lines above the band. The type gets smaller until all stands
    whole, then the small lines go; where that is not enough, the attempt that shows most is taken.
    """
    best: BadgeLayout | None = None
    for foot, organisation_lines in ((foot_mm, 2), (0.0, 2), (0.0, 1)):
        found = _largest_whole(words, plan, metrics, foot, organisation_lines)
        if found and not found.shortened:
            return found
        if found and (best is None or _loss(found) < _loss(best)):
            best = found
    return best or _last_resort(words, plan, metrics)


def _largest_whole(
    words: BadgeWords, plan: Plan, metrics: Mapping[str, Metric], foot_mm: float, organisation_lines: int
) -> BadgeLayout | None:
    """Return the attempt with the largest type that stands whole, else the one with the smallest type, if any.

    What does not stand whole in the smallest type does not in a larger one, so that halving finds the limit.
    """

    def attempt(start: int) -> BadgeLayout | None:
        return _attempt(words, plan, metrics, plan.given_sizes_pt[start:], foot_mm, organisation_lines)

    too_large, fits = 0, len(plan.given_sizes_pt) - 1
    found = attempt(too_large)
    if found and not found.shortened:
        return found
    best = attempt(fits)
    if best is None or best.shortened:
        return best
    while fits - too_large > 1:
        middle = (too_large + fits) // 2
        found = attempt(middle)
        if found and not found.shortened:
            best, fits = found, middle
        else:
            too_large = middle
    return best


def _loss(layout: BadgeLayout) -> tuple[int, int, int]:
    """Return what orders attempts: a name cut short is worst, then anything cut short, then few characters."""
    names = sum(part in {"given name", "family name"} for part in layout.shortened)
    return names, len(layout.shortened), -sum(len(line.text) for line in layout.lines)


def _attempt(
    words: BadgeWords,
    plan: Plan,
    metrics: Mapping[str, Metric],
    sizes: tuple[int, ...],
    foot_mm: float,
    organisation_lines: int,
) -> BadgeLayout | None:
    """Return the badge with the given name in the largest of `sizes` that fits, or None where it is too high."""
    stack = _names(words, plan, metrics, sizes)
    if stack is None:
        return None
    below = _across(stack, words, organisation_lines)
    if below is None:
        below = stack
        begin_mm = max(stack.end_mm + plan.gap_mm, plan.symbol.y_mm)
        _add_details(below, words, plan.narrow_width_mm, organisation_lines, begin_mm)
    if below.end_mm > plan.band.y_mm - plan.gap_mm - foot_mm:
        return None
    return BadgeLayout(lines=below.lines, shortened=tuple(below.shortened), is_crowded=foot_mm == 0)


def _across(names: _Stack, words: BadgeWords, organisation_lines: int) -> _Stack | None:
    """Return the names with organisation and country across the badge, or None where the code leaves no room."""
    plan = names.plan
    begin_mm = names.end_mm + plan.details_gap_mm
    if begin_mm + LOWEST_DETAILS_MM > plan.quiet_zone.y_mm:
        return None
    below = names.copy()
    _add_details(below, words, plan.full_width_mm, organisation_lines, begin_mm)
    return below if below.end_mm <= plan.quiet_zone.y_mm else None


def _names(
    words: BadgeWords, plan: Plan, metrics: Mapping[str, Metric], sizes: tuple[int, ...]
) -> _Stack | None:
    """Set the names across the badge, or beside the code what reaches down there: the family name, or both."""
    full_mm, narrow_mm = plan.full_width_mm, plan.narrow_width_mm
    for given_mm, family_widths_mm in ((full_mm, (full_mm, narrow_mm)), (narrow_mm, (narrow_mm,))):
        given = fit(words.first, metrics["bold"].width_em, given_mm, sizes)
        # The baselines of all badges agree, with room for an accented capital.
        first_baseline_mm = plan.top_mm + (CAPITAL_EM - LEADING) * given.size_pt * MM_PER_PT
        alone = _Stack(plan, metrics)
        alone.begin_at(plan.top_mm, first_baseline_mm)
        alone.add("given name", given, "bold")
        if alone.meets_code:
            continue
        if not words.second:
            return alone
        family_sizes = tuple(given.size_pt - step for step in FAMILY_STEPS_PT)
        # A name is hyphenated only where no smaller type is left to try.
        hyphenates = given.size_pt == plan.given_sizes_pt[-1]
        for family_mm in family_widths_mm:
            stack = alone.copy()
            stack.add(
                "family name",
                fit(
                    words.second,
                    metrics["regular"].width_em,
                    family_mm,
                    family_sizes,
                    hyphenates=hyphenates,
                ),
                "regular",
            )
            if not stack.meets_code:
                return stack
    return None


def _add_details(
    stack: _Stack, words: BadgeWords, width_mm: float, organisation_lines: int, begin_mm: float
) -> None:
    """Set organisation and country in this width, from this height down."""
    stack.begin_at(begin_mm, (stack.baseline_mm or 0.0) + BREATH_MM)
    if words.organisation:
        width_em = stack.metrics["medium"].width_em
        fitted = fit(
            words.organisation, width_em, width_mm, stack.plan.organisation_sizes_pt, organisation_lines
        )
        stack.add("organisation", fitted, "medium", leading=1.12)
    if words.country:
        width_em = stack.metrics["regular"].width_em
        fitted = fit(words.country, width_em, width_mm, stack.plan.country_sizes_pt, max_lines=1)
        stack.add("country", fitted, "regular", leading=1.45)


def _last_resort(words: BadgeWords, plan: Plan, metrics: Mapping[str, Metric]) -> BadgeLayout:
    """Each part on one line in its smallest type, which always fits the height."""
    whole = _one_line_each(words, plan, metrics, plan.full_width_mm)
    stack = _one_line_each(words, plan, metrics, plan.narrow_width_mm) if whole.meets_code else whole
    return BadgeLayout(lines=stack.lines, shortened=tuple(stack.shortened), is_crowded=True)


def _one_line_each(
    words: BadgeWords, plan: Plan, metrics: Mapping[str, Metric], given_width_mm: float
) -> _Stack:
    stack = _Stack(plan, metrics)
    given = plan.given_sizes_pt[-1]
    parts = (
        ("given name", words.first, "bold", given_width_mm, given),
        ("family name", words.second, "regular", plan.narrow_width_mm, given - FAMILY_STEPS_PT[-1]),
        ("organisation", words.organisation, "medium", plan.narrow_width_mm, plan.organisation_sizes_pt[-1]),
        ("country", words.country, "regular", plan.narrow_width_mm, plan.country_sizes_pt[-1]),
    )
    for part, text, face, width_mm, size_pt in parts:
        if text:
            fitted = fit(text, metrics[face].width_em, width_mm, (size_pt,), max_lines=1)
            stack.add(part, fitted, face)
    return stack
