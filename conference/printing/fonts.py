"""The three faces that everything is set in: their files, widths and glyphs. Registered once a process.

Importing this module also closes ReportLab's way of evaluating colours that are written as Python.
"""

import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from font_roboto import font_directory
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

from conference.printing.errors import FontMissingError

# None lets toColor read names and numbers only, never expressions.
vars(rl_config)["toColorCanUse"] = None
# Streams stay binary: as text (ASCII 85) they would be a quarter longer.
rl_config.useA85 = 0

_FOLDER = Path(font_directory)
FONT_FILES: dict[str, Path] = {
    "regular": _FOLDER / "Roboto-Regular.ttf",
    "medium": _FOLDER / "Roboto-Medium.ttf",
    "bold": _FOLDER / "Roboto-Bold.ttf",
}
# ReportLab reads a font's outlines through one file position, so two documents must not embed it at once.
EMBEDDING = threading.Lock()


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """One weight, equal to itself only, so that what is measured can be kept.

    By character, in ems: widths, and how far the glyph reaches above and below the baseline. A character
    without a glyph is in none of them.
    """

    font: TTFont
    advances: dict[str, float]
    rises: dict[str, float]
    depths: dict[str, float]

    @property
    def name(self) -> str:
        return str(self.font.fontName)

    def width_em(self, text: str) -> float:
        """Return the text's width in ems. Raises KeyError for a character without a glyph."""
        return sum(map(self.advances.__getitem__, text))

    def ink_em(self, text: str) -> tuple[float, float]:
        """Return how far the drawn glyphs reach above and below the baseline, in ems."""
        return _ink_of(self, text)


@lru_cache(maxsize=1024)  # each attempt at a badge asks for the same few texts
def _ink_of(face: Face, text: str) -> tuple[float, float]:
    return (
        max(map(face.rises.__getitem__, text), default=0.0),
        max(map(face.depths.__getitem__, text), default=0.0),
    )


@dataclass(frozen=True, kw_only=True)
class Faces:
    regular: Face
    medium: Face
    bold: Face

    @cached_property
    def characters(self) -> frozenset[str]:
        """What can be set in each of the weights."""
        return (
            frozenset(self.regular.advances) & frozenset(self.bold.advances) & frozenset(self.medium.advances)
        )


@lru_cache(maxsize=1)
def faces() -> Faces:
    """Return the registered faces. Raises FontMissingError where a file is not there."""
    return Faces(**{weight: _load(weight, path) for weight, path in FONT_FILES.items()})


def _load(weight: str, path: Path) -> Face:
    if not path.is_file():
        raise FontMissingError(file=str(path))
    font = TTFont(f"Roboto-{weight.title()}", str(path))
    pdfmetrics.registerFont(font)
    widths, fallback = font.face.charWidths, font.face.defaultWidth
    inks = {chr(code): _ink_em(font.face, glyph) for code, glyph in font.face.charToGlyph.items()}
    return Face(
        font=font,
        advances={chr(code): widths.get(code, fallback) / 1000 for code in font.face.charToGlyph},
        rises={character: rise for character, (rise, _) in inks.items()},
        depths={character: depth for character, (_, depth) in inks.items()},
    )


def _ink_em(face: TTFontFace, glyph: int) -> tuple[float, float]:
    """Return a glyph's height and depth from the header of its outline (OpenType, table glyf)."""
    start, end = face.glyphPos[glyph], face.glyphPos[glyph + 1]
    if start == end:  # a blank has no outline
        return 0.0, 0.0
    table, _ = face.get_table_pos("glyf")
    _, _, y_min, _, y_max = struct.unpack_from(">hhhhh", vars(face)["_ttf_data"], table + start)
    return y_max / face.unitsPerEm, -y_min / face.unitsPerEm


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Return the characters that no face can set, each once, in order. Blanks of all kinds are set as spaces."""
    known = faces().characters
    if known.issuperset(text):  # nearly always
        return ()
    return tuple(dict.fromkeys(character for character in "".join(text.split()) if character not in known))


def can_set(texts: Iterable[str]) -> bool:
    return not any(missing_glyphs(text) for text in texts)


def fonts_are_there() -> str | None:
    """Return None when each face can be read, or the sentence that names the missing file; for /readyz."""
    try:
        faces()
    except FontMissingError as error:
        return str(error)
    return None
