"""How far a glyph's ink stands from its edges, so that lines of unlike sizes begin at one edge, and middles meet."""

import struct
from functools import lru_cache
from typing import Any

_NONE = (0.0, 0.0)


def edges_em(metric: Any, text: str) -> tuple[float, float]:
    """Return the blank before the first and after the last glyph, in ems.

    Nothing where the font's outlines are not known, or where some character is of another font.
    """
    known = _edges_of(metric)
    if not known:
        return _NONE
    if not text.isascii() and not all(map(metric.advances.__contains__, text)):
        return _NONE
    return known.get(text[0], _NONE)[0], known.get(text[-1], _NONE)[1]


@lru_cache(maxsize=16)
def _edges_of(metric: Any) -> dict[str, tuple[float, float]]:
    """Return by character the blank at the left and at the right (OpenType, table glyf)."""
    font = getattr(metric, "font", None)
    face = getattr(font, "face", None)
    if face is None:
        return {}
    table, _ = face.get_table_pos("glyf")
    data, units, widths = vars(face)["_ttf_data"], face.unitsPerEm, face.charWidths
    found = {}
    for code, glyph in face.charToGlyph.items():
        if face.glyphPos[glyph] == face.glyphPos[glyph + 1]:
            continue
        _, x_min, _, x_max, _ = struct.unpack_from(">hhhhh", data, table + face.glyphPos[glyph])
        advance_em = widths.get(code, face.defaultWidth) / 1000
        if advance_em <= 0:  # a mark that stands over its neighbour
            continue
        found[chr(code)] = (x_min / units, advance_em - x_max / units)
    return found
