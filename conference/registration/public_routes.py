"""The public form and the one page that answers it, whatever came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from conference.core.clock import clock, real_now
from conference.core.errors import DomainError
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import organisers
from conference.registration.access_codes import note_wrong_code
from conference.registration.attempts import sent_address
from conference.registration.errors import QuestionsChangedError
from conference.registration.extra_model import Extra
from conference.registration.extra_queries import categories_and_extras
from conference.registration.extra_showing import offered_extras
from conference.registration.file_posting import posted
from conference.registration.forms import BlankForm, CorrectForm, RegisterForm, SentForm
from conference.registration.invitation_errors import CodeUnknownError
from conference.registration.invitation_model import InvitationDetails
from conference.registration.lost_links import ask_for_link
from conference.registration.model import Access, Category
from conference.registration.question_model import Question
from conference.registration.question_queries import asked_questions
from conference.registration.rules import is_open, places_left, places_text
from conference.registration.service import correct, register
from conference.registration.showing import fee_text
from conference.web.access import public
from conference.web.errors import sentence_of
from conference.web.forms import BlankParts
from conference.web.language import date_time, gettext, language

Answer = str | Response | tuple[str, int]
# Where the browser's session keeps the key of the form that it sent last.
ATTEMPT = "attempt"
_parts = BlankParts()
# The questions drawn blank, and which they are.
_questions: dict[str, Any] = {}


def add_public_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/register", "register", form_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/register/sent", "sent", sent)
    blueprint.add_url_rule("/register/lost-link", "lost_link", lost_link, methods=["GET", "POST"])
    blueprint.add_url_rule("/register/correct", "correct", correct_address, methods=["POST"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A category as the form shows it.

    `places` is "12 places left", "waiting list", "closed", "opens on …" or nothing; `fee` is "Free of charge" or an
    amount, and "" while no category of the form asks for one.
    """

    id: str
    name: str
    description: str
    places: str
    fee: str
    costs: bool
    needs_approval: bool
    is_closed: bool
    needs_code: bool


def offer_of(category: Category, now: datetime, *, with_fee: bool) -> Offer:
    details = category.details
    return Offer(
        id=str(category.id),
        name=details.name_in(language()),
        description=details.description_in(language()),
        places=_places(category, now),
        fee=fee_text(details) if with_fee else "",
        costs=bool(details.fee_minor),
        needs_approval=details.needs_approval,
        is_closed=not is_open(details, now),
        needs_code=details.access is Access.CODE,
    )


def _places(category: Category, now: datetime) -> str:
    details = category.details
    if details.opens_at is not None and now < details.opens_at:
        return gettext("opens on %(time)s", time=date_time(details.opens_at))
    if not is_open(details, now):
        return gettext("closed")
    if category.ledger.seats is None:
        return ""
    return gettext(places_text(category.ledger), left=places_left(category.ledger) or 0)


def _offers(categories: Iterable[Category], now: datetime) -> list[Offer]:
    open_to = (Access.PUBLIC, Access.CODE)
    shown = [
        category
        for category in categories
        if category.details.access in open_to and not category.details.is_retired
    ]
    with_fee = any(category.details.fee_minor for category in shown)
    return [offer_of(category, now, with_fee=with_fee) for category in shown]


def _parts_of(asked: tuple[Question, ...], names: dict[CategoryId, str]) -> Callable[..., Markup]:
    """Return what draws the questions: once for these questions and names, unless something is filled in."""
    if request.method == "POST":
        return BlankParts.drawn
    drawn_for = (asked, tuple(names.items()))
    # Looked at and put as one value: another thread may be at the questions of another state.
    held = _questions.get("held")
    if held is None or held[0] != drawn_for:
        held = _questions["held"] = (drawn_for, BlankParts())
    return held[1].kept


@public
def form_page() -> Answer:
    if request.method != "POST":
        # First, because it asks for the token too, which the form's questions stand under.
        counted = categories_and_extras()
        is_drawn = _parts.has("person", "choices")
        code = {"code": request.args.get("code", "")[:60]}
        form = BlankForm(formdata=None, data=code) if is_drawn else RegisterForm(formdata=None, data=code)
        return _form(form, counted)
    try:
        return _registered(SentForm(posted(asked_questions.latest())))
    except QuestionsChangedError:
        return _registered(RegisterForm(posted(asked_questions())))


def _registered(form: RegisterForm) -> Answer:
    """Register by the form, or show it with why not. Raises QuestionsChangedError for one that is to be read again."""
    if not form.validate():
        if form.answers.is_outdated:
            raise QuestionsChangedError
        return _form(form), 400
    command = form.to_command()
    try:
        session[ATTEMPT] = transact(lambda work: register(work, command, now=clock.now()))
    except DomainError as error:
        if isinstance(error, CodeUnknownError):
            transact(note_wrong_code)
        form.refuse(error.field, sentence_of(error))
        # What became full meanwhile is newer than what this request has read.
        db.session.rollback()
        return _form(form), error.status
    return redirect(url_for("registration.sent"), 303)


def _form(
    form: RegisterForm | BlankForm, counted: tuple[tuple[Category, ...], tuple[Extra, ...]] | None = None
) -> str:
    categories, extras = counted or categories_and_extras()
    part = _parts.kept if request.method != "POST" else _parts.drawn
    return drawn(form, _offers(categories, clock.now()), extras, part)


def drawn(
    form: RegisterForm | BlankForm,
    offers: list[Offer],
    extras: Iterable[Extra],
    part: Callable[..., Markup] = _parts.drawn,
    invitation: InvitationDetails | None = None,
) -> str:
    """Return the form with these categories; with an invitation it is filled, and sent to the address it came from."""
    form.key()
    names = {CategoryId(int(offer.id)): offer.name for offer in offers}
    return render_template(
        "registration/register.html",
        form=form,
        offers=offers,
        extras=offered_extras(extras, names),
        is_open=any(not offer.is_closed for offer in offers),
        organisers=organisers(),
        part=part,
        invitation=invitation,
        takes_codes=any(offer.needs_code and not offer.is_closed for offer in offers) and invitation is None,
        questions_part=_parts_of(form.answers.questions, names),
        category_names=names,
    )


@public
def sent() -> str:
    """Answer alike for a new, a repeated and a known address: what came of it is in the mail."""
    return _sent(CorrectForm(formdata=None))


def _sent(form: CorrectForm) -> str:
    # The write before had a session of its own; what is read here must see it.
    db.session.rollback()
    address, may_be_corrected = sent_address(session.get(ATTEMPT, ""))
    return render_template(
        "registration/sent.html", form=form, address=address, may_be_corrected=may_be_corrected
    )


@public
def correct_address() -> Answer:
    form = CorrectForm(request.form)
    if not form.validate():
        return _sent(form), 400
    key, email = session.get(ATTEMPT, ""), form.email.data or ""
    try:
        transact(lambda work: correct(work, key, email, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _sent(form), error.status
    return redirect(url_for("registration.sent"), 303)


@public
def lost_link() -> Answer:
    """Answer alike for known and unknown addresses; what comes of it is in the mail."""
    form = CorrectForm(request.form if request.method == "POST" else None)
    is_sent, status = False, 200
    if request.method == "POST":
        is_sent = form.validate()
        status = 200 if is_sent else 400
        if is_sent:
            email = form.email.data or ""
            transact(lambda work: ask_for_link(work, email, now=real_now()))
    return render_template("registration/lost_link.html", form=form, is_sent=is_sent), status
