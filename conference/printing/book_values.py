"""What stands where on a booklet's pages, as values: laid out once, then counted, tested and drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conference.printing.book_format import Format
from conference.printing.layout import Line
from conference.printing.sheets import Box

# In a line's text, the place of the number of the page that its reference leads to.
PAGE = "{page}"


def moved(box: Box, x_mm: float, y_mm: float) -> Box:
    """Return the box so much further right and down."""
    return Box(x_mm=box.x_mm + x_mm, y_mm=box.y_mm + y_mm, width_mm=box.width_mm, height_mm=box.height_mm)


@dataclass(frozen=True, slots=True)
class Ink:
    """A line in a colour. With a `key` the line leads there, and PAGE in its text becomes that page's number."""

    line: Line
    colour: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled box, or with a `width_pt` its outline."""

    box: Box
    colour: str
    width_pt: float = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A box that leads to a key."""

    box: Box
    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where links of this key lead; with a title also a bookmark, `level` 0 the highest."""

    key: str
    y_mm: float
    title: str = ""
    level: int = 0


@dataclass(kw_only=True, slots=True)
class BookPage:
    """One page. Coordinates are millimetres from the upper left corner of its body, which lies by the page's number.

    `head` is what the page tells of: None for a cover or a blank page, which have neither head nor number.
    """

    head: str | None = None
    inks: list[Ink] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A booklet, laid out. Page 1 is the first. `numbers` says on which page each key stands.

    `draft_word` goes across each page of a draft, "" for a version; `stamp` says at each foot which programme this is.
    """

    format: Format
    title: str
    author: str
    subject: str
    language: str
    stamp: str
    draft_word: str
    pages: tuple[BookPage, ...]
    numbers: Mapping[str, int]
