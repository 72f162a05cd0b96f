"""Who waits for a place or for approval, and the office's answer."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.countries import country_name
from conference.registration.admission_forms import AdmitForm, ApprovalForm
from conference.registration.admission_queries import offers_in, pending, waiting_list
from conference.registration.approving import approve, decline, restore
from conference.registration.category_queries import category_details, get_category
from conference.registration.model import CAREER_STAGES, PROFESSIONS, Registration, State
from conference.registration.offers import admit_over_limit, promote
from conference.registration.queries import get_registration
from conference.registration.question_fields import answer_words
from conference.registration.question_queries import plain_answers, questions
from conference.registration.rules import offer_deadline
from conference.registration.showing import shown
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_admission_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/categories/<int:category_id>/waiting", "waiting", waiting)
    blueprint.add_url_rule("/staff/approvals", "approvals", approvals, methods=["GET", "POST"])
    one = "/staff/registrations/<int:registration_id>"
    blueprint.add_url_rule(f"{one}/admit", "admit", admit, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/restore", "restore", bring_back, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.DESK)
def waiting(category_id: int) -> str:
    category = get_category(CategoryId(category_id))
    return render_template(
        "registration/waiting.html",
        category=category,
        queue=waiting_list(category.id),
        offers=offers_in(category.id),
        offers_are_over=offer_deadline(clock.now(), get_event().first_day) is None,
        country_name=country_name,
    )


@staff(Role.DESK)
def admit(registration_id: int) -> Answer:
    """Give one who waits a place: a free one, or one over the limit, out of the list's order only with a reason."""
    known = RegistrationId(registration_id)
    registration = get_registration(known)
    if request.method != "POST":
        return _admit_page(registration, AdmitForm(formdata=None))
    form = AdmitForm(request.form)
    if not form.validate():
        return _admit_page(registration, form), 400
    act = promote if form.how.data == "free" else admit_over_limit
    reason, actor = form.reason.data or "", _me()
    try:
        transact(lambda session: act(session, known, actor=actor, now=clock.now(), reason=reason))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _admit_page(get_registration(known), form), error.status
    return done(
        url_for("registration.office_page", registration_id=known),
        gettext("The place is given, and a mail says so."),
    )


def _admit_page(registration: Registration, form: AdmitForm) -> str:
    return render_template("registration/admit.html", form=form, **shown(registration))


@staff(Role.DESK)
def bring_back(registration_id: int) -> Answer:
    registration, actor = get_registration(RegistrationId(registration_id)), _me()
    page = url_for("registration.office_page", registration_id=registration.id)
    if not PlainButtonForm(request.form).validate():
        return done(page, gettext("This page was open too long. Press the button again."))
    state = transact(lambda session: restore(session, registration.id, actor=actor, now=clock.now()))
    if state is State.CONFIRMED:
        return done(page, gettext("The registration is confirmed again, and a mail says so."))
    return done(page, gettext("The registration is on the waiting list, and a mail says so."))


@staff(Role.ORGANISER)
def approvals() -> Answer:
    form = ApprovalForm(request.form)
    if request.method != "POST":
        return _approvals_page(ApprovalForm(formdata=None))
    chosen = form.ids([one.registration for one in pending()])
    if not form.validate() or not form.check(chosen):
        return _approvals_page(form), 400
    count = _answer_all(chosen, form)
    if form.failed:
        db.session.rollback()
        return _approvals_page(form), 409
    sentence = gettext("%(count)d answered, each by a mail.", count=count)
    return done(url_for("registration.approvals"), sentence)


def _answer_all(chosen: list[Registration], form: ApprovalForm) -> int:
    """Answer each in a transaction of its own, and return how many; what could not be done is said in the form."""
    actor, reason, is_yes = _me(), form.reason.data or "", form.answer.data == "approve"

    def answer(session: Session, registration_id: RegistrationId) -> None:
        if is_yes:
            approve(session, registration_id, actor=actor, now=clock.now())
        else:
            decline(session, registration_id, actor=actor, now=clock.now(), reason=reason)

    count = 0
    for one in chosen:
        try:
            transact(partial(answer, registration_id=one.id))
        except DomainError as error:
            form.refuse(None, f"{one.number}: {sentence_of(error)}")
        else:
            count += 1
    return count


def _approvals_page(form: ApprovalForm) -> str:
    waiting = pending()
    return render_template(
        "registration/approvals.html",
        form=form,
        pending=waiting,
        questions=[one for one in questions() if not one.details.is_retired and not one.details.is_sensitive],
        answers=plain_answers(one.registration.id for one in waiting),
        answer_words=answer_words,
        names=category_details(),
        professions=PROFESSIONS,
        career_stages=CAREER_STAGES,
        country_name=country_name,
    )
