"""The ticket: one A4 page for the door, attached to the confirmation and downloaded from the personal page."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from conference.mail.model import Attachment
from conference.printing.codes import qr_path
from conference.printing.colours import BANDS, GOOD, INK, SOFT
from conference.printing.design_model import Design
from conference.printing.designs import design_for
from conference.printing.fonts import EMBEDDING, can_set
from conference.printing.plans import MODULES
from conference.printing.preflight import metrics
from conference.printing.sheets import A4_HEIGHT_MM
from conference.printing.text import plain, settable
from conference.printing.ticket_badge import SHEET, TicketBadge
from conference.printing.ticket_layout import (
    BAND,
    FOLD_MM,
    LABEL,
    SYMBOL,
    TicketLayout,
    TicketWords,
    lay_out_ticket,
)
from conference.printing.typeset import PT_PER_MM, Typesetter, fill, new_canvas, rectangle
from conference.web.language import gettext, in_language, long_date


def make_ticket(facts: Mapping[str, Any], design: Design | None = None) -> Attachment:
    """Return the ticket as PDF, with the badge in this design, by default the one shipped for its size.

    The facts are those of registration.queries.ticket_facts. Raises FontMissingError.
    """
    # Facts that were frozen before there were languages do not name one.
    with in_language(facts.get("language", "")):
        return _ticket(facts, design)


def designed_ticket(facts: Mapping[str, Any]) -> Attachment:
    """Return the ticket with the badge in the design that the office chose for folded A7. At most two statements."""
    return make_ticket(facts, design_for(SHEET).design)


def _ticket(facts: Mapping[str, Any], design: Design | None) -> Attachment:
    known = metrics()
    layout = lay_out_ticket(words_of(facts), known)
    file = BytesIO()
    title = gettext(
        "Ticket %(number)s: %(event)s", number=facts["number"], event=settable(facts["event_title"])
    )
    canvas = new_canvas(file, title)
    setter = Typesetter(canvas, known)
    badge = TicketBadge(canvas, setter, facts, design)
    _draw(canvas, setter, layout, facts, badge)
    with EMBEDDING:
        canvas.save()
    return Attachment(
        filename=f"ticket-{facts['number']}.pdf", content_type="application/pdf", content=file.getvalue()
    )


def words_of(facts: Mapping[str, Any]) -> TicketWords:
    """Return what the ticket says, in the language of the moment."""
    name = _name(facts)
    number = settable(facts["number"])
    return TicketWords(
        event_title=settable(facts["event_title"]),
        when=_days([date.fromisoformat(day) for day in facts["days"]]),
        where=settable(", ".join(filter(None, (facts["venue"], facts["city"])))),
        word=settable(facts["badge_word"]),
        name=name,
        name_note=gettext("Our fonts cannot print your name. The desk finds you by the number below."),
        affiliation=_or_nothing(facts["affiliation"]),
        country=_or_nothing(facts["country"]),
        number=number,
        number_label=gettext("Registration number"),
        facts=_facts(facts),
        steps_title=gettext("At the door"),
        steps=_steps(number),
        cut_note=gettext("Or wear this badge: cut along the line and fold; its back is turned."),
    )


def _facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    labelled = [
        (gettext("Category"), settable(facts["category"])),
        (gettext("Questions"), settable(facts["contact_email"])),
    ]
    return [(label, text) for label, text in labelled if text]


def _steps(number: str) -> list[str]:
    return [
        gettext("Show the code on this page, printed or on your telephone, at the registration desk."),
        gettext("You get your badge there. Wear it where the code can be seen."),
        gettext("If the code cannot be read, say your number: %(number)s.", number=number),
        gettext("To change or withdraw your registration, use the link in your confirmation mail."),
    ]


def _name(facts: Mapping[str, Any]) -> str:
    """Return the full name where it can be set, else the name for the badge, else nothing."""
    return next((plain(text) for text in (facts["full_name"], facts["name"]) if can_set([text])), "")


def _or_nothing(text: str) -> str:
    return plain(text) if can_set([text]) else ""


def _days(days: Sequence[date]) -> str:
    """Return "Thursday 22 September 2022" or "Thursday 22 September 2022 – Friday 23 September 2022"."""
    return " – ".join(long_date(day) for day in dict.fromkeys((days[0], days[-1])))


def _draw(
    canvas: Canvas,
    setter: Typesetter,
    layout: TicketLayout,
    facts: Mapping[str, Any],
    badge: TicketBadge,
) -> None:
    height = A4_HEIGHT_MM
    canvas.addLiteral(f"{fill(BANDS.get(facts['badge_colour'], INK))} {rectangle(BAND, height)} f")
    canvas.addLiteral("1 1 1 rg " + setter.text(layout.band_lines, height))
    canvas.addLiteral(fill(INK) + " " + setter.text(layout.lines, height))
    canvas.addLiteral(" ".join(tick(x, y) for x, y in layout.ticks))
    module = SYMBOL.width_mm / MODULES * PT_PER_MM
    x, y = SYMBOL.x_mm * PT_PER_MM, A4[1] - SYMBOL.bottom_mm * PT_PER_MM
    canvas.addLiteral(
        f"0 g q {module:.4f} 0 0 {module:.4f} {x:.2f} {y:.2f} cm\n{qr_path(facts['badge_code'])}f Q"
    )
    if badge.can_be_shown:
        badge.draw(LABEL, height)
        canvas.addLiteral(f"{fill(SOFT)} " + setter.text(layout.note_lines, height))
        canvas.addLiteral(_cut_and_fold())
    canvas.showPage()


def _cut_and_fold() -> str:
    """Return the line to cut along, and, dashed beside the badge and never on it, where it is folded."""
    x, y = LABEL.x_mm * PT_PER_MM, A4[1] - LABEL.bottom_mm * PT_PER_MM
    width, height = LABEL.width_mm * PT_PER_MM, LABEL.height_mm * PT_PER_MM
    fold, reach = A4[1] - FOLD_MM * PT_PER_MM, 4 * PT_PER_MM
    return (
        f"q 0.55 G 0.4 w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S [2 1.5] 0 d "
        f"{x - reach:.2f} {fold:.2f} m {x:.2f} {fold:.2f} l "
        f"{x + width:.2f} {fold:.2f} m {x + width + reach:.2f} {fold:.2f} l S Q"
    )


def tick(x_mm: float, baseline_mm: float) -> str:
    """Return a tick as a path, 3.6 mm wide, on a line of text with this baseline on A4."""
    x, y = x_mm * PT_PER_MM, A4[1] - baseline_mm * PT_PER_MM
    return (
        f"q 1 J 1 j 1.6 w {fill(GOOD).upper()} "
        f"{x:.2f} {y + 4:.2f} m {x + 3.4:.2f} {y + 0.6:.2f} l {x + 9.6:.2f} {y + 8:.2f} l S Q"
    )
