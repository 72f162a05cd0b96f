"""A booklet's pages drawn: running heads, numbers, bookmarks and, for a draft, its mark across each page."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from conference.printing.book_format import Format
from conference.printing.book_values import PAGE, Book, BookPage, Ink, Link, moved
from conference.printing.colours import INK, SOFT
from conference.printing.fitting import MM_PER_PT, fit
from conference.printing.layout import Line
from conference.printing.pages import Pages
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.printing.typeset import PT_PER_MM

# Light enough to read through, dark enough to be seen on a copy.
_DRAFT_ALPHA = 0.08


def booklet_pdf(book: Book) -> bytes:
    """Return the booklet's pages one after the other, each as trimmed. To be called in the book's language."""
    pages = Pages(book.title, book.format.page, author=book.author, subject=book.subject)
    for number in range(1, len(book.pages) + 1):
        pages.begin()
        draw_page(pages, book, number)
    return pages.close()


def draw_page(pages: Pages, book: Book, number: int) -> None:
    """Draw the booklet's page of this number at the pages' origin, its trimmed upper left corner."""
    page, form = book.pages[number - 1], book.format
    if page.head is not None:
        _draw_head(pages, book, page.head, number)
    _draw_body(pages, book, page, form.left_mm(number))
    if page.head is not None:
        _draw_foot(pages, book, number)
    if book.draft_word:
        _draw_draft_mark(pages, form, book.draft_word)


def _draw_body(pages: Pages, book: Book, page: BookPage, left_mm: float) -> None:
    top_mm = book.format.top_mm
    for shape in page.shapes:
        box = moved(shape.box, left_mm, top_mm)
        if shape.width_pt:
            pages.frame(box, shape.colour, shape.width_pt)
        else:
            pages.fill(box, shape.colour)
    for colour, lines in _by_colour(page, book, left_mm, top_mm):
        pages.lines(lines, colour)
    reached = [Link(_reach(ink, book), ink.key) for ink in page.inks if ink.key]
    for link in [*page.links, *reached]:
        pages.link(link.key, moved(link.box, left_mm, top_mm))
    for mark in page.marks:
        pages.mark(mark.key, mark.title, mark.level, mark.y_mm + top_mm)


def shown_text(ink: Ink, book: Book) -> str:
    """Return the ink's text with its page's number."""
    if not ink.key or PAGE not in ink.line.text:
        return ink.line.text
    return ink.line.text.replace(PAGE, str(book.numbers[ink.key]))


def _by_colour(page: BookPage, book: Book, left_mm: float, top_mm: float) -> Iterator[tuple[str, list[Line]]]:
    """Yield the page's lines in the order in which they are read, those of one colour that follow each other at once."""
    for colour, inks in groupby(page.inks, key=attrgetter("colour")):
        yield (
            colour,
            [
                Line(
                    text=shown_text(ink, book),
                    face=ink.line.face,
                    size_pt=ink.line.size_pt,
                    x_mm=ink.line.x_mm + left_mm,
                    y_mm=ink.line.y_mm + top_mm,
                )
                for ink in inks
            ],
        )


def _reach(ink: Ink, book: Book) -> Box:
    """Return the box of a line that leads somewhere, as high as the line and as wide as its text."""
    line, em_mm = ink.line, ink.line.size_pt * MM_PER_PT
    width_mm = metrics()[line.face].width_em(shown_text(ink, book)) * em_mm
    return Box(x_mm=line.x_mm, y_mm=line.y_mm - 0.9 * em_mm, width_mm=width_mm, height_mm=1.2 * em_mm)


def _draw_head(pages: Pages, book: Book, head: str, number: int) -> None:
    """What the page tells of stands at the outer margin, the event's title at the spine."""
    form = book.format
    small, known = form.pt(-1), metrics()
    outer = fit(settable(head), known["medium"].width_em, form.width_mm * 0.6, (small,), 1).lines[0]
    left_mm = form.width_mm - known["medium"].width_em(outer) * small * MM_PER_PT - 8
    inner = fit(settable(book.title), known["regular"].width_em, left_mm, (small,), 1).lines[0]
    words = _Words(outer, "medium", small, INK), _Words(inner, "regular", small, SOFT)
    _draw_ends(pages, form, number, words, form.head_mm)
    pages.rule(form.left_mm(number), form.head_mm + 2.2, form.width_mm, INK, 0.2)


def _draw_foot(pages: Pages, book: Book, number: int) -> None:
    """The number stands at the outer margin, the version at the spine."""
    form = book.format
    words = (
        _Words(str(number), "bold", form.pt(0), INK),
        _Words(settable(book.stamp), "regular", form.pt(-1), SOFT),
    )
    _draw_ends(pages, form, number, words, form.foot_mm)


class _Words(NamedTuple):
    text: str
    face: str
    size_pt: float
    colour: str


def _draw_ends(
    pages: Pages, form: Format, number: int, outer_inner: tuple[_Words, _Words], y_mm: float
) -> None:
    """Draw what stands at the outer margin and what stands at the spine, as one reads."""
    left_mm = form.left_mm(number)
    left, right = outer_inner[:: -1 if number % 2 else 1]
    pages.text(left.text, left.face, left.size_pt, left_mm, y_mm, left.colour)
    pages.text_right(right.text, right.face, right.size_pt, left_mm + form.width_mm, y_mm, right.colour)


def _draw_draft_mark(pages: Pages, form: Format, word: str) -> None:
    """The word along the diagonal, over everything, so that no field covers it."""
    width, height = form.page.width_mm, form.page.height_mm
    diagonal = (width**2 + height**2) ** 0.5
    face = metrics()["bold"]
    size_pt = 0.66 * diagonal / MM_PER_PT / face.width_em(word)
    half_mm = face.width_em(word) * size_pt * MM_PER_PT / 2
    canvas = pages.canvas
    canvas.saveState()
    canvas.setFillAlpha(_DRAFT_ALPHA)
    canvas.translate(width / 2 * PT_PER_MM, (pages.page.height_mm - height / 2) * PT_PER_MM)
    canvas.rotate(54)
    down_mm = pages.page.height_mm + size_pt * 0.36 * MM_PER_PT
    pages.lines([Line(text=word, face="bold", size_pt=size_pt, x_mm=-half_mm, y_mm=down_mm)], "#000000")
    canvas.restoreState()
