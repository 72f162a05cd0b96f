"""The one way from what people typed to paper: escaped, and nothing in it that no font can set.

ReportLab's Paragraph reads markup: an unescaped name can vanish, stop the batch or open a local file. Therefore
`Paragraph` is made here and nowhere else, which a test holds.
"""

import re
import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from conference.printing.fonts import faces, missing_glyphs

# Stands for each character that no font has; missing_glyphs tells staff where.
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


# Blanks that must not break are kept, as the one that every font has.
_KEPT_BLANKS = str.maketrans("\u2007\u202f", "\u00a0\u00a0")
_BLANKS = re.compile(r"[^\S\u00a0]+")
# What is no character of a text: controls, halves of surrogates, and soft hyphens, which only say where one may be.
_NO_TEXT = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)

# All but composed letters of Latin, Greek and Cyrillic and the usual signs.
_ODD = re.compile(r"[\x00-\x1f\x7f-\xa0\xad\u0300-\u036f\u0374\u037e\u0387\u0483-\u0489\u0590-\U0010ffff]")


def plain(text: str) -> str:
    """Return the text on one line: every blank, also a line's end, becomes one space; composed (NFC), no controls."""
    if _ODD.search(text) is None:  # nearly always
        return " ".join(text.split())
    return _plain(text)


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    kept = _NO_TEXT.sub("", text).translate(_KEPT_BLANKS)
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", kept).strip(" "))


def settable(text: str) -> str:
    """Return the text on one line with a replacement character for each one that no font has."""
    flat = plain(text)
    for character in missing_glyphs(flat):
        flat = flat.replace(character, UNKNOWN)
    return flat


def paragraph(text: str, style: ParagraphStyle, *, lead: str = "") -> Paragraph:
    """Return a paragraph that shows the text literally; `lead` goes before it in bold.

    ReportLab cannot shape: what the packaged face does not set by itself is replaced, as what no font has.
    """
    bold = f'<font name="{faces().bold.name}">{escape(_unshaped(lead))}</font> ' if lead else ""
    return Paragraph(bold + escape(_unshaped(text)), style)


def _unshaped(text: str) -> str:
    known = faces().characters
    flat = settable(text)
    return flat if known.issuperset(flat) else "".join(one if one in known else UNKNOWN for one in flat)


def paragraphs(text: str, style: ParagraphStyle) -> list[Paragraph]:
    """Return one paragraph for each that blank lines or line ends part, as in an abstract."""
    return [paragraph(part, style) for part in text.splitlines() if part.strip()]
