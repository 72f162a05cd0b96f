"""The letter of invitation for a visa: one A4 page on the organisers' paper, in English, with its serial number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conference.event.model import Event, Organiser
from conference.printing.colours import INK, LINE, SOFT
from conference.printing.pages import A4, Pages
from conference.printing.sheets import Box

MARGIN_MM = 24.0
_WIDTH_MM = A4.width_mm - 2 * MARGIN_MM
_TEXT_PT = (11.0, 10.5, 10.0)
_LABEL_MM = 46.0


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterFacts:
    """What the letter says of the traveller: as the passport has it, and who they are at the event."""

    passport_name: str
    nationality: str
    born_on: date
    passport_number: str
    affiliation: str
    registration_number: str
    serial: str
    issued_on: date


def _day(day: date) -> str:
    """Return "22 September 2022": the letter is in English, whoever reads the page."""
    return f"{day.day} {day:%B %Y}"


def invitation_letter(facts: LetterFacts, event: Event, organisers: Sequence[Organiser]) -> bytes:
    """Return the letter. It says how it can be checked: by its serial number, at the organisers' address."""
    pages = Pages(f"Letter of invitation {facts.serial}", A4)
    pages.begin()
    y = _head(pages, event, organisers)
    pages.text(f"{event.city}, {_day(facts.issued_on)}", "regular", 11, MARGIN_MM, y + 8)
    pages.text(f"Serial number {facts.serial}", "medium", 11, MARGIN_MM, y + 14)
    y += 26
    y = _paragraph(pages, "Letter of invitation", y, "bold", (20,)) + 4
    y = _paragraph(pages, "To the embassy or consulate concerned", y) + 3
    days = _day(event.first_day)
    if event.last_day != event.first_day:
        days += f" to {_day(event.last_day)}"
    place = ", ".join(filter(None, (event.venue, event.city)))
    text = (
        f"We invite the person named below to take part in {event.title}, which is held from {days} at {place}. "
        "The registration is confirmed, and a place is kept."
    )
    y = _paragraph(pages, text, y) + 5
    y = _rows(pages, facts, y) + 5
    text = (
        "This letter confirms the invitation to the event. It gives no promise of financial support: travel, stay and "
        "insurance are the traveller's own, unless the organisers have agreed otherwise in writing. We ask you to "
        "give the application your kind attention."
    )
    y = _paragraph(pages, text, y) + 8
    _signature(pages, organisers, y)
    _foot(pages, facts, event)
    return pages.close()


def _head(pages: Pages, event: Event, organisers: Sequence[Organiser]) -> float:
    names = " · ".join(one.name for one in organisers)
    head = Box(x_mm=MARGIN_MM, y_mm=16, width_mm=_WIDTH_MM, height_mm=12)
    y = pages.block(names, "bold", head, (14, 13, 12, 11, 10, 9))
    under = Box(x_mm=MARGIN_MM, y_mm=y, width_mm=_WIDTH_MM, height_mm=10)
    y = pages.block(event.title, "regular", under, (11, 10, 9), colour=SOFT) + 2
    pages.rule(MARGIN_MM, y, _WIDTH_MM, INK, 0.5)
    return y


def _paragraph(
    pages: Pages, text: str, y_mm: float, face: str = "regular", sizes_pt: Sequence[float] = _TEXT_PT
) -> float:
    box = Box(x_mm=MARGIN_MM, y_mm=y_mm, width_mm=_WIDTH_MM, height_mm=44)
    return pages.block(text, face, box, sizes_pt)


def _rows(pages: Pages, facts: LetterFacts, y_mm: float) -> float:
    rows = (
        ("Name", facts.passport_name),
        ("Nationality", facts.nationality),
        ("Date of birth", _day(facts.born_on)),
        ("Passport number", facts.passport_number),
        ("Affiliation", facts.affiliation),
        ("Registration number", facts.registration_number),
    )
    for label, value in rows:
        if not value:
            continue
        pages.text(label, "regular", 10, MARGIN_MM, y_mm + 3.7, SOFT)
        box = Box(x_mm=MARGIN_MM + _LABEL_MM, y_mm=y_mm, width_mm=_WIDTH_MM - _LABEL_MM, height_mm=12)
        y_mm = max(y_mm + 6.5, pages.block(value, "medium", box, (11, 10, 9, 8)) + 1)
    return y_mm


def _signature(pages: Pages, organisers: Sequence[Organiser], y_mm: float) -> None:
    """Leave a line for each organiser's hand, beside each other."""
    pages.text("For the organisers", "regular", 11, MARGIN_MM, y_mm + 4)
    width = (_WIDTH_MM - 10) / 2
    for place, one in enumerate(organisers[:2]):
        x = MARGIN_MM + place * (width + 10)
        pages.rule(x, y_mm + 26, width, INK, 0.3)
        box = Box(x_mm=x, y_mm=y_mm + 27.5, width_mm=width, height_mm=8)
        pages.block(one.name, "regular", box, (9, 8, 7), colour=SOFT)


def _foot(pages: Pages, facts: LetterFacts, event: Event) -> None:
    y = A4.height_mm - 30
    pages.rule(MARGIN_MM, y, _WIDTH_MM, LINE)
    contact = ", ".join(filter(None, (event.contact_email, event.contact_phone)))
    text = f"Whether this letter is genuine is answered by the organisers, who ask for its serial number {facts.serial}"
    text += f": {contact}." if contact else "."
    box = Box(x_mm=MARGIN_MM, y_mm=y + 2, width_mm=_WIDTH_MM, height_mm=14)
    pages.block(text, "regular", box, (9, 8), colour=SOFT)
