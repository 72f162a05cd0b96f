from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from conference.core.ids import CROCKFORD
from conference.printing.codes import qr_modules, qr_path, qr_svg

codes = st.text(CROCKFORD, min_size=20, max_size=20)


def read(rows: tuple[str, ...]) -> list[str]:
    """Return what a scanner reads from these modules with a quiet zone around them."""
    side, quiet, scale = len(rows), 4, 6
    image = Image.new("L", (side + 2 * quiet, side + 2 * quiet), 255)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            image.putpixel((x + quiet, y + quiet), 0 if module == "1" else 255)
    return [
        found.text
        for found in zxingcpp.read_barcodes(image.resize((image.width * scale, image.height * scale)))
    ]


def rows_of(path: str) -> tuple[str, ...]:
    """Return the modules that the path's rectangles cover."""
    dark = set()
    for rectangle in path.removesuffix("\n").splitlines():
        x, y, width, height, operator = rectangle.split()
        assert (height, operator) == ("1", "re")
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    return tuple("".join("1" if (x, 20 - y) in dark else "0" for x in range(21)) for y in range(21))


@given(codes)
def test_a_code_is_version_1_and_is_read_back(code: str) -> None:
    rows = qr_modules(code)
    assert [len(rows), *{len(row) for row in rows}] == [21, 21]
    assert read(rows) == [code]


@given(codes)
def test_the_path_draws_the_same_modules(code: str) -> None:
    assert rows_of(qr_path(code)) == qr_modules(code)


def test_a_longer_code_is_refused() -> None:
    with pytest.raises(ValueError, match="20 upper-case"):
        qr_path("A" * 21)


def test_svg_says_what_it_is_and_carries_no_style() -> None:
    picture = ET.fromstring(qr_svg("ABCDEFGHJKMNPQR01234", "Code of <7K3M9Q> & co"))
    tag = "{http://www.w3.org/2000/svg}"
    assert picture.attrib["viewBox"] == "0 0 29 29"
    assert [child.tag for child in picture] == [f"{tag}title", f"{tag}rect", f"{tag}path"]
    assert picture[0].text == "Code of <7K3M9Q> & co"
    assert not any("style" in element.attrib for element in picture.iter())
