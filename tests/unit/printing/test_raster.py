"""Pages of a PDF as pictures: their size, their bound, and the text that is told beside them."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from conference.core.errors import NotFoundError
from conference.printing.raster import MOST_PIXELS, facts_of, page_png
from conference.printing.typeset import PT_PER_MM


def paper(folder: Path, *sizes_mm: tuple[float, float]) -> Path:
    """Write a page of each size, with its number as text and a black square of 20 mm in its lower left corner."""
    path = folder / "paper.pdf"
    canvas = Canvas(str(path))
    canvas.setTitle("Ålder & co")
    for number, (width, height) in enumerate(sizes_mm, 1):
        canvas.setPageSize((width * PT_PER_MM, height * PT_PER_MM))
        canvas.drawString(80, 10, f"This is  page {number}")
        canvas.rect(0, 0, 20 * PT_PER_MM, 20 * PT_PER_MM, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return path


def test_facts_are_those_of_the_pages_asked_for(tmp_path: Path) -> None:
    path = paper(tmp_path, (210, 297), (54, 70), (54, 70))
    facts = facts_of(path, 2, 5)
    assert (facts.title, facts.count) == ("Ålder & co", 3)
    assert (round(facts.width_mm), round(facts.height_mm)) == (210, 297)
    assert [(one.number, one.width_px, one.height_px, one.text) for one in facts.pages] == [
        (2, 319, 414, "This is page 2"),
        (3, 319, 414, "This is page 3"),
    ]


def test_a_picture_shows_the_page_at_150_dots_an_inch(tmp_path: Path) -> None:
    path = paper(tmp_path, (54, 70))
    with Image.open(BytesIO(page_png(path, 1))) as picture:
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        page = facts_of(path, 1, 1).pages[0]
        assert picture.size == (page.width_px, page.height_px)
        corner = picture.getpixel((60, picture.height - 60)), picture.getpixel((picture.width - 10, 10))
        assert corner == ((0, 0, 0), (255, 255, 255))


def test_a_huge_page_is_drawn_coarser(tmp_path: Path) -> None:
    path = paper(tmp_path, (5000, 5000))
    with Image.open(BytesIO(page_png(path, 1))) as picture:
        assert MOST_PIXELS * 0.99 < picture.width * picture.height <= MOST_PIXELS * 1.01
    page = facts_of(path, 1, 1).pages[0]
    assert picture.size == (page.width_px, page.height_px)


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_page_that_there_is_not_is_not_found(tmp_path: Path, number: int) -> None:
    path = paper(tmp_path, (54, 70))
    with pytest.raises(NotFoundError):
        page_png(path, number)
    with pytest.raises(NotFoundError):
        facts_of(path, number, 1)


@pytest.mark.parametrize("content", [None, b"no paper"])
def test_a_file_that_is_gone_or_no_paper_is_not_found(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "paper.pdf"
    if content:
        path.write_bytes(content)
    with pytest.raises(NotFoundError):
        page_png(path, 1)


def test_many_threads_draw_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine serves one thread at a time: each call of it is made while the lock is held."""
    path, inside, most = paper(tmp_path, (54, 70), (54, 70)), [], []
    opened = pypdfium2.PdfDocument

    def watched(given: Path) -> object:
        inside.append(given)
        most.append(len(inside))
        document = opened(given)
        close = document.close
        document.close = lambda: (inside.pop(), close())[1]
        return document

    monkeypatch.setattr(pypdfium2, "PdfDocument", watched)
    with ThreadPoolExecutor(8) as threads:
        pictures = list(threads.map(lambda number: page_png(path, number % 2 + 1), range(40)))
    assert (set(most), len(most), len(set(pictures))) == ({1}, 40, 2)
