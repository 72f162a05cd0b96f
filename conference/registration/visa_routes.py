"""Letters of invitation: asked for on the personal page, answered in the office."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.people.countries import country_name
from conference.people.queries import people_by_id
from conference.registration.links import registration_by_link
from conference.registration.model import BADGED
from conference.registration.queries import get_registration, live_registrations
from conference.registration.visa_errors import NoPlaceForLetterError
from conference.registration.visa_forms import VisaDecisionForm, VisaForm
from conference.registration.visa_model import CONSENT, VISA_WORDS, VisaState
from conference.registration.visa_service import (
    approve_letter,
    ask_for_letter,
    decline_letter,
    find_letter,
    letters_asked,
    note_passport_seen,
)
from conference.web.access import Role, by_link, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_visa_routes(blueprint: Blueprint) -> None:
    both = ["GET", "POST"]
    blueprint.add_url_rule("/r/<token>/visa", "own_visa", own_visa, methods=both)
    blueprint.add_url_rule("/staff/visa", "visa_letters", visa_letters)
    one = "/staff/visa/<int:registration_id>"
    blueprint.add_url_rule(one, "visa_letter", visa_letter, methods=both)
    blueprint.add_url_rule(f"{one}/passport", "visa_passport", visa_passport, methods=["POST"])


@by_link
def own_visa(token: str) -> Answer:
    """Ask for a letter of invitation, or see how the wish stands."""
    registration = registration_by_link(token)
    if registration.state not in BADGED:
        raise NoPlaceForLetterError
    form = VisaForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _own_page(token, registration.id, form)
    if not form.validate():
        return _own_page(token, registration.id, form), 400
    passport, wording = form.to_passport(), gettext(CONSENT)
    db.session.rollback()
    try:
        transact(
            lambda session: ask_for_letter(
                session, registration.id, passport, wording, actor=BY_LINK, now=clock.now()
            )
        )
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        return _own_page(token, registration.id, form), error.status
    return done(
        url_for("registration.own_visa", token=token),
        gettext("The organisers look at it. A mail tells you what they decided."),
    )


def _own_page(token: str, registration_id: RegistrationId, form: VisaForm) -> str:
    letter = find_letter(registration_id)
    return render_template(
        "registration/own_visa.html",
        token=token,
        form=form,
        letter=letter,
        can_ask=letter is None or letter.state is not VisaState.APPROVED,
        words=VISA_WORDS,
    )


@staff(Role.ORGANISER)
def visa_letters() -> str:
    """Every wish for a letter, those to be answered first."""
    asked = letters_asked()
    known = live_registrations(one.registration_id for one in asked)
    people = people_by_id(one.person_id for one in known.values())
    lines = [
        (one, known[one.registration_id], people[known[one.registration_id].person_id])
        for one in asked
        if one.registration_id in known
    ]
    return render_template("registration/visa_letters.html", lines=lines, words=VISA_WORDS)


@staff(Role.ORGANISER)
def visa_letter(registration_id: int) -> Answer:
    """Approve a letter, or decline it with a reason."""
    known = get_registration(RegistrationId(registration_id)).id
    form = VisaDecisionForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(known, form)
    if not form.validate():
        return _page(known, form), 400
    approves = request.form.get("act") == "approve"
    seen, reason = form.revision.data, (form.reason.data or "").strip()
    actor, now = by_staff(get_principal().id), clock.now()

    def work(session: Session) -> None:
        if approves:
            approve_letter(session, known, seen, actor=actor, now=now)
        else:
            decline_letter(session, known, seen, reason, actor=actor, now=now)

    try:
        transact(work)
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _page(known, form), error.status
    sentence = (
        gettext("The letter is approved, and a mail says where it is.")
        if approves
        else gettext("The letter is declined, and a mail tells the reason.")
    )
    return done(url_for("registration.visa_letter", registration_id=known), sentence)


@staff(Role.ORGANISER)
def visa_passport(registration_id: int) -> Answer:
    """Show the page with what the passport says, and note who looked: a button, because it writes."""
    known = get_registration(RegistrationId(registration_id)).id
    if not PlainButtonForm(request.form).validate():
        return _page(known, VisaDecisionForm(formdata=None)), 400
    actor = by_staff(get_principal().id)
    transact(lambda session: note_passport_seen(session, known, actor=actor))
    db.session.rollback()
    return _page(known, VisaDecisionForm(formdata=None), with_passport=True)


def _page(registration_id: RegistrationId, form: VisaDecisionForm, *, with_passport: bool = False) -> str:
    letter = find_letter(registration_id, with_passport=with_passport)
    if letter is None:
        raise NotFoundError
    registration = get_registration(registration_id)
    person = people_by_id([registration.person_id])[registration.person_id].details
    return render_template(
        "registration/visa_letter.html",
        form=form,
        letter=letter,
        registration=registration,
        person=person,
        nationality=country_name(letter.passport.nationality) if letter.passport else "",
        words=VISA_WORDS,
        is_open=letter.state is VisaState.ASKED,
    )
