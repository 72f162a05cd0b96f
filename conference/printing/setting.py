"""Texts set on lines of a width: paragraphs of several weights and colours, and headings with balanced lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from conference.printing.bidi import base_level
from conference.printing.colours import INK
from conference.printing.directing import Measure, left_to_right
from conference.printing.fitting import MM_PER_PT, wrap
from conference.printing.hyphenation import language_of
from conference.printing.preflight import metrics
from conference.web.language import language

# Between baselines, in ems: of what is read, and of headings.
LEADING, TIGHT = 1.36, 1.2
_HALVINGS = 6
# A paragraph's last line is at least this share of the width, where lines that are a little narrower allow it.
_LEAST_LAST_LINE = 0.14
_NARROWER = (0.97, 0.94, 0.91)
# Of a line of prose; where more would stay empty the next word is hyphenated.
_MOST_EMPTY = 0.15
# Where a line may end: at any blank but one that must not break.
_BLANKS = re.compile(r"[^\S\u00a0\u202f\u2007]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a paragraph, of text that can be set. Where it does not begin with a blank it follows at once."""

    text: str
    face: str = "regular"
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Run:
    """What stands together on a line; `x_mm` from the line's beginning."""

    text: str
    face: str
    colour: str
    x_mm: float


SetLine = tuple[Run, ...]


@lru_cache(maxsize=8192)
def _em(face: str, text: str) -> float:
    return metrics()[face].width_em(text)


def width_mm(text: str, face: str, size_pt: float) -> float:
    return metrics()[face].width_em(text) * size_pt * MM_PER_PT


def set_text(text: str, face: str, size_pt: float, line_mm: float, colour: str = INK) -> list[SetLine]:
    """Return the text of one weight on as many lines as it takes, one at least.

    The last one is no scrap of a word where that can be.
    """
    lines = _lines(text, face, size_pt, line_mm)
    return [(Run(line, face, colour, 0.0),) for line in lines or [""]]


def set_prose(text: str, size_pt: float, line_mm: float) -> list[SetLine]:
    """Return a paragraph that somebody wrote, long words hyphenated in the paragraph's own language.

    One from right to left stands at the line's right end.
    """
    lines = _lines(text, "regular", size_pt, line_mm, language_of(text, language()), _MOST_EMPTY)
    if not lines or not base_level(text):
        return [(Run(line, "regular", INK, 0.0),) for line in lines or [""]]
    return [(Run(line, "regular", INK, line_mm - width_mm(line, "regular", size_pt)),) for line in lines]


def _lines(
    text: str, face: str, size_pt: float, line_mm: float, tongue: str | None = None, most_empty: float = 1.0
) -> list[str]:
    measure: Measure = metrics()[face].width_em
    lines = wrap(text, measure, line_mm, size_pt, tongue, most_empty=most_empty)
    least_em = _LEAST_LAST_LINE * line_mm / MM_PER_PT / size_pt
    if len(lines) > 1 and measure(lines[-1]) < least_em:
        for share in _NARROWER:
            narrower = wrap(text, measure, share * line_mm, size_pt, tongue, most_empty=most_empty)
            if len(narrower) == len(lines) and measure(narrower[-1]) >= least_em:
                return narrower
    return lines


def set_heading(text: str, face: str, size_pt: float, line_mm: float, colour: str = INK) -> list[SetLine]:
    """Return the text on as few lines as it takes, one at least, of much the same length each."""
    return [(Run(line, face, colour, 0.0),) for line in balanced(text, face, size_pt, line_mm) or [""]]


def balanced(text: str, face: str, size_pt: float, line_mm: float) -> list[str]:
    """Return the text on as few lines of this width as it takes, no line much longer than another."""
    measure: Measure = metrics()[face].width_em
    lines = wrap(text, measure, line_mm, size_pt)
    if not 1 < len(lines) <= 4:  # noqa: PLR2004 -- a longer heading is a paragraph
        return lines
    longest_mm = max(measure(word) for word in filter(None, _BLANKS.split(text))) * size_pt * MM_PER_PT
    low, high = max(line_mm / len(lines), min(longest_mm, line_mm)), line_mm
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        narrower = wrap(text, measure, middle, size_pt)
        if len(narrower) == len(lines):
            lines, high = narrower, middle
        else:
            low = middle
    return lines


def set_spans(spans: Sequence[Span], size_pt: float, line_mm: float) -> list[SetLine]:
    """Return a paragraph of several weights and colours on as many lines as it takes.

    It runs from left to right as a whole: a name in Arabic or Hebrew is read within it from right to left, and what
    follows the name stands at its right.
    """
    if len(spans) == 1:
        one = spans[0]
        return set_text(one.text, one.face, size_pt, line_mm, one.colour)
    room_em = line_mm / MM_PER_PT / size_pt
    lines: list[list[_Word]] = []
    current: list[_Word] = []
    used_em = 0.0
    for word in _words(spans, room_em):
        gap_em = _em(word[0][1], " ") if current else 0.0
        wide_em = sum(_em(face, text) for text, face, _ in word)
        if current and used_em + gap_em + wide_em > room_em:
            lines.append(current)
            current, used_em, gap_em = [], 0.0, 0.0
        current.append(word)
        used_em += gap_em + wide_em
    if current:
        lines.append(current)
    return [_runs(words, size_pt) for words in lines]


# The parts of a word, one for each weight and colour in it: text, face, colour.
_Word = list[tuple[str, str, str]]


def _words(spans: Sequence[Span], room_em: float) -> list[_Word]:
    """Return the words, none wider than a line."""
    words: list[_Word] = []
    is_open = False
    for span in spans:
        for number, text in enumerate(filter(None, _BLANKS.split(span.text))):
            pieces = [text]
            if _em(span.face, text) > room_em:
                pieces = wrap(text, metrics()[span.face].width_em, room_em, 1 / MM_PER_PT)
            joins = is_open and number == 0 and not span.text[0].isspace() and len(pieces) == 1
            if joins:
                words[-1].append((text, span.face, span.colour))
            else:
                words += [[(piece, span.face, span.colour)] for piece in pieces]
        if span.text:
            is_open = not span.text[-1].isspace()
    return words


def _runs(words: Sequence[_Word], size_pt: float) -> SetLine:
    """Return a line's runs: what has one weight and colour stands together, its blanks within it."""
    joined: list[tuple[str, str, str]] = []
    for number, word in enumerate(words):
        for place, (text, face, colour) in enumerate(word):
            blank = " " if number and place == 0 else ""
            if joined and joined[-1][1:] == (face, colour):
                joined[-1] = (f"{joined[-1][0]}{blank}{text}", face, colour)
            else:
                if blank:
                    joined[-1] = (f"{joined[-1][0]} ", *joined[-1][1:])
                joined.append((text, face, colour))
    runs, x_em = [], 0.0
    for typed, face, colour in joined:
        text = left_to_right(typed)
        runs.append(Run(text, face, colour, x_em * size_pt * MM_PER_PT))
        x_em += metrics()[face].width_em(text)
    return tuple(runs)
