"""The one way from what people typed to paper: escaped, and nothing in it that no font can set.

ReportLab's Paragraph reads markup: an unescaped name can vanish, stop the batch or open a local file. Therefore
`Paragraph` is made here and nowhere else, which a test holds.
"""

from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from conference.printing.fonts import faces, missing_glyphs

# Stands for each character that no font has; missing_glyphs tells staff where.
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Return the text on one line: every blank, also a line's end, becomes one space."""
    return " ".join(text.split())


def settable(text: str) -> str:
    """Return the text on one line with a replacement character for each one that no font has."""
    flat = plain(text)
    for character in missing_glyphs(flat):
        flat = flat.replace(character, UNKNOWN)
    return flat


def paragraph(text: str, style: ParagraphStyle, *, lead: str = "") -> Paragraph:
    """Return a paragraph that shows the text literally; `lead` goes before it in bold."""
    bold = f'<font name="{faces().bold.name}">{escape(settable(lead))}</font> ' if lead else ""
    return Paragraph(bold + escape(settable(text)), style)


def paragraphs(text: str, style: ParagraphStyle) -> list[Paragraph]:
    """Return one paragraph for each that blank lines or line ends part, as in an abstract."""
    return [paragraph(part, style) for part in text.splitlines() if part.strip()]
