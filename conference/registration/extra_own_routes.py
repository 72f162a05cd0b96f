"""Adding and dropping extras: on the personal page behind a mailed link, and in the office for somebody."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK, Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import get_category
from conference.registration.extra_forms import AddExtraForm
from conference.registration.extra_model import EXTRA_WORDS
from conference.registration.extra_queries import held_extras, offered_to
from conference.registration.extra_service import add_extra, drop_extra
from conference.registration.extra_showing import offered_extras
from conference.registration.links import registration_by_link
from conference.registration.model import Registration
from conference.registration.queries import get_registration
from conference.registration.rules import require_live
from conference.web.access import Role, by_link, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext, language
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_own_extra_routes(blueprint: Blueprint) -> None:
    both = ["GET", "POST"]
    blueprint.add_url_rule("/r/<token>/extras", "own_extras", own_extras, methods=both)
    one = "/staff/registrations/<int:registration_id>/extras"
    blueprint.add_url_rule(one, "office_extras", office_extras, methods=both)


@by_link
def own_extras(token: str) -> Answer:
    """Show the extras with a button each; a button, because following a link changes nothing."""
    registration = registration_by_link(token)
    back = url_for("registration.own_page", token=token)
    return _answer(registration, BY_LINK, "registration/own_extras.html", back)


@staff(Role.DESK)
def office_extras(registration_id: int) -> Answer:
    registration = get_registration(RegistrationId(registration_id))
    back = url_for("registration.office_page", registration_id=registration.id)
    return _answer(registration, by_staff(get_principal().id), "registration/office_extras.html", back)


def _answer(registration: Registration, actor: Actor, template: str, back: str) -> Answer:
    require_live(registration)
    form = AddExtraForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(registration, form, template, back)
    if not form.validate():
        return _page(registration, form, template, back), 400
    try:
        _change(registration.id, form, actor)
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _page(get_registration(registration.id), form, template, back), error.status
    return done(request.path, gettext("The extras are changed."))


def _change(registration_id: RegistrationId, form: AddExtraForm, actor: Actor) -> None:
    """Do what each button in the form says. Each is done once, however often it is pressed."""
    now, drops = clock.now(), request.form.get("act") == "drop"
    for wanted in form.extras.wanted():
        if drops:
            transact(
                lambda session, it=wanted.extra_id: drop_extra(  # type: ignore[misc]  # the default binds the loop's id
                    session, registration_id, it, actor=actor, now=now
                )
            )
        else:
            transact(
                lambda session, it=wanted: add_extra(session, registration_id, it, actor=actor, now=now)  # type: ignore[misc]  # the default binds the loop's wish
            )


def _page(registration: Registration, form: AddExtraForm, template: str, back: str) -> str:
    category = get_category(registration.category_id)
    chosen = held_extras(registration.id, language())
    taken = {extra.extra_id for extra in chosen}
    offered = offered_extras(offered_to(category.id), {category.id: category.name})
    return render_template(
        template,
        registration=registration,
        form=form,
        back=back,
        chosen=chosen,
        words=EXTRA_WORDS,
        offered=[extra for extra in offered if extra.id not in taken],
    )
