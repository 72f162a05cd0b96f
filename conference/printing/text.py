"""The one way from what people typed to paper: nothing in it that no font can set, and never read as markup.

ReportLab's Paragraph reads markup: an unescaped name can vanish, stop the batch or open a local file. Therefore nothing
here makes one, which a test holds.
"""

import re
import unicodedata
from functools import lru_cache

from conference.printing.fonts import missing_glyphs

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
