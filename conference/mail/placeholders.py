"""What staff may write in braces, found and filled in one pass over what they wrote. Pure.

Between braces stands a name and nothing else: no attribute, no index, no format. What fills it is never looked into.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_BRACES = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What stands in a pair of braces, and in which line, counted from 1."""

    name: str
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Either words as they were written, or what stood between braces."""

    text: str
    is_name: bool


def pieces(text: str) -> Iterator[Piece]:
    """Yield words and names in turn. A brace without its other half, or around another one, is a word like any."""
    for place, text_or_name in enumerate(_BRACES.split(text)):
        # Every second piece is what stood in braces.
        yield Piece(text=text_or_name, is_name=bool(place % 2))


def found(text: str) -> list[Found]:
    """Return whatever stands in braces, in the order of the text."""
    return [
        Found(name=match[1], line=text.count("\n", 0, match.start()) + 1) for match in _BRACES.finditer(text)
    ]


def names_in(text: str) -> set[str]:
    return {one.name for one in found(text)}


def unknown(text: str, known: Collection[str]) -> list[Found]:
    """Return what stands in braces and is none of the known names, each name once, at its first line."""
    first: dict[str, Found] = {}
    for one in found(text):
        if one.name not in known:
            first.setdefault(one.name, one)
    return list(first.values())


def in_braces(names: Collection[str]) -> str:
    """Return "{name}, {event}", as a refusal lists them."""
    return ", ".join(f"{{{name}}}" for name in names)
