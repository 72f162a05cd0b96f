"""Text into a width: as large as it fits, then on two lines, then hyphenated, then with an ellipsis (domain.md, Badge type)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from conference.printing.directing import FIRST_OTHER, Measure, directed, of_parts
from conference.printing.hyphenation import hyphen_places
from conference.printing.shaping import SOFT_HYPHEN, clusters_of

MM_PER_PT = 25.4 / 72
ELLIPSIS = "…"
# What ends a hyphenated line: drawn as a hyphen, and read from the paper's file as what is not part of the word.
HYPHEN = SOFT_HYPHEN
# Affiliations, countries and given names come again and again, and each attempt at a badge asks anew.
_KEPT = 1024
# A line may end at a blank, and after a hyphen, dash or slash inside a word.
_BREAK = re.compile(r" |(?<=[-‐–/])(?=\S)")
# Chinese and Japanese are written without blanks: a line may end between any two signs, but for points and brackets.
_SIGN = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_HAS_SIGN = re.compile(f"[{_SIGN}]")
_BREAK_OF_SIGNS = re.compile(
    _BREAK.pattern
    + rf"|(?<=[{_SIGN}])(?<![「『【〔〈《（［｛])(?=[{_SIGN}])(?![、。，．・：；？！ー々」』】〕〉》）］｝ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ])"
)
# Words that stay with the next one: articles, and what stands before names, in the event's languages and their neighbours'.
_ARTICLES = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "in",
        "at",
        "on",
        "to",
        "and",
        "&",
        "en",
        "ett",
        "av",
        "för",
        "i",
        "på",
        "till",
        "och",
        "vid",
        "den",
        "det",
        "der",
        "die",
        "das",
        "des",
        "dem",
        "ein",
        "eine",
        "von",
        "vom",
        "zu",
        "zum",
        "zur",
        "für",
        "und",
        "am",
        "im",
        "van",
        "de",
        "het",
        "la",
        "le",
        "les",
        "du",
        "di",
        "da",
        "del",
        "della",
        "dei",
        "do",
        "dos",
        "y",
        "e",
        "et",
        "al",
        "el",
        "ibn",
        "bin",
        "ben",
        "af",
        "til",
        "og",
        "w",
        "z",
    ]
)
_MOST_CARRIED = 2
_SIGNS = ".,;:!?()“”\"'„"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """`is_shortened` is true where an ellipsis stands for what did not fit."""

    lines: tuple[str, ...]
    size_pt: float
    is_shortened: bool


@lru_cache(maxsize=_KEPT)
def fit(
    text: str,
    measure: Measure,
    width_mm: float,
    sizes_pt: tuple[float, ...],
    max_lines: int = 2,
    language: str | None = None,
    *,
    hyphenates: bool = True,
) -> Fitted:
    """Return the text in the largest of `sizes_pt` (largest first) in which it fits on as few lines as possible.

    `measure` gives widths in ems. One line goes before two of like length, those before a hyphenated word (by
    `language`, else by its letters; not at all where smaller sizes are tried elsewhere), and an ellipsis is the last
    resort, at the smallest size.
    """
    room_em = width_mm / MM_PER_PT
    smallest = sizes_pt[-1]
    whole_em = measure(text)
    if whole_em * smallest <= room_em:
        return Fitted(lines=(text,), size_pt=_largest(whole_em, room_em, sizes_pt), is_shortened=False)
    places: Sequence[int] = ()
    if max_lines > 1:
        measure = of_parts(measure, text)
        pairs = _pairs(text)
        halves, wider_em = _halved(pairs, measure, room_em / smallest) if pairs else (None, 0.0)
        if not halves and hyphenates:
            places = hyphen_places(text, language)
            if places and whole_em * smallest <= 2 * room_em:
                hyphenated = [_at_hyphen(text, place) for place in places]
                halves, wider_em = _halved(hyphenated, measure, room_em / smallest)
        if halves:
            size = _largest(wider_em, room_em, sizes_pt)
            return Fitted(lines=directed(halves, text), size_pt=size, is_shortened=False)
    lines = _cut(text, measure, room_em / smallest, max_lines, places)
    return Fitted(lines=directed(lines, text), size_pt=smallest, is_shortened=True)


def shortened(text: str, measure: Measure, room_em: float) -> str:
    """Return as much of the text as fits with an ellipsis behind it; the text itself where it fits."""
    if not text or measure(text) <= room_em:
        return text
    ends = _cluster_ends(text)
    fitting = bisect_right(ends, room_em, key=lambda end: measure(text[:end].rstrip() + ELLIPSIS))
    return text[: ends[max(fitting - 1, 0)]].rstrip() + ELLIPSIS


def _largest(em: float, room_em: float, sizes_pt: tuple[float, ...]) -> float:
    for size in sizes_pt:
        if em * size <= room_em:
            return size
    raise AssertionError


def _breaks(text: str) -> re.Pattern[str]:
    return _BREAK if max(text, default="") < FIRST_OTHER or not _HAS_SIGN.search(text) else _BREAK_OF_SIGNS


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(text[: hit.start()], text[hit.end() :]) for hit in _breaks(text).finditer(text) if hit.start()]


def _hyphenated(text: str, language: str | None) -> list[tuple[str, str]]:
    return [_at_hyphen(text, place) for place in hyphen_places(text, language)]


def _at_hyphen(text: str, place: int) -> tuple[str, str]:
    return text[:place] + HYPHEN, text[place:]


def _halved(
    pairs: list[tuple[str, str]], measure: Measure, room_em: float
) -> tuple[tuple[str, str] | None, float]:
    """Return the two lines that fit and whose longer one is shortest, and its width in ems; None where none fit.

    An article stays with its word, unless only lines that part them fit.
    """
    if len(pairs) == 1:
        wider_em = max(measure(pairs[0][0]), measure(pairs[0][1]))
        return (pairs[0], wider_em) if wider_em <= room_em else (None, 0.0)
    # The first line grows from pair to pair and the second shrinks: the best pair is beside the crossing.
    crossing = bisect_left(pairs, x=True, key=lambda pair: measure(pair[0]) >= measure(pair[1]))
    kept = [at for at, pair in enumerate(pairs) if _keeps_articles(pair)]
    for places in (kept, range(len(pairs))):
        found = bisect_left(places, crossing)
        best, best_em = _shortest([pairs[at] for at in places[max(found - 1, 0) : found + 1]], measure)
        if best and best_em <= room_em:
            return best, best_em
    return None, 0.0


def _shortest(pairs: Sequence[tuple[str, str]], measure: Measure) -> tuple[tuple[str, str] | None, float]:
    best, best_em = None, 0.0
    for pair in pairs:
        wider_em = max(measure(pair[0]), measure(pair[1]))
        if best is None or wider_em < best_em:
            best, best_em = pair, wider_em
    return best, best_em


def _keeps_articles(pair: tuple[str, str]) -> bool:
    return not _is_article(pair[0].rpartition(" ")[2])


def _is_article(word: str) -> bool:
    return word.casefold() in _ARTICLES


def _cut(
    text: str, measure: Measure, room_em: float, max_lines: int, places: Sequence[int]
) -> tuple[str, ...]:
    """Fill one line after the other, hyphenated at `places` at most; the last one carries the ellipsis."""
    if max_lines > 1:
        pairs = _pairs(text)
        if places:
            pairs = [*pairs, *(_at_hyphen(text, place) for place in places)]
            pairs.sort(key=lambda pair: -len(pair[1]))
        fitting = bisect_right(pairs, room_em, key=lambda pair: measure(pair[0]))
        if fitting:
            first, second = pairs[fitting - 1]
            begun = len(text) - len(second)
            rest = [place - begun for place in places if place > begun]
            return (first, *_cut(second, measure, room_em, max_lines - 1, rest))
    return (shortened(text, measure, room_em),)


def _cluster_ends(text: str) -> Sequence[int]:
    """Return the places behind each cluster of a text that is not empty."""
    clusters = clusters_of(text)
    return range(1, len(text) + 1) if len(clusters) == len(text) else list(accumulate(map(len, clusters)))


@dataclass(frozen=True, slots=True)
class _Word:
    """What stays together on a line, and the blank, if any, between it and what stands before it.

    `is_rest` is true of what a hyphen at the end of the line above parted.
    """

    text: str
    blank: str
    width_em: float
    is_rest: bool = False


class _Lines:
    """A paragraph's lines while it is filled. Each word is measured once, and each line once more as a whole."""

    def __init__(self, measure: Measure, room_em: float, language: str | None, most_empty: float) -> None:
        self._measure, self._room_em, self._language = measure, room_em, language
        self._empty_em = most_empty * room_em
        self._space_em = measure(" ")
        self.done: list[list[_Word]] = []
        self._line: list[_Word] = []
        self._used_em = 0.0

    def add(self, text: str, blank: str) -> None:
        word = self._begun(_Word(text, blank, self._measure(text)))
        if self._line and self._used_em + self._with_blank(word) > self._room_em:
            self._end_line()
        if (
            self._line and self._used_em + self._with_blank(word) > self._room_em
        ):  # what was carried over fills it
            self._end_line(carries=False)
        while not self._line and word.width_em > self._room_em and len(clusters_of(word.text)) > 1:
            head, tail = self._parted(word.text)
            self.done.append([_Word(head, word.blank, self._measure(head))])
            word = _Word(tail, "", self._measure(tail))
        self._used_em += self._with_blank(word)
        self._line.append(word)

    def _begun(self, word: _Word) -> _Word:
        """Return the word, or its rest where it would leave too much of the line empty and has been hyphenated."""
        room_em = self._room_em - self._used_em - self._space_em
        if not self._line or not self._empty_em <= room_em < word.width_em:
            return word
        heads = _hyphenated(word.text, self._language) if word.text.strip(_SIGNS).isalpha() else []
        fitting = bisect_right(heads, room_em, key=lambda pair: self._measure(pair[0]))
        if not fitting:
            return word
        head, tail = heads[fitting - 1]
        self._line.append(_Word(head, word.blank, self._measure(head)))
        self._end_line(carries=False)
        return _Word(tail, "", self._measure(tail), is_rest=True)

    def _with_blank(self, word: _Word) -> float:
        return word.width_em + (self._space_em if self._line and word.blank else 0.0)

    def _end_line(self, *, carries: bool = True) -> None:
        line, carried = self._line, list[_Word]()
        while carries and len(line) > 1 and len(carried) < _MOST_CARRIED and _is_article(line[-1].text):
            carried.insert(0, line.pop())
        # Shaped together, words can be wider than each by itself.
        while len(line) > 1 and self._measure(_joined(line)) > self._room_em:
            carried.insert(0, line.pop())
        self.done.append(line)
        self._line, self._used_em = [], 0.0
        for word in carried:
            self._used_em += self._with_blank(word)
            self._line.append(word)

    def _parted(self, text: str) -> tuple[str, str]:
        """Return as much of a word as fits a line, hyphenated where its language allows it, and the rest."""
        heads = _hyphenated(text, self._language)
        fitting = bisect_right(heads, self._room_em, key=lambda pair: self._measure(pair[0]))
        if fitting:
            return heads[fitting - 1]
        ends = _cluster_ends(text)
        end = ends[max(bisect_right(ends, self._room_em, key=lambda end: self._measure(text[:end])) - 1, 0)]
        return text[:end], text[end:]

    def close(self) -> list[str]:
        if self._line:
            self._end_line(carries=False)
        while self._line:
            self._end_line(carries=False)
        self._fill_last()
        return [_joined(line) for line in self.done]

    def _fill_last(self) -> None:
        """Let no word stand alone on the last line where the one above can spare one, with its articles."""
        if len(self.done) < 2 or len(self.done[-1]) != 1 or self.done[-1][0].is_rest:  # noqa: PLR2004 -- there is a line above
            return
        above, last = self.done[-2], self.done[-1]
        taken = 1
        while taken <= _MOST_CARRIED and taken + 1 < len(above) and _is_article(above[-taken - 1].text):
            taken += 1
        moved = [*above[len(above) - taken :], *last]
        if len(above) > taken and self._measure(_joined(moved)) <= self._room_em:
            self.done[-2:] = [above[:-taken], moved]


def _joined(words: Sequence[_Word]) -> str:
    return "".join((word.blank if at else "") + word.text for at, word in enumerate(words))


def wrap(
    text: str,
    measure: Measure,
    width_mm: float,
    size_pt: float,
    language: str | None = None,
    *,
    most_empty: float = 1.0,
) -> list[str]:
    """Return the text on as many lines of this width as it takes, in time that grows with its length.

    A word wider than a line is hyphenated, or cut where it must be, and so is one before which more than this share
    of a line would stay empty. No article ends a line, and no word stands alone
    on the last one where the line above can spare another.
    """
    lines = _Lines(of_parts(measure, text), width_mm / MM_PER_PT / size_pt, language, most_empty)
    for word in filter(None, re.split(r"[^\S\u00a0\u202f\u2007]+", text)):
        begin = 0
        for hit in _breaks(word).finditer(word):
            if hit.start():
                lines.add(word[begin : hit.start()], "" if begin else " ")
                begin = hit.end()
        lines.add(word[begin:], "" if begin else " ")
    return list(directed(lines.close(), text))
