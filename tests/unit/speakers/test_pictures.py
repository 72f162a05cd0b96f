import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from conference.core.errors import DomainError
from conference.speakers.errors import PictureBrokenError, PictureKindError, PicturePixelsError
from conference.speakers.pictures import Crop, make_portrait
from tests.factories.pictures import LEFT, RIGHT, a_picture, with_traces

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def a_bomb(side: int) -> bytes:
    """Return a PNG of a few hundred bytes that says it is so many pixels wide and high."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_the_same_two_files(kind: str) -> None:
    portrait = make_portrait(a_picture(kind), Crop())
    files = [opened(portrait.webp), opened(portrait.jpeg)]
    assert [(one.format, one.size, one.mode) for one in files] == [
        ("WEBP", (200, 200), "RGB"),
        ("JPEG", (200, 200), "RGB"),
    ]


@pytest.mark.parametrize(("left_pct", "colour"), [(0, LEFT), (100, RIGHT)])
def test_the_square_is_where_it_was_asked_for(left_pct: int, colour: tuple[int, int, int]) -> None:
    portrait = make_portrait(a_picture(), Crop(left_pct=left_pct, top_pct=0, side_pct=50))
    picture = opened(portrait.jpeg).convert("RGB")
    found = picture.getpixel((50, 50))
    assert isinstance(found, tuple)
    assert picture.size == (100, 100)
    assert all(abs(one - other) < 10 for one, other in zip(found, colour, strict=True))


def test_a_square_is_never_empty_nor_outside() -> None:
    assert Crop(left_pct=100, top_pct=100, side_pct=10).box(1, 3) == (0, 2, 1, 3)


def test_what_the_file_said_beside_its_pixels_is_gone_and_it_stands_upright() -> None:
    sent = with_traces()
    assert b"Secret camera" in sent
    assert b"Secret words" in sent
    portrait = make_portrait(sent, Crop())
    for data in (portrait.webp, portrait.jpeg):
        assert b"Secret" not in data
        assert dict(opened(data).getexif()) == {}
    # Turned by a quarter, the red half is above.
    found = opened(make_portrait(sent, Crop(top_pct=0)).jpeg).getpixel((100, 20))
    assert isinstance(found, tuple)
    assert found[0] > found[2]


def test_a_large_picture_is_made_smaller() -> None:
    assert opened(make_portrait(a_picture(size=(2000, 1500)), Crop()).jpeg).size == (720, 720)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", PictureKindError),
        (SVG, PictureKindError),
        (b"PK\x03\x04" + bytes(100), PictureKindError),
        (b"%PDF-1.7", PictureKindError),
        (a_picture("GIF"), PictureKindError),
        (a_picture("JPEG")[:400], PictureBrokenError),
        (a_picture("PNG")[:60], PictureBrokenError),
        (a_bomb(6_400), PicturePixelsError),
        (a_bomb(60_000), PicturePixelsError),
        (a_bomb(500), PictureBrokenError),
    ],
    ids=["empty", "SVG", "zip", "PDF", "GIF", "cut JPEG", "cut PNG", "41 megapixels", "bomb", "damaged"],
)
def test_what_is_no_portrait_is_refused(data: bytes, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal) as caught:
        make_portrait(data, Crop())
    assert caught.value.field == "picture"
