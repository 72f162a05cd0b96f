"""Paper to look at that no other page answers: one person's badge, badges to write on, and a ticket of nobody."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.core.ids import RegistrationId
from conference.event.queries import get_event
from conference.printing.answers import pdf_answer
from conference.printing.badges import blank_badges_pdf
from conference.printing.choice import Choice
from conference.printing.design_facts import facts_for
from conference.printing.pack import BLANKS
from conference.printing.paper_routes import device_choice
from conference.printing.service import badges, found_on
from conference.printing.tickets import make_ticket
from conference.registration.category_queries import categories
from conference.registration.model import BadgePerson, State
from conference.registration.queries import badge_person, get_registration
from conference.web.access import Role, staff
from conference.web.language import FALLBACK, LANGUAGES

# Nobody's code: it has the shape of one, and no door knows it.
SAMPLE_CODE = "0" * 20


def add_sample_routes(blueprint: Blueprint) -> None:
    person = "/staff/registrations/<int:registration_id>/badge.pdf"
    blueprint.add_url_rule(person, "badge_file", badge_file)
    blueprint.add_url_rule("/staff/badges/blanks.pdf", "blanks", blanks)
    blueprint.add_url_rule("/staff/tickets/sample.pdf", "ticket_sample", ticket_sample)


@staff(Role.DESK)
def badge_file(registration_id: int) -> BaseResponse:
    """How one person's badge will look, which counts as no print; where it cannot be, the page that says why."""
    registration, choice = get_registration(RegistrationId(registration_id)), device_choice(request.args)
    if choice.refusal is not None:
        raise choice.refusal
    person = badge_person(registration.id)
    if registration.state not in {State.CONFIRMED, State.ATTENDED} or is_left_out(person, choice):
        return redirect(url_for("printing.badge", registration_id=registration.id), 303)
    return pdf_answer(badges([person], choice).pdf, f"badge-{registration.number}.pdf")


def is_left_out(person: BadgePerson, choice: Choice) -> bool:
    """Return whether the badge waits for a name that can be printed."""
    return any(finding.leaves_badge_out for finding in found_on([person], choice))


@staff(Role.DESK)
def blanks() -> Response:
    """Badges to write on, eight for each role, on the sheet chosen."""
    choice = device_choice(request.args)
    if choice.refusal is not None:
        raise choice.refusal
    words = dict.fromkeys((one.details.badge_word, one.details.badge_colour) for one in categories())
    design = choice.design
    made = blank_badges_pdf(
        words, BLANKS, sheet=choice.sheet, setting=choice.setting, design=design, facts=facts_for(design)
    )
    return pdf_answer(made, "badges-to-write-on.pdf")


@staff()
def ticket_sample() -> Response:
    """The ticket as a confirmation carries it, of an invented person, with the event's own facts."""
    asked = request.args.get("in", FALLBACK)
    ticket = make_ticket(_nobodys_facts(asked if asked in LANGUAGES else FALLBACK))
    return pdf_answer(ticket.content, "ticket-sample.pdf")


def _nobodys_facts(language: str) -> dict[str, Any]:
    """Return what a ticket says, in the shape of registration.queries.ticket_facts."""
    event, category = get_event(), next(iter(categories()), None)
    details = category.details if category else None
    return {
        "language": language,
        "number": "R-0000",
        "name": "Åsa Exempel",
        "full_name": "Dr. Åsa Exempel",
        "affiliation": "Example University Hospital",
        "country": "",
        "category": details.name_in(language) if details else "",
        "badge_word": details.badge_word if details else "",
        "badge_colour": details.badge_colour if details else 1,
        "badge_code": SAMPLE_CODE,
        "event_title": event.title,
        "days": [day.isoformat() for day in (details.days_in(event.days) if details else event.days)],
        "city": event.city,
        "venue": event.venue,
        "contact_email": event.contact_email,
    }
