"""The sheet that goes to the printer with the pages: what is ordered, in which measures, and whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conference.event.model import Event, Organiser
from conference.printing.colours import INK, LINE, SOFT
from conference.printing.fitting import MM_PER_PT, wrap
from conference.printing.inks import MOST_INK
from conference.printing.pages import A4, Pages
from conference.printing.preflight import metrics
from conference.printing.press import BLEED_MM, LEAST_DPI, CoarsePicture, PressFile
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.web.language import gettext, long_date

MARGIN_MM = 20.0
_WORDS_MM = 45.0
_PT = 10.5
_LEADING = 1.35
_MOST_PICTURES = 20
# Of the paper and the binding, in characters.
MOST_WORDS = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What the office orders: `paper` and `binding` in its own words, "" for what it has not decided."""

    copies: int | None = None
    paper: str = ""
    binding: str = ""


def job_sheet_pdf(
    press: PressFile, order: Order, event: Event, organisers: Sequence[Organiser], stamp: str, today: date
) -> bytes:
    """Return one A4 page; of many coarse pictures the first twenty are named. Raises FontMissingError."""
    pages = Pages(gettext("Job sheet"), A4)
    pages.begin()
    width = A4.width_mm - 2 * MARGIN_MM
    pages.block(
        gettext("Job sheet"), "bold", Box(x_mm=MARGIN_MM, y_mm=18, width_mm=width, height_mm=14), (26, 24, 22)
    )
    below = Box(x_mm=MARGIN_MM, y_mm=33, width_mm=width, height_mm=12)
    pages.block(event.title, "regular", below, (13, 12, 11, 10, 9), colour=SOFT)
    y = 50.0
    for word, said in job_facts(press, order, event, organisers, stamp, today):
        y = _row(pages, word, said, y)
    return pages.close()


def job_facts(
    press: PressFile, order: Order, event: Event, organisers: Sequence[Organiser], stamp: str, today: date
) -> list[tuple[str, str]]:
    """Return what the sheet says as (word, value); what the office has not decided says so."""
    open_ = gettext("to be agreed")
    contact = [", ".join(one.name for one in organisers), event.contact_email, event.contact_phone]
    trim = f"{press.trim_width_mm:.0f} × {press.trim_height_mm:.0f} mm"
    pages = str(press.pages)
    if press.blank:
        pages = gettext("%(pages)s, the last %(blank)s of them blank", pages=press.pages, blank=press.blank)
    return [
        (gettext("File"), "programme.pdf"),
        (gettext("Version"), stamp),
        (gettext("Date"), long_date(today)),
        (gettext("Trim"), trim),
        (
            gettext("Bleed"),
            gettext("%(bleed)s mm on each side; crop marks outside it", bleed=f"{BLEED_MM:g}"),
        ),
        (gettext("Pages"), gettext("%(pages)s, single, in reading order, not imposed", pages=pages)),
        (gettext("Copies"), str(order.copies) if order.copies else open_),
        (gettext("Paper"), order.paper or open_),
        (gettext("Binding"), order.binding or gettext("saddle stitch, two staples")),
        (
            gettext("Colours"),
            gettext(
                "4/4, CMYK without profile, at most %(most)s %% ink in all; type is pure black",
                most=MOST_INK,
            ),
        ),
        (gettext("Fonts"), gettext("embedded: %(names)s", names=", ".join(press.fonts))),
        (gettext("Pictures"), pictures_said(press.coarse)),
        (gettext("Contact"), "; ".join(filter(None, contact)) or open_),
    ]


def pictures_said(coarse: Sequence[CoarsePicture]) -> str:
    """Return which pictures have too few dots, with their pages."""
    if not coarse:
        return gettext("none under %(dpi)s dpi", dpi=LEAST_DPI)
    told = [
        gettext(
            "page %(page)s: %(dpi)s dpi (%(width)s × %(height)s dots)",
            page=one.page, dpi=one.dpi, width=one.width_px, height=one.height_px,
        )
        for one in coarse[:_MOST_PICTURES]
    ]  # fmt: skip
    if len(coarse) > _MOST_PICTURES:
        told.append(gettext("and %(count)s more", count=len(coarse) - _MOST_PICTURES))
    return gettext("under %(dpi)s dpi: %(which)s", dpi=LEAST_DPI, which="; ".join(told))


def _row(pages: Pages, word: str, said: str, y: float) -> float:
    step = _PT * _LEADING * MM_PER_PT
    lines = wrap(settable(said), metrics()["regular"].width_em, A4.width_mm - 2 * MARGIN_MM - _WORDS_MM, _PT)
    pages.rule(MARGIN_MM, y, A4.width_mm - 2 * MARGIN_MM, LINE)
    pages.text(word, "medium", _PT, MARGIN_MM, y + step + 0.6)
    for number, line in enumerate(lines, 1):
        pages.text(line, "regular", _PT, MARGIN_MM + _WORDS_MM, y + number * step + 0.6, INK)
    return y + len(lines) * step + 3.2
