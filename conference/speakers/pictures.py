"""Portraits: a picture is known by its content, drawn anew and cropped square. The only importer of Pillow."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from conference.speakers.errors import PictureBrokenError, PictureKindError, PicturePixelsError
from conference.web.heavy import heavy

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
# Own choice: sharp at 6 cm and 300 dots an inch.
SIDE = 720
# Own choice: sharp at 96 points on a dense screen. Public pages show only this one.
SMALL_SIDE = 192
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_KINDS = ("JPEG", "PNG", "WEBP")
# Pillow reads the size before any pixel; what is over twice this it refuses by itself.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True, kw_only=True, slots=True)
class Crop:
    """A square: its side in percent of the shorter side, and its place from the left and the top, 0 to 100."""

    left_pct: int = 50
    top_pct: int = 50
    side_pct: int = 100

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return (left, top, right, bottom) in pixels; always within the picture and at least one pixel wide."""
        side = max(1, min(width, height) * self.side_pct // 100)
        left, top = (width - side) * self.left_pct // 100, (height - side) * self.top_pct // 100
        return left, top, left + side, top + side


@dataclass(frozen=True, kw_only=True, slots=True)
class Portrait:
    """The same square twice, large and small, as files, without anything that the first file said beside its pixels."""

    webp: bytes
    jpeg: bytes
    small_webp: bytes
    small_jpeg: bytes


@heavy
def make_portrait(data: bytes, crop: Crop) -> Portrait:
    """Return the portrait. Raises PictureKindError, PicturePixelsError, PictureBrokenError."""
    upright, _ = _upright(data)
    square = upright.crop(crop.box(upright.width, upright.height))
    square.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    # On a new ground, so that no comment, profile or place of the first file goes along.
    clean = Image.new("RGB", square.size, "white")
    clean.paste(square, mask=square)
    small = clean.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return Portrait(
        webp=_file(clean, "WEBP"),
        jpeg=_file(clean, "JPEG"),
        small_webp=_file(small, "WEBP"),
        small_jpeg=_file(small, "JPEG"),
    )


@heavy
def clean_picture(data: bytes) -> bytes:
    """Return a JPEG or PNG drawn anew in its own kind and size, without what the file said beside its pixels.

    Raises PictureKindError, PicturePixelsError, PictureBrokenError.
    """
    upright, kind = _upright(data)
    clean = Image.new("RGB" if kind == "JPEG" else "RGBA", upright.size)
    clean.paste(upright)
    return _file(clean, kind)


def _upright(data: bytes) -> tuple[Image.Image, str]:
    """Return the picture as it is meant to be seen, what is clear in it kept clear, and the kind of its file."""
    picture = _opened(data)
    if picture.width * picture.height > MOST_PIXELS:
        raise PicturePixelsError("picture")
    try:
        return ImageOps.exif_transpose(picture).convert("RGBA"), picture.format or "PNG"
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, ZeroDivisionError) as error:
        raise PictureBrokenError("picture") from error


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=_KINDS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PicturePixelsError("picture") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        # It begins as one of ours and goes no further: cut off, not of another kind.
        refusal = PictureBrokenError if data.startswith(_BEGINNINGS) else PictureKindError
        raise refusal("picture") from error


def _file(picture: Image.Image, kind: str) -> bytes:
    made = BytesIO()
    picture.save(made, kind, quality=85)
    return made.getvalue()


@heavy
def clean_logo(data: bytes, most_side: int) -> bytes:
    """Return a picture for paper as PNG, what is clear in it kept clear, at most so many pixels a side.

    Raises PictureKindError, PicturePixelsError, PictureBrokenError.
    """
    upright, _ = _upright(data)
    upright.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    made = BytesIO()
    is_opaque = clean.getchannel("A").getextrema()[0] == 255  # noqa: PLR2004 -- wholly opaque
    (clean.convert("RGB") if is_opaque else clean).save(made, "PNG", optimize=True)
    return made.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels. Raises PictureKindError, PicturePixelsError, PictureBrokenError."""
    return _opened(data).size
