"""QR codes as modules, as one path in a PDF and as SVG. The only importer of zxingcpp."""

import math
from functools import lru_cache
from typing import Any

import zxingcpp
from markupsafe import Markup, escape

from conference.printing.design_check import MODULES, QUIET_MODULES
from conference.printing.quick_codes import QuickCodes, fits

# 20 upper-case alphanumeric characters at level M are exactly version 1 (ISO/IEC 18004, table 7).
_DARK = bytes.maketrans(b"\x00\xff", b"10")
_CHUNK = 7


def qr_modules(code: str) -> tuple[str, ...]:
    """Return the symbol's rows from the top, "1" for a dark module, without the quiet zone."""
    bits = _quick().bits(code) if fits(code) else _bits(code)
    side = math.isqrt(len(bits))
    return tuple(bits[start : start + side] for start in range(0, side * side, side))


def _bits(code: str) -> str:
    """Return all modules row by row, "1" for a dark one."""
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = barcode.to_image(scale=1, add_quiet_zones=False)
    return memoryview(image).tobytes().translate(_DARK).decode("ascii")


def qr_path(code: str) -> str:
    """Return a badge's code as rectangles of a PDF path, in modules from the symbol's lower left corner.

    The rows are looked up in pieces of 7 modules, which is far quicker than to follow each run of dark ones.
    Raises ValueError for a code that needs a larger symbol than version 1.
    """
    bits = _quick().bits(code)
    pieces = _pieces()
    return "".join([table[bits[start : start + _CHUNK]] for start, table in pieces])


@lru_cache(maxsize=1)
def _quick() -> QuickCodes:
    return QuickCodes(_bits)


@lru_cache(maxsize=1)
def _pieces() -> list[tuple[int, dict[str, str]]]:
    """Return by the first module of each piece of a row what is drawn for each of its 128 patterns."""
    patterns = [f"{pattern:0{_CHUNK}b}" for pattern in range(1 << _CHUNK)]
    return [
        (start, {bits: _rectangles(start, bits) for bits in patterns})
        for start in range(0, MODULES * MODULES, _CHUNK)
    ]


def _rectangles(start: int, bits: str) -> str:
    row, column = divmod(start, MODULES)
    y = MODULES - 1 - row
    return "".join(f"{column + first} {y} {length} 1 re\n" for first, length in _runs(bits))


def _runs(bits: str) -> list[tuple[int, int]]:
    """Return (first, length) of each run of dark modules."""
    runs = []
    first = bits.find("1")
    while first >= 0:
        end = bits.find("0", first)
        end = len(bits) if end < 0 else end
        runs.append((first, end - first))
        first = bits.find("1", end)
    return runs


def qr_svg(code: str, title: str = "QR code") -> str:
    """Return the code as an SVG picture with its quiet zone, styled by presentation attributes only."""
    rows = qr_modules(code)
    side = len(rows) + 2 * QUIET_MODULES
    path = "".join(
        f"M{QUIET_MODULES + first} {QUIET_MODULES + y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for first, length in _runs(row)
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="232" height="232" '
        'role="img" shape-rendering="crispEdges"><title>{title}</title>'
        '<rect width="{side}" height="{side}" fill="#ffffff"/><path d="{path}" fill="#000000"/></svg>'
    ).format(side=side, title=escape(title), path=path)
