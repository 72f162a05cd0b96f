"""Shaped text in a PDF: fonts that hold just the glyphs that were used, each with the text it stands for.

ReportLab embeds TrueType by character, so that a shaped letter could not be found again, and no font with
PostScript outlines. Here the outlines are read by HarfBuzz, whatever the file holds, and written as TrueType.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress

from conference.printing.shaping import Cluster, Drawing, Outlines, Shaped

# Which tables a PDF's reader asks of a TrueType font (ISO 32000-1, 9.9).
_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")
_SYMBOLIC = 4
# Curves of three points become two of two within this part of an em, finer than any printer.
_ERROR_EM = 0.0005
_BLOCK = 100


BLANK = Drawing((), 0.0)


class GlyphFont:
    """One font of one document: number n stands for the nth pair of drawing and character that was asked for."""

    def __init__(self, outlines: Outlines, name: str) -> None:
        self.outlines, self.name = outlines, name
        self._numbers: dict[tuple[Drawing, str], int] = {}

    def codes(self, cluster: Cluster) -> str:
        """Return the numbers of a cluster, four hexadecimal digits each."""
        return "".join(
            f"{self._number(cluster.drawing if at == cluster.place else BLANK, character):04X}"
            for at, character in enumerate(cluster.characters)
        )

    def _number(self, drawing: Drawing, character: str) -> int:
        return self._numbers.setdefault((drawing, character), len(self._numbers) + 1)

    def addObjects(self, document: Any) -> None:  # noqa: N802 -- ReportLab's document calls it by this name
        """Put the font into the document; it asks when all pages are drawn."""
        tag = "".join(chr(65 + int(self.name[1:]) // 26**place % 26) for place in range(6))
        base = PDFName(f"{tag}+{self.outlines.name}")
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": base,
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": document.Reference(self._descriptor(document, base)),
                "CIDToGIDMap": PDFName("Identity"),
                "DW": 0,
                "W": PDFArray([1, PDFArray([_thousandth(width) for width in self._widths_em])]),
            }
        )
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "Name": PDFName(self.name),
                "BaseFont": base,
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([document.Reference(descendant)]),
                "ToUnicode": document.Reference(_stream(self._to_unicode())),
            }
        )
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(font)

    @property
    def _widths_em(self) -> Iterator[float]:
        return (drawing.advance_em for drawing, _ in self._numbers)

    def _descriptor(self, document: Any, base: object) -> PDFDictionary:
        # A text of nothing but a joiner asks for the font and draws no glyph of it.
        inks = [self.outlines.drawn_em(drawing) for drawing, _ in self._numbers] or [(0.0, 0.0, 0.0, 0.0)]
        left, right, below, above = zip(*inks, strict=True)
        box = (min(left), min(below), max(right), max(above))
        return PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": base,
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray([round(side * 1000) for side in box]),
                "ItalicAngle": 0,
                "Ascent": round(box[3] * 1000),
                "Descent": round(box[1] * 1000),
                "CapHeight": 700,
                "StemV": 50 + int((self.outlines.weight / 65) ** 2),
                "FontFile2": document.Reference(_file(self._font_file())),
            }
        )

    def _font_file(self) -> bytes:
        """Return a TrueType font of these glyphs, in the order of their numbers."""
        outlines = self.outlines
        builder = FontBuilder(outlines.upem, isTTF=True)
        names = [".notdef", *(f"g{number}" for number in self._numbers.values())]
        builder.setupGlyphOrder(names)
        glyphs = [TTGlyphPen(None).glyph(), *(self._drawn(drawing) for drawing, _ in self._numbers)]
        builder.setupGlyf(dict(zip(names, glyphs, strict=True)))
        table = builder.font["glyf"]
        widths = [0, *(round(width * outlines.upem) for width in self._widths_em)]
        lefts = [getattr(table[name], "xMin", 0) for name in names]
        builder.setupHorizontalMetrics(dict(zip(names, zip(widths, lefts, strict=True), strict=True)))
        builder.setupHorizontalHeader(ascent=outlines.upem, descent=0)
        builder.setupMaxp()
        file = BytesIO()
        for tag in set(builder.font.keys()) - {*_TABLES, "GlyphOrder"}:
            del builder.font[tag]
        # A time in it would make each print of the same badge another file.
        builder.font.recalcTimestamp = False
        builder.font["head"].created = builder.font["head"].modified = 0
        builder.font.save(file)
        return file.getvalue()

    def _drawn(self, drawing: Drawing) -> Any:
        upem = self.outlines.upem
        pen = TTGlyphPen(None)
        quadratic = Cu2QuPen(pen, max_err=_ERROR_EM * upem)
        for glyph, x_em, y_em in drawing.parts:
            moved = TransformPen(quadratic, (1, 0, 0, 1, x_em * upem, y_em * upem))
            self.outlines.font.draw_glyph_with_pen(glyph, moved)
        return pen.glyph()

    def _to_unicode(self) -> bytes:
        """Return which text each number stands for (ISO 32000-1, 9.10.3)."""
        pairs = [
            f"<{number:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for (_, character), number in self._numbers.items()
        ]
        blocks = [pairs[begin : begin + _BLOCK] for begin in range(0, len(pairs), _BLOCK)]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
        return "\n".join(lines).encode("ascii")


class GlyphFonts:
    """The shaped text of one document, and the fonts that it needs."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._fonts: dict[Outlines, GlyphFont] = {}

    def _font(self, outlines: Outlines) -> GlyphFont:
        if outlines not in self._fonts:
            mapping = self._document.fontMapping
            font = GlyphFont(outlines, f"F{len(mapping) + 1}")
            mapping[f"glyphs {font.name}"] = f"/{font.name}"
            self._document.delayedFonts.append(font)
            self._fonts[outlines] = font
        return self._fonts[outlines]

    def operators(self, shaped: Shaped) -> str:
        """Return what shows the line where the text matrix scales one unit to the size of the type."""
        parts = []
        back = f"[{-_thousandth(shaped.begin_em)}] TJ " if shaped.begin_em else ""
        for run in shaped.runs:
            font = self._font(run.outlines)
            codes = "".join(map(font.codes, run.clusters))
            parts.append(f"/{font.name} 1 Tf {back}<{codes}> Tj" if codes else "")
            back = "" if codes else back
        return " ".join(filter(None, parts))


def _thousandth(em: float) -> int:
    return round(em * 1000)


def _stream(content: bytes) -> PDFStream:
    stream = PDFStream(content=content)
    stream.filters = [PDFZCompress]
    return stream


def _file(content: bytes) -> PDFStream:
    stream = _stream(content)
    stream.dictionary["Length1"] = len(content)
    return stream
