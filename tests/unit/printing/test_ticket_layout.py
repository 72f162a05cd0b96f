"""Nothing on a ticket overlaps, in three languages, with the longest texts that its fields allow."""

from itertools import combinations
from typing import Any

import pytest
from flask import Flask

from conference.printing.preflight import metrics
from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM, Box
from conference.printing.ticket_layout import BAND, LABEL, QUIET_MM, SYMBOL, TicketLayout, lay_out_ticket
from conference.printing.tickets import words_of
from conference.web.language import LANGUAGES, in_language
from tests.factories.ink import ink_box
from tests.factories.printing import ticket_facts

LONGEST: dict[str, Any] = {
    "full_name": "Prof. Dr. med. Dr. h. c. " + "Wolfeschlegelsteinhausen-" * 9,
    "affiliation": "Zentrum für Personalisierte Medizin " * 6,
    "country": "Heiliger Stuhl (Staat Vatikanstadt) " * 3,
    "category": "Ärztinnen und Ärzte, " * 5,
    "badge_word": "Pressevertreterin mit Zutritt zu allem",
    "event_title": "Umsetzung der Präzisionsmedizin in Europa: Stand, Grenzen, Aussichten " * 3,
    "venue": "Konferenzzentrum " * 12,
    "city": "Stockholm",
    "contact_email": "w" * 60 + "@" + "x" * 180 + ".example",
    "days": [f"2022-09-{day}" for day in (21, 22, 23)],
}


def layout_of(language: str, **facts: Any) -> TicketLayout:
    with in_language(language):
        return lay_out_ticket(words_of(ticket_facts(language=language, **facts)), metrics())


def apart(one: Box, other: Box) -> bool:
    return (
        one.right_mm <= other.x_mm + 0.01
        or other.right_mm <= one.x_mm + 0.01
        or one.bottom_mm <= other.y_mm + 0.01
        or other.bottom_mm <= one.y_mm + 0.01
    )


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("facts", [{}, LONGEST, LONGEST | {"full_name": "محمد" * 20, "name": "محمد"}])
def test_nothing_overlaps(office: Flask, language: str, facts: dict[str, Any]) -> None:
    layout = layout_of(language, **facts)
    zone = Box(
        x_mm=SYMBOL.x_mm - QUIET_MM,
        y_mm=SYMBOL.y_mm - QUIET_MM,
        width_mm=SYMBOL.width_mm + 2 * QUIET_MM,
        height_mm=SYMBOL.height_mm + 2 * QUIET_MM,
    )
    lines = {line.text: ink_box(line, metrics()[line.face]) for line in (*layout.lines, *layout.note_lines)}
    boxes = lines | {"code": zone, "band": BAND, "badge": LABEL}
    met = [(a, b) for (a, one), (b, other) in combinations(boxes.items(), 2) if not apart(one, other)]
    page = Box(x_mm=8, y_mm=8, width_mm=A4_WIDTH_MM - 16, height_mm=A4_HEIGHT_MM - 16)
    outside = [text for text, box in boxes.items() if not page.holds(box)]
    assert (met, outside) == ([], [])
    for line in layout.band_lines:
        assert BAND.holds(ink_box(line, metrics()[line.face]))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_sentence_is_cut_short(office: Flask, language: str) -> None:
    layout = layout_of(language)
    assert [line.text for line in (*layout.lines, *layout.note_lines) if line.text.endswith("…")] == []
