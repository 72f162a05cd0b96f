"""The paper of certificates: A4 on its side with a frame, and places for name, what was attended, credits and number.

The facts come as arguments, so that a certificate of any kind has the same paper; what is empty is a line to write on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from conference.event.model import Event, Organiser
from conference.printing.colours import ACTION, INK, LINE, SOFT
from conference.printing.pages import A4_WIDE, Pages
from conference.printing.sheets import Box

_FRAME_MM = 10.0
_MARGIN_MM = 28.0
_WIDTH_MM = A4_WIDE.width_mm - 2 * _MARGIN_MM


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateFacts:
    """What one certificate says; "" leaves a line. `statement` is the accrediting body's sentence, `credits` the total."""

    name: str = ""
    title: str = "Certificate of attendance"
    credits: str = ""
    statement: str = ""
    serial: str = ""


def certificate_pages(
    certificates: Iterable[CertificateFacts], event: Event, organisers: Sequence[Organiser]
) -> bytes:
    """Return a page for each of the certificates; a blank one where there is none."""
    pages = Pages("Certificates", A4_WIDE)
    for facts in list(certificates) or [CertificateFacts()]:
        pages.begin()
        _draw(pages, facts, event, organisers)
    return pages.close()


def _draw(pages: Pages, facts: CertificateFacts, event: Event, organisers: Sequence[Organiser]) -> None:
    page = pages.page
    for inset, colour, width in ((_FRAME_MM, ACTION, 1.6), (_FRAME_MM + 2, LINE, 0.6)):
        frame = Box(
            x_mm=inset, y_mm=inset, width_mm=page.width_mm - 2 * inset, height_mm=page.height_mm - 2 * inset
        )
        pages.frame(frame, colour, width)
    _centred(pages, facts.title, "bold", 24, 16, (30, 28, 26, 24, 22))
    _centred(pages, "This is to certify that", "regular", 48, 8, (13,), SOFT)
    if facts.name:
        _centred(pages, facts.name, "bold", 58, 22, (30, 28, 26, 24, 22, 20, 18, 16, 14))
    else:
        pages.rule(_MARGIN_MM + 40, 76, _WIDTH_MM - 80, INK, 0.3)
    _centred(pages, "attended", "regular", 83, 8, (13,), SOFT)
    _centred(pages, event.title, "medium", 92, 20, (18, 17, 16, 15, 14, 13, 12))
    place = ", ".join(filter(None, (event.venue, event.city, _days(event))))
    _centred(pages, place, "regular", 113, 8, (13, 12, 11, 10, 9))
    if facts.statement:
        _centred(pages, facts.statement, "regular", 124, 16, (11, 10.5, 10, 9.5, 9, 8.5, 8), SOFT)
    _places(pages, facts)
    _signatures(pages, organisers)


def _centred(
    pages: Pages,
    text: str,
    face: str,
    y_mm: float,
    height_mm: float,
    sizes_pt: Sequence[float],
    colour: str = INK,
) -> None:
    box = Box(x_mm=_MARGIN_MM, y_mm=y_mm, width_mm=_WIDTH_MM, height_mm=height_mm)
    pages.block(text, face, box, sizes_pt, colour=colour, is_centred=True, is_middle=True)


def _places(pages: Pages, facts: CertificateFacts) -> None:
    """Draw the places for credits and serial number, filled or as a line."""
    half = (_WIDTH_MM - 12) / 2
    for place, (label, value) in enumerate((("Credits", facts.credits), ("Serial number", facts.serial))):
        x, y = _MARGIN_MM + place * (half + 12), 146.0
        pages.text(label, "regular", 9, x, y, SOFT)
        if value:
            box = Box(x_mm=x, y_mm=y + 1.5, width_mm=half, height_mm=8)
            pages.block(value, "medium", box, (14, 13, 12, 11, 10, 9))
        pages.rule(x, y + 10, half, LINE, 0.3)


def _signatures(pages: Pages, organisers: Sequence[Organiser]) -> None:
    half = (_WIDTH_MM - 12) / 2
    for place, one in enumerate(organisers[:2]):
        x = _MARGIN_MM + place * (half + 12)
        pages.rule(x, 181, half, INK, 0.3)
        box = Box(x_mm=x, y_mm=182.5, width_mm=half, height_mm=8)
        pages.block(one.name, "regular", box, (10, 9, 8, 7), colour=SOFT)


def _days(event: Event) -> str:
    first, last = event.first_day, event.last_day
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
