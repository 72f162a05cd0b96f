"""Strips of lines put into columns and pages: no heading is parted from what follows it, and no line stands alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from conference.printing.book_values import BookPage, Ink, Link, Mark, Shape, moved
from conference.printing.fitting import MM_PER_PT
from conference.printing.layout import Line
from conference.printing.setting import LEADING, SetLine

# Where a line's baseline lies below the strip's top, in leadings.
_BASELINE = 0.76


@dataclass(slots=True)
class Strip:
    """What stays on one page: mostly one line. All its places are from its own upper left corner.

    `before_mm` is the space above it, left out at the top of a page. `keeps` holds it to the strip that follows.
    """

    height_mm: float
    inks: list[Ink] = field(default_factory=list)
    before_mm: float = 0.0
    keeps: bool = False
    shapes: list[Shape] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def strips_of(
    lines: Sequence[SetLine],
    size_pt: float,
    *,
    x_mm: float = 0.0,
    before_mm: float = 0.0,
    leading: float = LEADING,
    is_heading: bool = False,
) -> list[Strip]:
    """Return a strip for each line. A heading keeps together and with what follows; a paragraph parts two lines or more."""
    height_mm = leading * size_pt * MM_PER_PT
    last = len(lines) - 1
    made = []
    for number, line in enumerate(lines):
        inks = [
            Ink(Line(text=run.text, face=run.face, size_pt=size_pt, x_mm=x_mm + run.x_mm, y_mm=_BASELINE * height_mm), run.colour)
            for run in line
        ]  # fmt: skip
        keeps = is_heading or (number < last and number in {0, last - 1})
        made.append(Strip(height_mm, inks, before_mm if number == 0 else 0.0, keeps))
    return made


def chunks(strips: Iterable[Strip]) -> list[list[Strip]]:
    """Return the strips in groups that nothing may part."""
    groups: list[list[Strip]] = []
    is_held = False
    for strip in strips:
        if is_held:
            groups[-1].append(strip)
        else:
            groups.append([strip])
        is_held = strip.keeps
    return groups


Placed = tuple[Strip, float]


def broken(strips: Iterable[Strip], height_mm: Callable[[int], float]) -> list[list[Placed]]:
    """Return the columns, each its strips with their tops; `height_mm` tells how high the column of a number is.

    A group that is higher than a whole column is parted where it must be.
    """
    columns: list[list[Placed]] = [[]]
    y_mm = 0.0
    for group in chunks(strips):
        needed = sum(strip.before_mm + strip.height_mm for strip in group)
        if y_mm and y_mm + needed > height_mm(len(columns) - 1) + 1e-6:
            columns.append([])
            y_mm = 0.0
        for strip in group:
            before_mm = strip.before_mm if y_mm else 0.0
            if y_mm and y_mm + before_mm + strip.height_mm > height_mm(len(columns) - 1) + 1e-6:
                columns.append([])
                y_mm = before_mm = 0.0
            columns[-1].append((strip, y_mm + before_mm))
            y_mm += before_mm + strip.height_mm
    return columns


def put(page: BookPage, placed: Iterable[Placed], x_mm: float = 0.0, y_mm: float = 0.0) -> None:
    """Put strips on a page, their column's upper left corner here."""
    for strip, top in placed:
        y = y_mm + top
        for ink in strip.inks:
            line = ink.line
            lower = Line(
                text=line.text,
                face=line.face,
                size_pt=line.size_pt,
                x_mm=line.x_mm + x_mm,
                y_mm=line.y_mm + y,
            )
            page.inks.append(Ink(lower, ink.colour, ink.key))
        page.shapes += [
            Shape(moved(shape.box, x_mm, y), shape.colour, shape.width_pt) for shape in strip.shapes
        ]
        page.links += [Link(moved(link.box, x_mm, y), link.key) for link in strip.links]
        page.marks += [Mark(mark.key, mark.y_mm + y, mark.title, mark.level) for mark in strip.marks]


def flowed(strips: Iterable[Strip], head: str, height_mm: float) -> list[BookPage]:
    """Return the strips on pages of one column, each of this height."""
    pages = []
    for column in broken(strips, lambda _number: height_mm):
        page = BookPage(head=head)
        put(page, column)
        pages.append(page)
    return pages
