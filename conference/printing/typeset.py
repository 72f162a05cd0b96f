"""PDF operators for lines of text, written without the canvas's bookkeeping for each of them.

The canvas sets a font, moves and escapes for each string; a badge has five strings and a run has ten thousand
badges, so that this is where a print run's time goes. Fonts are still subset and embedded by the canvas.
"""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from conference.printing.colours import rgb
from conference.printing.fitting import MM_PER_PT
from conference.printing.fonts import Face, faces
from conference.printing.glyph_fonts import GlyphFonts
from conference.printing.layout import Line
from conference.printing.sheets import Box

PT_PER_MM = 1 / MM_PER_PT
_KEPT = 4096  # repeated strings: affiliations, countries, common given names


def document_of(canvas: Canvas) -> Any:
    """Return the canvas's document, by which fonts are subset and pages kept; ReportLab has no public way to it."""
    return vars(canvas)["_doc"]


def new_canvas(
    file: BytesIO, title: str, author: str = "", page: Box | None = None, language: str = "en"
) -> Canvas:
    """Return a compressed canvas, A4 or of the page's size, that begins in one of our faces, for a text in a language.

    So no other font gets into the file.
    """
    size = (page.width_mm * PT_PER_MM, page.height_mm * PT_PER_MM) if page else A4
    settings: dict[str, Any] = {"initialFontName": faces().regular.name}
    canvas = Canvas(file, pagesize=size, pageCompression=1, lang=language, **settings)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("Conference office")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


class Typesetter:
    """Writes text for one document. Every character of a text must be settable (`text.settable`)."""

    def __init__(self, canvas: Canvas, known: dict[str, Face]) -> None:
        self._document = document_of(canvas)
        self._faces = known
        self._plain = {name: self._plain_name(face.font) for name, face in known.items()}
        self._glyphs = GlyphFonts(self._document)
        self.shows = lru_cache(maxsize=_KEPT)(self._shows)

    def _plain_name(self, font: TTFont) -> str:
        """Return the name of the font's first subset, which holds all of ASCII at its own codes."""
        font.splitString(" ", self._document)
        return str(font.getSubsetInternalName(0, self._document))

    def _shows(self, face: str, text: str) -> tuple[tuple[str, str], ...] | str:
        """Return (name of the subset, escaped string) of each run of characters in one subset.

        What must be shaped is one string of operators instead, which take the size of the type from the matrix.
        """
        if text.isascii() and text.isprintable():
            shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            return ((self._plain[face], shown),)
        font, document = self._faces[face].font, self._document
        if not self._faces[face].characters.issuperset(text):
            return self._glyphs.operators(self._faces[face].shaped(text))
        return tuple(
            (str(font.getSubsetInternalName(subset, document)), _escaped(codes))
            for subset, codes in font.splitString(text, document)
        )

    def text(self, lines: Iterable[Line], height_mm: float) -> str:
        """Return one text object of these lines; their origin is the upper left corner of a box of this height."""
        parts = ["BT"]
        for line in lines:
            x, y = line.x_mm * PT_PER_MM, (height_mm - line.y_mm) * PT_PER_MM
            size_pt, shows = line.size_pt, self.shows(line.face, line.text)
            if isinstance(shows, str):
                parts.append(f"{size_pt:g} 0 0 {size_pt:g} {x:.2f} {y:.2f} Tm {shows}")
            elif len(shows) == 1:
                name, shown = shows[0]
                parts.append("1 0 0 1 %.2f %.2f Tm\n%s %g Tf (%s) Tj" % (x, y, name, size_pt, shown))  # noqa: UP031 -- twice as fast as format, ten thousand times
            else:
                parts.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
                parts += [f"{name} {size_pt:g} Tf ({shown}) Tj" for name, shown in shows]
        parts.append("ET")
        return "\n".join(parts)


def fill(colour: str) -> str:
    """Return the operator that fills with "#rrggbb"."""
    return " ".join(f"{part:.3f}" for part in rgb(colour)) + " rg"


def rectangle(box: Box, height_mm: float) -> str:
    """Return the operator for a box whose origin is the upper left corner of a page or form of this height."""
    y = (height_mm - box.bottom_mm) * PT_PER_MM
    return f"{box.x_mm * PT_PER_MM:.2f} {y:.2f} {box.width_mm * PT_PER_MM:.2f} {box.height_mm * PT_PER_MM:.2f} re"


def _escaped(codes: bytes) -> str:
    r"""Return a PDF literal string's inside: printable ASCII as it is, all else as \ooo (ISO 32000-1, 7.3.4.2)."""
    return "".join([_ESCAPES[code] for code in codes])


_ESCAPES = [chr(code) if 32 <= code < 127 else f"\\{code:03o}" for code in range(256)]  # noqa: PLR2004 -- printable ASCII
for _special in "()\\":
    _ESCAPES[ord(_special)] = f"\\{_special}"
