"""Paper by HTTP: badges and programme for staff, the published programme for all, ticket and code by link."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.core.errors import N_
from conference.core.ids import RegistrationId
from conference.printing.answers import file_answer, pdf_answer
from conference.printing.book_routes import add_book_routes
from conference.printing.box_routes import add_box_routes
from conference.printing.box_service import order_language
from conference.printing.choice import SIDES_WORDS, Choice, choice_of
from conference.printing.codes import qr_svg
from conference.printing.design_list_routes import add_design_list_routes
from conference.printing.design_routes import add_design_routes
from conference.printing.desk_routes import add_desk_routes
from conference.printing.errors import NoTicketError
from conference.printing.letter_routes import add_letter_routes
from conference.printing.model import Finding
from conference.printing.other_routes import add_other_routes
from conference.printing.outline import outline_pdf
from conference.printing.own_sheets import every_sheet
from conference.printing.paper_routes import add_paper_routes, device_choice
from conference.printing.papers import AT_ONCE
from conference.printing.picking import ORDER_WORDS, WHICH_WORDS, Picking, counted, picked
from conference.printing.preflight import advice_of
from conference.printing.preview_routes import add_preview_routes
from conference.printing.print_routes import add_print_routes
from conference.printing.public_paper_routes import add_public_paper_routes
from conference.printing.run import next_free, pages_of
from conference.printing.run_routes import add_run_routes
from conference.printing.runs import last_prints
from conference.printing.sample_routes import add_sample_routes
from conference.printing.service import badges, found_on, people_to_print
from conference.printing.sheet_routes import add_sheet_routes
from conference.printing.sheets import Family, Sheet
from conference.printing.sign_routes import add_sign_routes
from conference.printing.tickets import designed_ticket
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.links import registration_by_link
from conference.registration.model import BADGED, State
from conference.registration.queries import badge_people, ticket_facts
from conference.web.access import Role, by_link, staff
from conference.web.errors import sentence_of
from conference.web.heavy import heavy
from conference.web.language import gettext

printing = Blueprint("printing", __name__)
add_paper_routes(printing)
add_desk_routes(printing)
add_box_routes(printing)
add_other_routes(printing)
add_letter_routes(printing)
add_sheet_routes(printing)
add_run_routes(printing)
add_book_routes(printing)
add_sign_routes(printing)
add_design_list_routes(printing)
add_design_routes(printing)
add_sample_routes(printing)
add_preview_routes(printing)
add_print_routes(printing)
add_public_paper_routes(printing)

FAMILY_WORDS = {
    Family.CUT: N_("Cut from A4"),
    Family.FOLDED: N_("Folded"),
    Family.LABELS: N_("Labels on A4"),
    Family.ROLL: N_("Rolls"),
    Family.OWN: N_("Own sheets"),
}


def _with(filters: ListFilters, choice: Choice, picking: Picking) -> str:
    query: dict[str, Any] = {
        **choice.as_query(),
        **choice.refused_query(),
        **picking.as_query(),
        **filters.as_query(),
    }
    return url_for("printing.badges_preflight", **query)


@printing.get("/staff/badges")
@staff(Role.DESK)
def badges_preflight() -> str | tuple[str, int]:
    """What would be printed, and what the badges cannot show, before any paper is used."""
    filters = ListFilters.of_query(request.args)
    choice, picking = device_choice(request.args), Picking.of_query(request.args)
    everybody, printed_before = badge_people(filters), last_prints()
    people = picked(everybody, picking, printed_before, order_language())
    findings, count = found_on(people, choice), len(people)
    left_out = len({one.registration_id for one in findings if one.leaves_badge_out})
    printed = count - left_out
    page = render_template(
        "printing/badges.html",
        choice=choice,
        picking=picking,
        counts=counted(everybody, printed_before),
        which_words=WHICH_WORDS,
        order_words=ORDER_WORDS,
        query=filters.as_query(),
        all=filters.as_query() | choice.as_query() | picking.as_query(),
        filters=filters,
        families=_by_family(),
        sides=SIDES_WORDS,
        chosen_sides=choice.as_query().get("sides", "front"),
        refused={choice.refusal.field: sentence_of(choice.refusal)} if choice.refusal else {},
        categories=categories(),
        count=count,
        printed=printed,
        pages=pages_of(choice.sheet, choice.setting, printed),
        next_free=next_free(choice.sheet, choice.setting, printed),
        takes_a_worker=count > AT_ONCE,
        findings=_by_person(findings),
        advice=[one.text_of(gettext) for one in advice_of(findings)],
        left_out=left_out,
    )
    return (page, 400) if choice.refusal else page


def _by_family() -> list[tuple[str, list[Sheet]]]:
    sheets = every_sheet().values()
    groups = [
        (word, [one for one in sheets if one.family is family]) for family, word in FAMILY_WORDS.items()
    ]
    return [(word, found) for word, found in groups if found]


@printing.get("/staff/badges/outline.pdf")
@staff(Role.DESK)
def outline() -> BaseResponse:
    """The test page of the sheet chosen; where the choice cannot be, the page that says why."""
    choice = choice_of(request.args)
    if choice.refusal is not None:
        return redirect(_with(ListFilters(), choice, Picking()), 303)
    return pdf_answer(outline_pdf(choice.sheet, choice.setting), f"test-page-{choice.sheet.key}.pdf")


def _by_person(findings: Iterable[Finding]) -> list[tuple[Finding, list[str], bool]]:
    """Return for each person the first finding, the sentences of all, and whether the badge is left out."""
    together: dict[RegistrationId, list[Finding]] = {}
    for finding in findings:
        together.setdefault(finding.registration_id, []).append(finding)
    return [
        (found[0], [one.text_of(gettext) for one in found], any(one.leaves_badge_out for one in found))
        for found in together.values()
    ]


@printing.get("/staff/badges.pdf", endpoint="badges")
@staff(Role.DESK)
@heavy
def badges_file() -> BaseResponse:
    """How the badges will look, which counts as no print; where some cannot be printed, the page that says so."""
    filters, choice, picking = (
        ListFilters.of_query(request.args),
        choice_of(request.args),
        Picking.of_query(request.args),
    )
    people = people_to_print(filters, picking)
    if choice.refusal is not None or len(people) > AT_ONCE:
        return redirect(_with(filters, choice, picking), 303)
    printed = badges(people, choice, is_stacked=picking.is_stacked)
    if printed.findings and "checked" not in request.args:
        return redirect(_with(filters, choice, picking), 303)
    return pdf_answer(printed.pdf, f"badges-{choice.sheet.key}.pdf")


@printing.get("/r/<token>/ticket.pdf")
@by_link
def own_ticket(token: str) -> Response:
    registration = registration_by_link(token)
    _require_seat(registration.state)
    ticket = designed_ticket(ticket_facts(registration.id))
    return pdf_answer(ticket.content, ticket.filename)


@printing.get("/r/<token>/code.svg")
@by_link
def own_code(token: str) -> Response:
    registration = registration_by_link(token)
    _require_seat(registration.state)
    title = gettext("Code of registration %(number)s", number=registration.number)
    return file_answer(
        qr_svg(registration.badge_code, title).encode(), "code.svg", "image/svg+xml; charset=utf-8"
    )


def _require_seat(state: State) -> None:
    """Only who is confirmed has a ticket: a waiting list opens no door."""
    if state not in BADGED:
        raise NoTicketError
