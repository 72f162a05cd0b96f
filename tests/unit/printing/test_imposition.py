"""A booklet folded from A4: the order of pages, and pages that stay searchable."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.printing.book_model import BookletOptions
from conference.printing.folding import folded_pdf
from conference.printing.imposition import imposed_order, padded
from conference.printing.programme import programme_pdf
from tests.factories.paper import checked, page_texts, read_pdf, text_of
from tests.factories.printing import EVENT, ORGANISERS, a_programme


def pairs(count: int) -> list[tuple[int | None, int | None]]:
    return [(side.left, side.right) for side in imposed_order(count)]


def test_eight_pages_are_two_sheets() -> None:
    assert pairs(8) == [(8, 1), (2, 7), (6, 3), (4, 5)]


def test_pages_that_are_missing_to_a_multiple_of_four_are_blank_at_the_end() -> None:
    assert pairs(1) == [(None, 1), (None, None)]
    assert pairs(6) == [(None, 1), (2, None), (6, 3), (4, 5)]


def test_no_page_is_no_booklet() -> None:
    with pytest.raises(ValueError, match="0"):
        imposed_order(0)


@given(st.integers(1, 400))
def test_each_page_stands_once_and_faces_the_right_way_when_folded(count: int) -> None:
    sides = imposed_order(count)
    told = [number for side in sides for number in (side.left, side.right) if number]
    assert sorted(told) == list(range(1, count + 1))
    assert len(sides) * 2 == padded(count)
    # An odd page is on the right of an open booklet; the two pages of a side are n + 1 together.
    for side in sides:
        assert side.right is None or side.right % 2 == (side.left or side.right + 1) % 2 ^ 1
        assert (
            None in {side.left, side.right} or sum(filter(None, (side.left, side.right))) == padded(count) + 1
        )


@pytest.mark.usefixtures("office")
def test_folded_pages_keep_text_and_fonts_and_do_not_grow() -> None:
    pages = programme_pdf(a_programme(3), EVENT, ORGANISERS, options=BookletOptions(page="A5"))
    folded = folded_pdf(pages)
    texts = page_texts(pages)
    assert len(read_pdf(folded).pages) == padded(len(texts)) // 2
    assert sorted("".join(text_of(folded).split())) == sorted("".join("".join(texts).split()))
    # The first side is the back cover's page, here blank or the last one, and the cover.
    assert EVENT.title in " ".join(page_texts(folded)[0].split())
    assert len(folded) < len(pages) * 1.05
    assert checked(folded) == []
    assert {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in read_pdf(folded).pages
    } == {(842, 595)}
    files = fonts_in(folded)
    assert len(files) == len(set(files)) > 0
    assert read_pdf(folded).trailer["/Root"]["/ViewerPreferences"]["/Duplex"] == "/DuplexFlipShortEdge"  # type: ignore[index]  # pypdf types the trailer loosely


def fonts_in(content: bytes) -> list[str]:
    """Return the base name of each font object of the file; every one is embedded."""
    pdf = read_pdf(content)
    objects: list[Any] = [pdf.get_object(number) for number in range(1, int(str(pdf.trailer["/Size"])))]
    fonts = [one for one in objects if isinstance(one, dict) and one.get("/Type") == "/Font"]
    assert all("/FontFile2" in one["/FontDescriptor"].get_object() for one in fonts)
    return [str(one["/BaseFont"]) for one in fonts]
