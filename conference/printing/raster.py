"""Pages of a finished PDF, a file or its bytes, as pictures: the only module that imports pypdfium2, whose engine serves one thread at a time.

Every call of the engine is made under one lock, and everything that it holds is closed there too: an object that is
collected later would call it from whatever thread that happens in.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import ceil, sqrt
from pathlib import Path
from threading import Lock

import pypdfium2

from conference.core.errors import NotFoundError
from conference.printing.typeset import PT_PER_MM

# Own choice: type of 6 pt can be read at it, and an A4 page is 2.2 million pixels.
DPI = 150
PT_PER_INCH = 72
# An A3 page at 150 dpi; a larger page is drawn coarser, so that no page costs more memory than this one.
MOST_PIXELS = 4_400_000
# How much of a page's text is told beside its picture.
MOST_TEXT = 4000
_ENGINE = Lock()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFacts:
    """A page as it is seen: its number in the file from 1, its picture's size, and its text."""

    number: int
    width_px: int
    height_px: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperFacts:
    """A file as it is seen: its title, how many pages it has, the first one's size, and the pages looked at."""

    title: str
    count: int
    width_mm: float
    height_mm: float
    pages: tuple[PageFacts, ...]


@contextmanager
def _opened(path: Path | bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Raises NotFoundError for a file that is gone, or is no PDF."""
    with _ENGINE:
        try:
            opened = pypdfium2.PdfDocument(path)
        except (pypdfium2.PdfiumError, FileNotFoundError) as error:
            raise NotFoundError from error
        with closing(opened) as document:
            yield document


def facts_of(path: Path | bytes, first: int, most: int) -> PaperFacts:
    """Return what the file is, with up to `most` of its pages from the page `first` on. Raises NotFoundError for no such page."""
    with _opened(path) as document:
        count = len(document)
        if not 1 <= first <= count:
            raise NotFoundError
        width, height = document.get_page_size(0)
        return PaperFacts(
            title=document.get_metadata_value("Title"),
            count=count,
            width_mm=width / PT_PER_MM,
            height_mm=height / PT_PER_MM,
            pages=tuple(
                _facts_of_page(document, number) for number in range(first, min(first + most, count + 1))
            ),
        )


def _facts_of_page(document: pypdfium2.PdfDocument, number: int) -> PageFacts:
    with closing(document[number - 1]) as page, closing(page.get_textpage()) as text:
        width, height = page.get_size()
        scale = _scale(width, height)
        said = text.get_text_range(0, min(text.count_chars(), MOST_TEXT))
    lines = [" ".join(line.split()) for line in said.splitlines()]
    return PageFacts(
        number=number,
        width_px=ceil(width * scale),
        height_px=ceil(height * scale),
        text="\n".join(line for line in lines if line),
    )


def _scale(width_pt: float, height_pt: float) -> float:
    return min(DPI / PT_PER_INCH, sqrt(MOST_PIXELS / (width_pt * height_pt)))


def page_png(path: Path | bytes, number: int) -> bytes:
    """Return the page, counted from 1, as PNG of 150 dpi and at most `MOST_PIXELS`. Raises NotFoundError."""
    with _opened(path) as document:
        if not 1 <= number <= len(document):
            raise NotFoundError
        with closing(document[number - 1]) as page:
            bitmap = page.render(scale=_scale(*page.get_size()), may_draw_forms=False, rev_byteorder=True)
            with closing(bitmap):
                picture = bitmap.to_pil().convert(
                    "RGB"
                )  # a copy, so that nothing points into the engine's memory
    file = BytesIO()
    picture.save(file, "PNG", compress_level=4)
    return file.getvalue()
