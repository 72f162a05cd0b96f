"""The direction of lines: a part of a text is set as the whole is, whatever its own first letter."""

import re
from collections.abc import Callable, Sequence

from conference.printing.bidi import base_level

Measure = Callable[[str], float]
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
FIRST_OTHER = "\u0590"
_MARKS = ("\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}")


def directed(lines: Sequence[str], text: str) -> tuple[str, ...]:
    """Return the lines with a direction mark before each whose own first letter runs against the whole text's."""
    if len(lines) < 2 or not _has_right_to_left(text):  # noqa: PLR2004 -- one line is the whole text
        return tuple(lines)
    base = base_level(text)
    return tuple(_as_part(line, base) for line in lines)


def left_to_right(text: str) -> str:
    """Return the text so that it runs from left to right as a whole, whatever its first letter; its words as ever."""
    return _as_part(text, 0) if _has_right_to_left(text) else text


def _has_right_to_left(text: str) -> bool:
    # Nearly all texts are Latin, Greek or Cyrillic, which the largest letter tells fastest.
    return max(text, default="") >= FIRST_OTHER and _RIGHT_TO_LEFT.search(text) is not None


def _as_part(line: str, base: int) -> str:
    return line if base_level(line) == base else _MARKS[base] + line


def of_parts(measure: Measure, text: str) -> Measure:
    """Return what measures the lines of a text as they are set: its direction decides where their signs stand."""
    if not _has_right_to_left(text):
        return measure
    base = base_level(text)
    return lambda line: measure(_as_part(line, base))
