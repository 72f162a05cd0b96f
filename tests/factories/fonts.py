"""Fonts beside the packaged one: made for a test, so that it needs none on its machine, and real ones where there are."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from conference.printing.fitting import fit
from conference.printing.fonts import use_fonts
from tests.factories import names

UPEM = 1000
# These join the letter before them only.
_RIGHT_ONLY = set("اأإآدذرزوؤةژ")
_ALONE = set("ء")
_POINTS = names.VOWELS + names.POINTS
MADE = "".join(
    dict.fromkeys(
        " -…" + names.ARABIC + names.HEBREW + names.ARMENIAN + names.GEORGIAN + names.HAN + names.KANA
        + names.HANGUL + "ՀԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ어·" + names.EMOJI + "👦🏽" + _POINTS
    )
)  # fmt: skip
REAL = {
    "dejavu": ("fonts-dejavu-core", ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",)),
    "cjk": (
        "fonts-wqy-microhei",
        (
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        ),
    ),
}


def real_font(kind: str) -> Path:
    """Return an installed font with Arabic and Hebrew ("dejavu"), or with Chinese, Japanese and Korean ("cjk").

    Without one the test is told as not run; in CI it fails.
    """
    package, paths = REAL[kind]
    found = next((Path(path) for path in paths if Path(path).is_file()), None)
    if found is None:
        assert not os.environ.get("CI"), f"NOT RUN: apt-get install {package}"
        pytest.skip(f"NOT RUN: this needs a font (apt-get install {package})")
    return found


@contextmanager
def further_fonts(*paths: Path) -> Iterator[None]:
    """Let these fonts help out, and none of the machine's."""
    use_fonts(paths)
    fit.cache_clear()
    try:
        yield
    finally:
        use_fonts(())
        fit.cache_clear()


def made_font(path: Path, characters: str = MADE, *, is_postscript: bool = False) -> Path:
    """Write a font of boxes with these characters: Arabic ones join, lam and alef are one, points sit on letters."""
    path.write_bytes(_font(characters, path.stem, is_postscript=is_postscript))
    return path


def variable_font(path: Path) -> Path:
    """Write a font whose one letter, alef, is a square of 0.5 em at weight 400 and of 0.8 em at 700."""
    builder = FontBuilder(UPEM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "alef"])
    builder.setupCharacterMap({ord("א"): "alef"})
    builder.setupGlyf({".notdef": _outline(None), "alef": _outline((0, 0, 500, 500))})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "alef": (500, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Variable", "styleName": "Regular", "psName": "Variable-Regular"})
    builder.setupFvar([("wght", 400, 400, 700, "Weight")], [])
    # By how much the four corners move at 700, and after them both sides' origins: the second is the advance.
    moves = [(0, 0), (0, 300), (300, 300), (300, 0), (0, 0), (300, 0), (0, 0), (0, 0)]
    builder.setupGvar({"alef": [TupleVariation({"wght": (0, 1, 1)}, moves)]})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    builder.save(path)
    return path


@cache
def _font(characters: str, name: str, *, is_postscript: bool) -> bytes:
    joining = [one for one in characters if "\u0620" <= one <= "\u06cc" and one not in _POINTS]
    glyphs = {f"u{ord(one):04X}": one for one in characters}
    forms = [f"{_name(one)}.{form}" for one in joining for form in _forms(one)]
    order = [".notdef", *glyphs, *forms, "lam_alef"]
    builder = FontBuilder(UPEM, isTTF=not is_postscript)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(one): glyph for glyph, one in glyphs.items()})
    widths = {glyph: _width(glyphs.get(glyph, "x")) for glyph in order}
    boxes = {glyph: _box(number, glyphs.get(glyph, "x")) for number, glyph in enumerate(order)}
    if is_postscript:
        drawn: dict[str, Any] = {glyph: _charstring(boxes[glyph], widths[glyph]) for glyph in order}
        builder.setupCFF(name, {"FullName": name}, drawn, {})
    else:
        builder.setupGlyf({glyph: _outline(boxes[glyph]) for glyph in order})
    builder.setupHorizontalMetrics({glyph: (widths[glyph], (boxes[glyph] or (0,))[0]) for glyph in order})
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": f"{name}-Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    addOpenTypeFeaturesFromString(builder.font, _features(characters, joining))
    file = BytesIO()
    builder.save(file)
    return file.getvalue()


def _name(character: str) -> str:
    return f"u{ord(character):04X}"


def _forms(character: str) -> tuple[str, ...]:
    if character in _ALONE:
        return ()
    return ("fina",) if character in _RIGHT_ONLY else ("init", "medi", "fina")


def _width(character: str) -> int:
    if character in _POINTS:
        return 0
    return 1000 if character >= "\u2e80" else 550


def _box(number: int, character: str) -> tuple[int, int, int, int] | None:
    """Return left, below, right and above of a glyph's ink, each a little other, None for a blank."""
    if character == " ":
        return None
    if character in _POINTS:
        return -150, 720, -60, 800
    return 60, 0, _width(character) - 60, 500 + number % 200


def _outline(box: tuple[int, int, int, int] | None) -> Any:
    pen = TTGlyphPen(None)
    _draw(pen, box)
    return pen.glyph()


def _charstring(box: tuple[int, int, int, int] | None, width: int) -> Any:
    pen = T2CharStringPen(width, None)
    _draw(pen, box)
    return pen.getCharString()


def _draw(pen: Any, box: tuple[int, int, int, int] | None) -> None:
    if box:
        left, below, right, above = box
        pen.moveTo((left, below))
        pen.lineTo((left, above))
        pen.lineTo((right, above))
        pen.lineTo((right, below))
        pen.closePath()


def _features(characters: str, joining: Iterable[str]) -> str:
    has = set(characters)
    lines = ["languagesystem DFLT dflt;", "languagesystem arab dflt;", "languagesystem hebr dflt;"]
    for form in ("init", "medi", "fina"):
        rules = [f"sub {_name(one)} by {_name(one)}.{form};" for one in joining if form in _forms(one)]
        lines += [f"feature {form} {{ {' '.join(rules)} }} {form};"] if rules else []
    if {"ل", "ا"} <= has:
        rules = [f"sub {_name('ل')}.{form} {_name('ا')}.fina by lam_alef;" for form in ("init", "medi")]
        lines.append(f"feature rlig {{ {' '.join(rules)} }} rlig;")
    points = [one for one in _POINTS if one in has]
    if points:
        lines += [f"markClass {_name(one)} <anchor -105 720> @top;" for one in points]
        bases = [one for one in characters if one in set(names.ARABIC + names.HEBREW)]
        named = [
            name
            for one in bases
            for name in (_name(one), *(f"{_name(one)}.{form}" for form in _forms(one) if one >= "\u0620"))
        ]
        rules = [f"pos base {name} <anchor 275 720> mark @top;" for name in named]
        lines.append(f"feature mark {{ {' '.join(rules)} }} mark;")
    return "\n".join(lines)
