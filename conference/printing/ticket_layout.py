"""Where everything stands on a ticket, in millimetres on an A4 page. Pure apart from its words' language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conference.printing.fitting import MM_PER_PT, fit, shortened, wrap
from conference.printing.layout import Line, Metric
from conference.printing.sheets import A4_WIDTH_MM, Box

MARGIN_MM = 22.0
WIDTH_MM = A4_WIDTH_MM - 2 * MARGIN_MM
SYMBOL_MM = 44.0
QUIET_MM = SYMBOL_MM / 21 * 4
SYMBOL = Box(
    x_mm=A4_WIDTH_MM - MARGIN_MM - SYMBOL_MM - QUIET_MM,
    y_mm=82 + QUIET_MM,
    width_mm=SYMBOL_MM,
    height_mm=SYMBOL_MM,
)
BAND = Box(x_mm=MARGIN_MM, y_mm=68, width_mm=WIDTH_MM, height_mm=11)
_LABEL_MM = 30.0
# A text as long as its field allows must not push the rest off the page.
MOST_LINES = 4
_NAME_SIZES_PT = tuple(range(28, 17, -1))
_TITLE_SIZES_PT = tuple(range(24, 13, -1))


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketWords:
    """What a ticket says, ready to be set. `facts` and `steps` are labelled lines and numbered sentences."""

    event_title: str
    when: str
    where: str
    word: str
    name: str
    name_note: str
    affiliation: str
    country: str
    number: str
    number_label: str
    facts: Sequence[tuple[str, str]]
    steps_title: str
    steps: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketLayout:
    lines: tuple[Line, ...]
    band_lines: tuple[Line, ...]
    ticks: tuple[tuple[float, float], ...]
    rule_y_mm: float


class _Column:
    """Lines from the top down in one column."""

    def __init__(self, metrics: Mapping[str, Metric], x_mm: float, y_mm: float, width_mm: float) -> None:
        self.metrics, self.x_mm, self.y_mm, self.width_mm = metrics, x_mm, y_mm, width_mm
        self.lines: list[Line] = []

    def fitted(self, text: str, face: str, sizes: tuple[float, ...], max_lines: int = 2) -> None:
        found = fit(text, self.metrics[face].width_em, self.width_mm, sizes, max_lines)
        self._add(found.lines, face, found.size_pt, 1.15)

    def wrapped(self, text: str, face: str, size_pt: float, leading: float = 1.4) -> None:
        measure = self.metrics[face].width_em
        lines = wrap(text, measure, self.width_mm, size_pt)
        if len(lines) > MOST_LINES:
            rest = " ".join(lines[MOST_LINES - 1 :])
            room_em = self.width_mm / MM_PER_PT / size_pt
            lines[MOST_LINES - 1 :] = [shortened(rest, measure, room_em)]
        self._add(lines, face, size_pt, leading)

    def _add(self, texts: Sequence[str], face: str, size_pt: float, leading: float) -> None:
        for text in texts:
            self.y_mm += leading * size_pt * MM_PER_PT
            self.lines.append(Line(text=text, face=face, size_pt=size_pt, x_mm=self.x_mm, y_mm=self.y_mm))


def lay_out_ticket(words: TicketWords, metrics: Mapping[str, Metric]) -> TicketLayout:
    """Return the page: the event, the role's band, the person beside the code, and how the ticket is used."""
    head = _Column(metrics, MARGIN_MM, 24, WIDTH_MM)
    head.fitted(words.event_title, "bold", _TITLE_SIZES_PT)
    head.y_mm += 3
    head.wrapped(words.when, "regular", 13)
    head.wrapped(words.where, "regular", 13)
    person = _person(words, metrics)
    facts, bottom_mm = _facts(words, metrics, max(person.y_mm, SYMBOL.bottom_mm + QUIET_MM) + 12)
    steps = _Column(metrics, MARGIN_MM, bottom_mm + 14, WIDTH_MM)
    steps.wrapped(words.steps_title, "bold", 15)
    ticks = []
    steps.x_mm, steps.width_mm = MARGIN_MM + 8, WIDTH_MM - 8
    for step in words.steps:
        steps.y_mm += 2
        ticks.append((MARGIN_MM, steps.y_mm + 1.4 * 11.5 * MM_PER_PT))
        steps.wrapped(step, "regular", 11.5)
    return TicketLayout(
        lines=(*head.lines, *person.lines, *facts, *steps.lines),
        band_lines=_band(words.word, metrics),
        ticks=tuple(ticks),
        rule_y_mm=bottom_mm + 9,
    )


def _band(word: str, metrics: Mapping[str, Metric]) -> tuple[Line, ...]:
    column = _Column(metrics, BAND.x_mm + 4, BAND.y_mm + 1.6, BAND.width_mm - 8)
    column.fitted(word, "bold", tuple(range(17, 8, -1)), 1)
    return tuple(column.lines)


def _person(words: TicketWords, metrics: Mapping[str, Metric]) -> _Column:
    """The person's name, affiliation and number, left of the code."""
    column = _Column(metrics, MARGIN_MM, 84, SYMBOL.x_mm - QUIET_MM - MARGIN_MM)
    if words.name:
        column.fitted(words.name, "bold", _NAME_SIZES_PT)
        column.y_mm += 2
    else:
        column.wrapped(words.name_note, "regular", 11.5)
    for text in filter(None, (words.affiliation, words.country)):
        column.wrapped(text, "regular", 13)
    column.y_mm += 6
    column.wrapped(words.number_label, "regular", 10)
    column.wrapped(words.number, "bold", 22 if words.name else 34, 1.15)
    return column


def _facts(words: TicketWords, metrics: Mapping[str, Metric], y_mm: float) -> tuple[list[Line], float]:
    lines = []
    for label, text in words.facts:
        left = _Column(metrics, MARGIN_MM, y_mm, _LABEL_MM)
        right = _Column(metrics, MARGIN_MM + _LABEL_MM, y_mm, WIDTH_MM - _LABEL_MM)
        left.wrapped(label, "bold", 11.5)
        right.wrapped(text, "regular", 11.5)
        lines += left.lines + right.lines
        y_mm = max(left.y_mm, right.y_mm) + 1
    return lines, y_mm
