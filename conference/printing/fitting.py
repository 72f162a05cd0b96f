"""Text into a width: as large as it fits, then on two lines, then with an ellipsis (domain.md, Badge type)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

MM_PER_PT = 25.4 / 72
ELLIPSIS = "…"
# Affiliations, countries and given names come again and again, and each attempt at a badge asks anew.
_KEPT = 1024
Measure = Callable[[str], float]
# A line may end at a blank, and after a hyphen, dash or slash inside a word.
_BREAK = re.compile(r" |(?<=[-‐–/])(?=\S)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """`is_shortened` is true where an ellipsis stands for what did not fit."""

    lines: tuple[str, ...]
    size_pt: float
    is_shortened: bool


@lru_cache(maxsize=_KEPT)
def fit(
    text: str, measure: Measure, width_mm: float, sizes_pt: tuple[float, ...], max_lines: int = 2
) -> Fitted:
    """Return the text in the largest of `sizes_pt` (largest first) in which it fits on as few lines as possible.

    `measure` gives widths in ems. One line goes before two, and an ellipsis is the last resort, at the smallest size.
    """
    room_em = width_mm / MM_PER_PT
    whole_em = measure(text)
    if whole_em * sizes_pt[-1] <= room_em:
        return Fitted(lines=(text,), size_pt=_largest(whole_em, room_em, sizes_pt), is_shortened=False)
    if max_lines > 1:
        halves, wider_em = _halved(text, measure)
        if halves and wider_em * sizes_pt[-1] <= room_em:
            return Fitted(lines=halves, size_pt=_largest(wider_em, room_em, sizes_pt), is_shortened=False)
    smallest = sizes_pt[-1]
    lines = _cut(text, measure, room_em / smallest, max_lines)
    return Fitted(lines=lines, size_pt=smallest, is_shortened=True)


def shortened(text: str, measure: Measure, room_em: float) -> str:
    """Return as much of the text as fits with an ellipsis behind it; the text itself where it fits."""
    if measure(text) <= room_em:
        return text
    return text[: _that_fits(text, measure, room_em - measure(ELLIPSIS))].rstrip() + ELLIPSIS


def _largest(em: float, room_em: float, sizes_pt: tuple[float, ...]) -> float:
    for size in sizes_pt:
        if em * size <= room_em:
            return size
    raise AssertionError


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(text[: hit.start()], text[hit.end() :]) for hit in _BREAK.finditer(text)]


def _halved(text: str, measure: Measure) -> tuple[tuple[str, ...], float]:
    """Return the two lines whose longer one is shortest, and its width in ems; no lines where nothing breaks."""
    best: tuple[str, ...] = ()
    best_em = 0.0
    for first, second in _pairs(text):
        wider_em = max(measure(first), measure(second))
        if not best or wider_em < best_em:
            best, best_em = (first, second), wider_em
    return best, best_em


def _cut(text: str, measure: Measure, room_em: float, max_lines: int) -> tuple[str, ...]:
    """Fill one line after the other; the last one carries the ellipsis."""
    if max_lines > 1:
        fitting = [(first, second) for first, second in _pairs(text) if first and measure(first) <= room_em]
        if fitting:
            first, second = fitting[-1]
            return (first, *_cut(second, measure, room_em, max_lines - 1))
    return (shortened(text, measure, room_em),)


def wrap(text: str, measure: Measure, width_mm: float, size_pt: float) -> list[str]:
    """Return the text on as many lines of this width as it takes; a word wider than a line is cut where it must be."""
    room_em = width_mm / MM_PER_PT / size_pt
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if measure(longer) <= room_em:
            current = longer
            continue
        lines += [current] if current else []
        current = word
        while measure(current) > room_em and len(current) > 1:
            kept = _that_fits(current, measure, room_em)
            lines.append(current[:kept])
            current = current[kept:]
    return [*lines, current] if current else lines


def _that_fits(word: str, measure: Measure, room_em: float) -> int:
    """Return how many characters fit, at least one."""
    kept, used_em = 0, 0.0
    for character in word:
        used_em += measure(character)
        if used_em > room_em:
            break
        kept += 1
    return max(kept, 1)
