"""A booklet made ready for a printer: single pages with boxes, bleed and crop marks, in the four printing inks only."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from operator import sub
from typing import Any, cast

from pikepdf import Array, Matrix, Name, Object, ObjectStreamMode, Page, Pdf, PdfImage, Stream

from conference.printing.errors import NotForPressError
from conference.printing.fitting import MM_PER_PT
from conference.printing.imposition import padded
from conference.printing.ink_stream import Edges, InkStream, Placed
from conference.printing.typeset import PT_PER_MM

BLEED_MM = 3.0
# Crop marks begin a millimetre outside the bleed, so that none can be seen on a page that is cut badly.
MARK_GAP_MM = 1.0
MARK_MM = 5.0
MARGIN_MM = BLEED_MM + MARK_GAP_MM + MARK_MM + 1.0
# Fewer dots than this to the inch can be seen in a printed picture.
LEAST_DPI = 300
_POINTS_AN_INCH = 72


@dataclass(frozen=True, kw_only=True, slots=True)
class CoarsePicture:
    """A picture that has too few dots: its page, its size in dots and how many come to the inch."""

    page: int
    width_px: int
    height_px: int
    dpi: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PressFile:
    """What a printer gets. `pages` counts the blank ones at the end too. Trim is in millimetres."""

    pdf: bytes
    pages: int
    blank: int
    trim_width_mm: float
    trim_height_mm: float
    fonts: tuple[str, ...]
    coarse: tuple[CoarsePicture, ...]


def press_file(content: bytes) -> PressFile:
    """Return the booklet for the press. Raises NotForPressError for a colour or picture whose inks are not known.

    Bookmarks, links and page transitions are left out. Type is black, or white on a field; all other colours follow
    `inks`. Blank pages at the end make the number a multiple of four.
    """
    with Pdf.open(BytesIO(content)) as pdf:
        work = _Press(pdf)
        for number, page in enumerate(pdf.pages, 1):
            work.page(number, page)
        printed = len(pdf.pages)
        width, height = work.trim
        for _ in range(padded(printed) - printed):
            pdf.add_blank_page(page_size=(width, height))
        for page in pdf.pages:
            _mark_up(pdf, page)
        _forget_the_screen(pdf)
        return PressFile(
            pdf=_saved(pdf),
            pages=len(pdf.pages),
            blank=len(pdf.pages) - printed,
            trim_width_mm=width * MM_PER_PT,
            trim_height_mm=height * MM_PER_PT,
            fonts=tuple(sorted(work.fonts)),
            coarse=tuple(work.coarse),
        )


class _Press:
    """Turns pages into inks, each form and picture once."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._done: set[tuple[int, int]] = set()
        self._drawn: dict[tuple[int, int], list[Placed]] = {}
        self.trim = (0.0, 0.0)
        self.fonts: set[str] = set()
        self.coarse: list[CoarsePicture] = []

    def page(self, number: int, page: Page) -> None:
        size = _size(page)
        self.trim = size if number == 1 else self.trim
        stream = InkStream(edges=Edges(width=size[0], height=size[1], bleed=BLEED_MM * PT_PER_MM))
        operators = stream.rewritten(page)
        page.Contents = self._pdf.make_stream(operators)
        self._fonts_of(page.resources)
        for picture, matrix in self._pictures(page.resources, stream.placed):
            self._measure(number, picture, matrix)

    def _fonts_of(self, resources: Any) -> None:
        for font in _values(resources, "/Font"):
            if "/BaseFont" in font:  # a font of drawings has no name
                self.fonts.add(str(font.BaseFont).rpartition("+")[2].lstrip("/"))

    def _pictures(self, resources: Any, placed: Iterable[Placed]) -> Iterator[tuple[Object, Matrix]]:
        """Yield each picture that is drawn with its matrix on the page, those of forms too, and turn them into inks."""
        named = resources.get("/XObject", {})
        for one in placed:
            drawn = named[one.name]
            if drawn.Subtype == Name.Image:
                if drawn.objgen not in self._done:
                    self._done.add(drawn.objgen)
                    _ink_picture(cast("Stream", drawn))
                yield drawn, one.matrix
                continue
            inside = self._form(drawn)
            own = Matrix(*(float(part) for part in drawn.get("/Matrix", [1, 0, 0, 1, 0, 0])))
            moved = [Placed(name=each.name, matrix=each.matrix @ own @ one.matrix) for each in inside]
            yield from self._pictures(drawn.get("/Resources", {}), moved)

    def _form(self, form: Object) -> list[Placed]:
        """Return what the form draws, in its own coordinates."""
        if form.objgen not in self._drawn:
            stream = InkStream(edges=None)
            operators = stream.rewritten(form)
            form.write(operators)
            if "/Group" in form:
                form.Group.CS = Name.DeviceCMYK
            self._fonts_of(form.get("/Resources", {}))
            self._drawn[form.objgen] = stream.placed
        return self._drawn[form.objgen]

    def _measure(self, number: int, picture: Object, matrix: Matrix) -> None:
        a, b, c, d, _, _ = matrix.shorthand
        wide, high = math.hypot(a, b) / _POINTS_AN_INCH, math.hypot(c, d) / _POINTS_AN_INCH
        if not wide or not high:
            return
        dpi = int(min(int(picture.Width) / wide, int(picture.Height) / high))
        if dpi < LEAST_DPI:
            self.coarse.append(
                CoarsePicture(
                    page=number, width_px=int(picture.Width), height_px=int(picture.Height), dpi=dpi
                )
            )


def _values(resources: Any, name: str) -> list[Any]:
    found = resources.get(name, {})
    return [found[key] for key in found]


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(one) for one in page.mediabox)
    return right - left, top - bottom


def _ink_picture(picture: Stream) -> None:
    """Turn a picture's colours into inks by the formula of `inks.inks_of`; grey ones and masks are black ink already."""
    if picture.get("/ImageMask", False) or picture.get("/ColorSpace") in {Name.DeviceGray, Name.DeviceCMYK}:
        return
    if isinstance(picture.get("/Mask"), Array):  # it names a colour that is another one then
        raise NotForPressError(what="Mask")
    try:
        shown = PdfImage(picture).as_pil_image().convert("RGB")
    except (NotImplementedError, ValueError, TypeError, OSError) as error:
        raise NotForPressError(what=type(error).__name__) from error
    red, green, blue = (band.tobytes() for band in shown.split())
    lightest = bytes(map(max, red, green, blue))
    inks = bytearray(4 * len(lightest))
    for place, part in enumerate((red, green, blue)):
        inks[place::4] = bytes(map(sub, lightest, part))
    inks[3::4] = lightest.translate(bytes(range(255, -1, -1)))
    picture.write(bytes(inks))
    picture.ColorSpace = Name.DeviceCMYK
    picture.BitsPerComponent = 8
    for name in ("/Decode", "/Intent"):
        if name in picture:
            del picture[name]


def _mark_up(pdf: Pdf, page: Page) -> None:
    """Put the page in the middle of a larger one with crop marks, and say which part of it is what."""
    width, height = _size(page)
    margin, bleed = MARGIN_MM * PT_PER_MM, BLEED_MM * PT_PER_MM
    before = f"q 1 0 0 1 {margin:.3f} {margin:.3f} cm\n".encode("ascii")
    after = f"\nQ\n{_crop_marks(width, height)}\n".encode("ascii")
    content = page.Contents.read_bytes() if "/Contents" in page else b""
    page.Contents = pdf.make_stream(before + content + after)
    for name in ("/Annots", "/Trans", "/Dur", "/ArtBox"):
        if name in page:
            del page[name]
    if "/Group" in page:
        page.Group.CS = Name.DeviceCMYK
    whole = [0, 0, round(width + 2 * margin, 3), round(height + 2 * margin, 3)]
    page.MediaBox = page.CropBox = Array(whole)
    page.TrimBox = _box(margin, width, height)
    page.BleedBox = _box(margin - bleed, width + 2 * bleed, height + 2 * bleed)


def _box(corner: float, width: float, height: float) -> Array:
    return Array([round(one, 3) for one in (corner, corner, corner + width, corner + height)])


def _crop_marks(width: float, height: float) -> str:
    """Return two lines at each corner, in black, a quarter of a point wide."""
    margin = MARGIN_MM * PT_PER_MM
    near, far = (BLEED_MM + MARK_GAP_MM) * PT_PER_MM, (BLEED_MM + MARK_GAP_MM + MARK_MM) * PT_PER_MM
    lines = []
    for x, way_x in ((margin, -1), (margin + width, 1)):
        for y, way_y in ((margin, -1), (margin + height, 1)):
            lines.append(f"{x + way_x * near:.3f} {y:.3f} m {x + way_x * far:.3f} {y:.3f} l")
            lines.append(f"{x:.3f} {y + way_y * near:.3f} m {x:.3f} {y + way_y * far:.3f} l")
    return f"q 0 0 0 1 K 0.25 w {' '.join(lines)} S Q"


def _forget_the_screen(pdf: Pdf) -> None:
    for name in ("/Outlines", "/Dests", "/Names", "/PageMode", "/OpenAction", "/ViewerPreferences"):
        if name in pdf.Root:
            del pdf.Root[name]
    pdf.docinfo["/Trapped"] = Name("/False")


def _saved(pdf: Pdf) -> bytes:
    """Return the file as PDF 1.4, which every printer's machine reads: boxes are of 1.3, transparency of 1.4."""
    out = BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        out,
        force_version="1.4",
        object_stream_mode=ObjectStreamMode.disable,
        compress_streams=True,
        deterministic_id=True,
    )
    return out.getvalue()
