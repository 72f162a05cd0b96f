"""The three faces that everything is set in: their files, widths and glyphs. Registered once a process.

What a face has a glyph for, and no mark has to be placed on, is measured character by character; all else is shaped,
with further fonts where the face lacks a glyph (`shaping`).

Importing this module also closes ReportLab's way of evaluating colours that are written as Python.
"""

import struct
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from font_roboto import font_directory
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

from conference.printing import installed, shaping
from conference.printing.errors import FontMissingError
from conference.printing.shaping import Shaped

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


_KEPT = 1024
WEIGHTS = {"regular": 400, "medium": 500, "bold": 700}
# Marks are placed on letters and controls are not drawn: both are the shaper's. A soft hyphen here ends a line.
_SHAPED = {"Mn", "Me", "Mc", "Cf", "Cc", "Co"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """One weight, equal to itself only, so that what is measured can be kept.

    By character, in ems: widths, and how far the glyph reaches above and below the baseline. A character
    that is not set by itself is in none of them.
    """

    font: TTFont
    path: Path
    weight: int
    advances: dict[str, float]
    rises: dict[str, float]
    depths: dict[str, float]
    _widths_em: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return str(self.font.fontName)

    @cached_property
    def characters(self) -> frozenset[str]:
        """What is set character by character, without the shaper."""
        return frozenset(self.advances)

    def width_em(self, text: str) -> float:
        """Return the text's width in ems. Raises KeyError for a character that no font has."""
        # Each attempt at a badge asks for the same few texts.
        width_em = self._widths_em.get(text)
        if width_em is None:
            try:
                width_em = sum(map(self.advances.__getitem__, text))
            except KeyError:
                width_em = self.shaped(text).width_em
            if len(self._widths_em) >= _KEPT:
                self._widths_em.clear()
            self._widths_em[text] = width_em
        return width_em

    def ink_em(self, text: str) -> tuple[float, float]:
        """Return how far the drawn glyphs reach above and below the baseline, in ems."""
        return _ink_of(self, text)

    def shaped(self, text: str) -> Shaped:
        """Return the text's glyphs in their places. Raises KeyError for a character that no font has."""
        return shaping.shape(text, self.path, self.weight)


@lru_cache(maxsize=_KEPT)
def _ink_of(face: Face, text: str) -> tuple[float, float]:
    if not face.characters.issuperset(text):
        shaped = face.shaped(text)
        return shaped.rise_em, shaped.depth_em
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
        """What each of the weights sets character by character."""
        return self.regular.characters & self.bold.characters & self.medium.characters

    @cached_property
    def by_name(self) -> dict[str, Face]:
        return {"bold": self.bold, "medium": self.medium, "regular": self.regular}


@lru_cache(maxsize=1)
def faces() -> Faces:
    """Return the registered faces. Raises FontMissingError where a file is not there."""
    return Faces(**{weight: _load(weight, path) for weight, path in FONT_FILES.items()})


def _load(weight: str, path: Path) -> Face:
    if not path.is_file():
        raise FontMissingError(file=str(path))
    # A face of its own each time: what was measured with other fonts is kept with the old one.
    return replace(_registered(weight, path), _widths_em={})


@lru_cache(maxsize=8)  # ReportLab must know one font by one name only
def _registered(weight: str, path: Path) -> Face:
    font = TTFont(f"Roboto-{weight.title()}", str(path))
    pdfmetrics.registerFont(font)
    widths, fallback = font.face.charWidths, font.face.defaultWidth
    known = {chr(code): glyph for code, glyph in font.face.charToGlyph.items() if _is_set_alone(chr(code))}
    inks = {character: _ink_em(font.face, glyph) for character, glyph in known.items()}
    return Face(
        font=font,
        path=path,
        weight=WEIGHTS[weight],
        advances={character: widths.get(ord(character), fallback) / 1000 for character in known},
        rises={character: rise for character, (rise, _) in inks.items()},
        depths={character: depth for character, (_, depth) in inks.items()},
    )


def _is_set_alone(character: str) -> bool:
    return character == shaping.SOFT_HYPHEN or unicodedata.category(character) not in _SHAPED


def _ink_em(face: TTFontFace, glyph: int) -> tuple[float, float]:
    """Return a glyph's height and depth from the header of its outline (OpenType, table glyf)."""
    start, end = face.glyphPos[glyph], face.glyphPos[glyph + 1]
    if start == end:  # a blank has no outline
        return 0.0, 0.0
    table, _ = face.get_table_pos("glyf")
    _, _, y_min, _, y_max = struct.unpack_from(">hhhhh", vars(face)["_ttf_data"], table + start)
    return y_max / face.unitsPerEm, -y_min / face.unitsPerEm


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Return the characters that no font can set where they stand, each once, in order.

    Blanks of all kinds are set as spaces; what only steers others (joiners, variation selectors, direction) is never
    drawn and never missing. More than four marks on one letter cannot be set.
    """
    if faces().characters.issuperset(text):  # nearly always
        return ()
    return _missing_of(faces(), text)


@lru_cache(maxsize=_KEPT)
def _missing_of(known: Faces, text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for face in known.by_name.values():
        if not face.characters.issuperset(text):
            found |= dict.fromkeys(shaping.lacking(text, face.path, face.weight))
    return tuple(found)


def use_fonts(paths: Sequence[Path]) -> None:
    """Let the fonts of these files and folders help out before those found on this machine.

    Raises FontUnusableError for one that holds no font that can be embedded.
    """
    if not installed.configure(paths):
        return
    shaping.forget()
    faces.cache_clear()


def can_set(texts: Iterable[str]) -> bool:
    return not any(missing_glyphs(text) for text in texts)


def fonts_are_there() -> str | None:
    """Return None when each face can be read, or the sentence that names the missing file; for /readyz."""
    try:
        faces()
    except FontMissingError as error:
        return str(error)
    return None
