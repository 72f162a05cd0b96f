"""The public form and the one page that answers it, whatever came of it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import organisers
from conference.registration.attempts import sent_address
from conference.registration.category_queries import categories
from conference.registration.forms import CorrectForm, RegisterForm
from conference.registration.model import Category
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


def add_public_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/register", "register", form_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/register/sent", "sent", sent)
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
    needs_approval: bool
    is_closed: bool


def _offer(category: Category, now: datetime, *, with_fee: bool) -> Offer:
    details = category.details
    return Offer(
        id=str(category.id),
        name=details.name_in(language()),
        description=details.description_in(language()),
        places=_places(category, now),
        fee=fee_text(details) if with_fee else "",
        needs_approval=details.needs_approval,
        is_closed=not is_open(details, now),
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


def _offers(now: datetime) -> list[Offer]:
    shown = [category for category in categories() if category.details.is_public]
    with_fee = any(category.details.fee_minor for category in shown)
    return [_offer(category, now, with_fee=with_fee) for category in shown]


@public
def form_page() -> Answer:
    form = RegisterForm(request.form)
    if request.method != "POST":
        return _form(form)
    if not form.validate():
        return _form(form), 400
    command = form.to_command()
    try:
        session[ATTEMPT] = transact(lambda work: register(work, command, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _form(form), error.status
    return redirect(url_for("registration.sent"), 303)


def _form(form: RegisterForm) -> str:
    form.key()
    offers = _offers(clock.now())
    return render_template(
        "registration/register.html",
        form=form,
        offers=offers,
        is_open=any(not offer.is_closed for offer in offers),
        organisers=organisers(),
        part=_parts.kept if request.method != "POST" else _parts.drawn,
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
