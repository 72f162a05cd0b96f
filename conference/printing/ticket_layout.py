"""Where everything stands on a ticket, in millimetres on an A4 page. Pure apart from its words' language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conference.printing.fitting import MM_PER_PT, fit, shortened, wrap
from conference.printing.layout import Line, Metric
from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM, Box

MARGIN_MM = 15.0
WIDTH_MM = A4_WIDTH_MM - 2 * MARGIN_MM
SYMBOL_MM = 40.0
QUIET_MM = SYMBOL_MM / 21 * 4
SYMBOL = Box(
    x_mm=A4_WIDTH_MM - MARGIN_MM - SYMBOL_MM - QUIET_MM,
    y_mm=66 + QUIET_MM,
    width_mm=SYMBOL_MM,
    height_mm=SYMBOL_MM,
)
BAND = Box(x_mm=MARGIN_MM, y_mm=54, width_mm=WIDTH_MM, height_mm=10)
# The badge to cut out and fold: A7 twice, clear of the edges that printers at home leave white.
LABEL = Box(x_mm=A4_WIDTH_MM - 8 - 105, y_mm=A4_HEIGHT_MM - 8 - 148.5, width_mm=105, height_mm=148.5)
FOLD_MM = LABEL.y_mm + LABEL.height_mm / 2
BESIDE_MM = LABEL.x_mm - MARGIN_MM - 7
# A text as long as its field allows must not push the rest off the page.
MOST_LINES = 3
_NAME_SIZES_PT = tuple(range(28, 15, -1))
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
    cut_note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketLayout:
    lines: tuple[Line, ...]
    band_lines: tuple[Line, ...]
    ticks: tuple[tuple[float, float], ...]
    note_lines: tuple[Line, ...]


class _Column:
    """Lines from the top down in one column."""

    def __init__(self, metrics: Mapping[str, Metric], x_mm: float, y_mm: float, width_mm: float) -> None:
        self.metrics, self.x_mm, self.y_mm, self.width_mm = metrics, x_mm, y_mm, width_mm
        self.lines: list[Line] = []

    def fitted(self, text: str, face: str, sizes: tuple[float, ...], max_lines: int = 2) -> None:
        found = fit(text, self.metrics[face].width_em, self.width_mm, sizes, max_lines)
        self._add(found.lines, face, found.size_pt, 1.15)

    def wrapped(
        self, text: str, face: str, size_pt: float, leading: float = 1.4, most: int = MOST_LINES
    ) -> None:
        measure = self.metrics[face].width_em
        lines = wrap(text, measure, self.width_mm, size_pt)
        if len(lines) > most:
            rest = " ".join(lines[most - 1 :])
            room_em = self.width_mm / MM_PER_PT / size_pt
            lines[most - 1 :] = [shortened(rest, measure, room_em)]
        self._add(lines, face, size_pt, leading)

    def _add(self, texts: Sequence[str], face: str, size_pt: float, leading: float) -> None:
        for text in texts:
            self.y_mm += leading * size_pt * MM_PER_PT
            self.lines.append(Line(text=text, face=face, size_pt=size_pt, x_mm=self.x_mm, y_mm=self.y_mm))


def lay_out_ticket(words: TicketWords, metrics: Mapping[str, Metric]) -> TicketLayout:
    """Return the page: the event, the role's band, the person beside the code, and below, beside the badge, its use."""
    head = _Column(metrics, MARGIN_MM, 14, WIDTH_MM)
    head.fitted(words.event_title, "bold", _TITLE_SIZES_PT)
    head.y_mm += 2
    head.wrapped(words.when, "regular", 12, most=1)
    head.wrapped(words.where, "regular", 12, most=1)
    beside = _Column(metrics, MARGIN_MM, LABEL.y_mm, BESIDE_MM)
    for label, text in words.facts:
        beside.wrapped(label, "bold", 10, most=1)
        beside.wrapped(text, "regular", 10)
        beside.y_mm += 1.5
    beside.y_mm += 4
    beside.wrapped(words.steps_title, "bold", 13, most=1)
    ticks = []
    beside.x_mm, beside.width_mm = MARGIN_MM + 7, BESIDE_MM - 7
    for step in words.steps:
        beside.y_mm += 1.5
        ticks.append((MARGIN_MM, beside.y_mm + 1.35 * 10 * MM_PER_PT))
        beside.wrapped(step, "regular", 10, 1.35, most=6)
    note = _Column(metrics, LABEL.x_mm, LABEL.y_mm - 6.5, LABEL.width_mm)
    note.fitted(words.cut_note, "regular", (9, 8.5, 8, 7.5, 7), 1)
    return TicketLayout(
        lines=(*head.lines, *_person(words, metrics).lines, *beside.lines),
        band_lines=_band(words.word, metrics),
        ticks=tuple(ticks),
        note_lines=tuple(note.lines),
    )


def _band(word: str, metrics: Mapping[str, Metric]) -> tuple[Line, ...]:
    column = _Column(metrics, BAND.x_mm + 4, BAND.y_mm + 1.2, BAND.width_mm - 8)
    column.fitted(word, "bold", tuple(range(16, 8, -1)), 1)
    return tuple(column.lines)


def _person(words: TicketWords, metrics: Mapping[str, Metric]) -> _Column:
    """The person's name, affiliation and number, left of the code."""
    column = _Column(metrics, MARGIN_MM, 66, SYMBOL.x_mm - QUIET_MM - MARGIN_MM - 2)
    if words.name:
        column.fitted(words.name, "bold", _NAME_SIZES_PT)
        column.y_mm += 1.5
    else:
        column.wrapped(words.name_note, "regular", 11, most=3)
    column.wrapped(words.affiliation, "regular", 11.5, 1.3, most=2)
    column.wrapped(words.country, "regular", 11.5, 1.3, most=1)
    column.y_mm += 3
    column.wrapped(words.number_label, "regular", 9.5, most=1)
    column.wrapped(words.number, "bold", 20 if words.name else 30, 1.1, most=1)
    return column
