"""The personal page behind a mailed link. A GET changes nothing, so that a mail scanner that follows it does no harm."""

from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.queries import get_person
from conference.registration.category_queries import get_category
from conference.registration.changing import save_change, stored_values, with_category
from conference.registration.facts import calendar_facts_of
from conference.registration.fee_showing import bill_of
from conference.registration.file_posting import posted
from conference.registration.file_routes import own_address
from conference.registration.forms import ChangeForm
from conference.registration.group_queries import membership
from conference.registration.links import registration_by_link
from conference.registration.offers import accept_offer
from conference.registration.papers import make_calendar
from conference.registration.passing import may_pass_on
from conference.registration.question_queries import answers_of, asked_questions
from conference.registration.rules import require_live
from conference.registration.service import withdraw
from conference.registration.showing import shown
from conference.web.access import by_link
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference

Answer = str | BaseResponse | tuple[str, int]


def add_own_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/r/<token>", "own_page", own_page)
    blueprint.add_url_rule("/r/<token>/change", "own_change", own_change, methods=["GET", "POST"])
    blueprint.add_url_rule("/r/<token>/withdraw", "own_withdraw", own_withdraw, methods=["GET", "POST"])
    blueprint.add_url_rule("/r/<token>/accept", "own_accept", own_accept, methods=["POST"])
    blueprint.add_url_rule("/r/<token>/calendar.ics", "own_calendar", own_calendar)


@by_link
def own_page(token: str) -> str:
    return _own_page(token, PlainButtonForm(formdata=None))


def _own_page(token: str, form: PlainButtonForm) -> str:
    registration = registration_by_link(token)
    until = registration.offered_until
    return render_template(
        "registration/own_page.html",
        token=token,
        form=form,
        offer_is_open=until is not None and clock.now() < until,
        answers=[
            one
            for one in answers_of(registration.id, with_sensitive=True)
            if not one.question.details.for_staff
        ],
        file_address=partial(own_address, token),
        bill=bill_of(registration),
        member=membership(registration.id),
        may_pass_on=may_pass_on(registration, clock.now()),
        **shown(registration),
    )


@by_link
def own_accept(token: str) -> Answer:
    """Confirm the offered place; a button, because following a link changes nothing."""
    registration = registration_by_link(token)
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _own_page(token, form), 400
    try:
        transact(lambda session: accept_offer(session, registration.id, actor=BY_LINK, now=clock.now()))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _own_page(token, form), error.status
    return done(url_for("registration.own_page", token=token), gettext("The place is yours."))


@by_link
def own_change(token: str) -> Answer:
    registration = registration_by_link(token)
    require_live(registration)
    if request.method != "POST":
        form = ChangeForm(formdata=None, data=stored_values(registration))
        return _change_page(token, with_category(form, registration))
    form = with_category(ChangeForm(posted(asked_questions())), registration)
    if not form.validate():
        return _change_page(token, form), 400
    refused = save_change(form, registration.id, BY_LINK)
    if refused is not None:
        return _change_page(token, form, refused.differences), refused.status
    return done(url_for("registration.own_page", token=token), gettext("Your details are saved."))


def _change_page(token: str, form: ChangeForm, differences: tuple[Difference, ...] = ()) -> str:
    return render_template("registration/own_change.html", token=token, form=form, differences=differences)


@by_link
def own_withdraw(token: str) -> Answer:
    """Ask on GET, withdraw on POST; done twice it is done once."""
    registration = registration_by_link(token)
    form = PlainButtonForm(request.form)
    status = 200
    if request.method == "POST" and form.validate():
        transact(lambda session: withdraw(session, registration.id, actor=BY_LINK, now=clock.now()))
        return redirect(url_for("registration.own_page", token=token), 303)
    if request.method == "POST":
        status = 400
    page = render_template("registration/own_withdraw.html", token=token, form=form, **shown(registration))
    return page, status


@by_link
def own_calendar(token: str) -> Response:
    registration = registration_by_link(token)
    require_live(registration)
    person = get_person(registration.person_id).details
    category = get_category(registration.category_id).details
    file = make_calendar(calendar_facts_of(registration, person, category, get_event()))
    answer = Response(file.content, content_type=file.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.filename}"'
    return answer
