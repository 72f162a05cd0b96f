"""The programme on paper for staff: every kind of it, the printer's files, and the mark of what was sent to print."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.accounts.queries import staff_names
from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.printing.answers import file_answer, pdf_answer
from conference.printing.book_model import BookletOptions
from conference.printing.day_plan_layout import PAPERS, DayPlan, Paper
from conference.printing.errors import NotForPressError
from conference.printing.pocket_card import CardSide, card_sides
from conference.printing.print_forms import BackForm, PrinterForm, SentForm
from conference.printing.programme_papers import PLAIN, day_plan, plan_paper, printer_files, zipped
from conference.printing.service import booklet_of
from conference.programme.model import Programme
from conference.programme.printings import mark_sent as mark
from conference.programme.printings import printings, take_back
from conference.programme.queries import draft, published, versions
from conference.programme.since_print import since_print
from conference.web.access import Role, get_principal, may, staff
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm
from conference.web.heavy import heavy
from conference.web.language import FALLBACK, LANGUAGES, gettext, in_language
from conference.web.notices import done
from conference.web.numbers import number_of

Answer = str | BaseResponse | tuple[str, int]
ZIP = "application/zip"


def add_print_routes(blueprint: Blueprint) -> None:
    page = "/staff/programme/print"
    blueprint.add_url_rule(page, "programme_print", print_page)
    blueprint.add_url_rule(f"{page}/<paper>.pdf", "programme_paper", paper)
    blueprint.add_url_rule(f"{page}/plan.pdf", "programme_plan", plan)
    blueprint.add_url_rule(f"{page}/printer.zip", "printer_files", printer)
    blueprint.add_url_rule(f"{page}/sent", "mark_sent", mark_sent, methods=["POST"])
    blueprint.add_url_rule(f"{page}/back", "take_mark_back", take_mark_back, methods=["POST"])


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanOffer:
    """A plan as the page offers it: with what it had to shorten, or with why it cannot be."""

    paper: Paper
    plan: DayPlan | None
    refusal: str = ""


def _programme() -> Programme:
    """Return what everybody sees, or the draft before the first version, or where the draft is asked for."""
    return (published() if request.args.get("of") != "draft" else None) or draft()


def _tongue() -> str:
    asked = request.args.get("in", FALLBACK)
    return asked if asked in LANGUAGES else FALLBACK


@staff()
def print_page() -> str:
    return _page()


def _page(form: BaseForm | None = None) -> str:
    programme, public, names = _programme(), published(), staff_names
    sent = printings(db.session())
    told = since_print(public) if public else None
    with in_language(_tongue()):
        sides, plans = card_sides(programme), {day: _offers(programme, day) for day in programme.days}
    return render_template(
        "printing/programme.html",
        programme=programme,
        public=public,
        plans=plans,
        sides=sides,
        cut=_cut(sides),
        asked={"in": _tongue(), "of": "draft" if programme.version is None else "published"},
        languages=LANGUAGES,
        event=get_event(),
        sent=sent,
        since=told,
        names=names({one.sent_by for one in sent}),
        versions=[one for one in versions() if one.number not in {mark.number for mark in sent}],
        may=may,
        form=form or SentForm(formdata=None),
        printer_form=form if isinstance(form, PrinterForm) else PrinterForm(formdata=None),
    )


def _offers(programme: Programme, day: date) -> list[PlanOffer]:
    found = []
    for one in PAPERS.values():
        try:
            found.append(PlanOffer(paper=one, plan=day_plan(programme, day, one.key)))
        except DomainError as error:
            found.append(PlanOffer(paper=one, plan=None, refusal=sentence_of(error)))
    return found


def _cut(sides: tuple[CardSide, ...]) -> list[str]:
    return [title for side in sides for title in side.shortened]


@staff()
@heavy
def paper(paper: str) -> Response:
    """The booklet on A4 or A5, folded, the pocket card or the changes since printing."""
    makers: dict[str, Callable[[Programme], bytes]] = {
        "a4": booklet_of,
        "a5": partial(booklet_of, options=BookletOptions(page="A5")),
        **PLAIN,
    }
    if paper not in makers:
        abort(404)
    with in_language(_tongue()):
        return pdf_answer(makers[paper](_programme()), f"programme-{paper}.pdf")


@staff()
@heavy
def plan() -> Response:
    """One day, or the first, on one page; what cannot be is refused in words, which the page says beside its link too."""
    programme, size = _programme(), request.args.get("size", "a4")
    try:
        day = date.fromisoformat(request.args.get("day") or programme.days[0].isoformat())
    except ValueError:
        abort(404)
    with in_language(_tongue()):
        return pdf_answer(plan_paper(programme, day, size), f"plan-{day}-{size}.pdf")


@staff()
@heavy
def printer() -> Answer:
    """The printer's files in one ZIP, of the public version."""
    form = PrinterForm(request.args)
    order = form.order() if form.validate() else None
    if order is None:
        return _page(form), 400
    try:
        with in_language(_tongue()):
            made = zipped(printer_files(order))
    except NotForPressError as error:
        form.refuse(None, sentence_of(error))
        return _page(form), error.status
    answer = file_answer(made, "programme-for-printer.zip", ZIP)
    answer.headers["Content-Disposition"] = 'attachment; filename="programme-for-printer.zip"'
    return answer


@staff(Role.PROGRAMME)
def mark_sent() -> Answer:
    """Mark a version as sent to print."""
    form, status = SentForm(request.form), 400
    if form.validate():
        number, actor, now = number_of(form.number.data) or 0, by_staff(get_principal().id), clock.now()
        try:
            transact(lambda writing: mark(writing, number, actor=actor, now=now))
        except DomainError as error:
            form.refuse(None, sentence_of(error))
            status = error.status
        else:
            said = gettext(
                "Version %(number)s is marked as sent to print. What changes from now on is told on “Changes since printing”.",
                number=number,
            )
            return done(url_for("printing.programme_print"), said)
    return _page(form), status


@staff(Role.PROGRAMME)
def take_mark_back() -> Answer:
    """Take the mark of a version back."""
    form, status = BackForm(request.form), 400
    if form.validate():
        number, seen, actor = (
            number_of(form.number.data) or 0,
            form.revision.data,
            by_staff(get_principal().id),
        )
        try:
            transact(lambda writing: take_back(writing, number, seen, actor=actor))
        except DomainError as error:
            form.refuse(None, sentence_of(error))
            status = error.status
        else:
            said = gettext("Version %(number)s is no more marked as sent to print.", number=number)
            return done(url_for("printing.programme_print"), said)
    return _page(form), status
