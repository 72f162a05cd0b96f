"""Paper by HTTP: badges and programme for staff, the published programme for all, ticket and code by link."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.core.ids import RegistrationId
from conference.printing.answers import file_answer, pdf_answer, sheet_of
from conference.printing.badges import SheetName
from conference.printing.codes import qr_svg
from conference.printing.errors import NothingPublishedError, NoTicketError
from conference.printing.model import Finding
from conference.printing.paper_routes import add_paper_routes
from conference.printing.papers import AT_ONCE
from conference.printing.service import badge_findings, badges, programme_paper
from conference.printing.tickets import make_ticket
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.links import registration_by_link
from conference.registration.model import State
from conference.registration.queries import badge_people, ticket_facts
from conference.web.access import Role, by_link, public, staff
from conference.web.language import gettext

printing = Blueprint("printing", __name__)
add_paper_routes(printing)


def _with(filters: ListFilters, sheet: SheetName) -> str:
    query: dict[str, Any] = {"sheet": sheet, **filters.as_query()}
    return url_for("printing.badges_preflight", **query)


@printing.get("/staff/badges")
@staff(Role.DESK)
def badges_preflight() -> str:
    """What would be printed, and what the badges cannot show, before any paper is used."""
    filters = ListFilters.of_query(request.args)
    sheet = sheet_of(request.args)
    count, findings = badge_findings(filters, sheet)
    return render_template(
        "printing/badges.html",
        sheet=sheet,
        filters=filters,
        query=filters.as_query(),
        categories=categories(),
        count=count,
        takes_a_worker=count > AT_ONCE,
        findings=_by_person(findings),
        left_out=len({one.registration_id for one in findings if one.leaves_badge_out}),
    )


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
def badges_file() -> BaseResponse:
    """The badges; where some cannot be printed as they are, the page that says so comes first."""
    filters, sheet = ListFilters.of_query(request.args), sheet_of(request.args)
    if len(badge_people(filters)) > AT_ONCE:
        return redirect(_with(filters, sheet), 303)
    printed = badges(filters, sheet)
    if printed.findings and "checked" not in request.args:
        return redirect(_with(filters, sheet), 303)
    return pdf_answer(printed.pdf, f"badges-{sheet}.pdf")


@printing.get("/staff/programme.pdf", endpoint="programme")
@staff()
def staff_programme() -> Response:
    """The draft, marked as one, or with ?version=published what everybody sees."""
    of_draft = request.args.get("version") != "published"
    return _booklet(of_draft=of_draft, filename="programme-draft.pdf" if of_draft else "programme.pdf")


@printing.get("/programme.pdf")
@public
def public_programme() -> Response:
    return _booklet(of_draft=False, filename="programme.pdf")


def _booklet(*, of_draft: bool, filename: str) -> Response:
    paper = programme_paper(of_draft=of_draft)
    if paper is None:
        raise NothingPublishedError
    return pdf_answer(paper, filename)


@printing.get("/r/<token>/ticket.pdf")
@by_link
def own_ticket(token: str) -> Response:
    registration = registration_by_link(token)
    _require_seat(registration.state)
    ticket = make_ticket(ticket_facts(registration.id))
    return pdf_answer(ticket.content, ticket.filename)


@printing.get("/r/<token>/code.svg")
@by_link
def own_code(token: str) -> Response:
    registration = registration_by_link(token)
    _require_seat(registration.state)
    title = gettext("Code of registration %(number)s", number=registration.number)
    return file_answer(qr_svg(registration.badge_code, title).encode(), "code.svg", "image/svg+xml")


def _require_seat(state: State) -> None:
    """Only who is confirmed has a ticket: a waiting list opens no door."""
    if state is not State.CONFIRMED:
        raise NoTicketError
