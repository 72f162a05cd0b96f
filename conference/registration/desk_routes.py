"""The desk's short form for who walks in, and the page that prints their badge."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.queries import people_by_id
from conference.registration.came_back import came_back
from conference.registration.category_queries import categories
from conference.registration.desk_errors import FullAtDeskError
from conference.registration.desk_forms import WalkInForm, ids_of
from conference.registration.desk_rules import is_open_at_desk
from conference.registration.desk_service import register_walk_in, same_people
from conference.registration.model import BADGED, STATE_WORDS, Category, Registration
from conference.registration.queries import get_registration
from conference.registration.showing import STATE_STYLES, shown
from conference.web.access import Role, get_principal, may, staff
from conference.web.errors import sentence_of
from conference.web.language import language

Answer = str | Response | tuple[str, int]


def add_desk_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/walk-in", "walk_in", walk_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/staff/walk-in/<int:registration_id>", "walk_in_done", walk_in_done)


@staff(Role.DESK)
def walk_in() -> Answer:
    """Register who stands at the desk; who seems to be registered already is shown first."""
    form = WalkInForm(request.form if request.method == "POST" else None)
    form.offer(_open_categories())
    if request.method != "POST":
        return _form_page(form)
    if not form.validate():
        return _form_page(form), 400
    command = form.command(may_approve=may("registration.approvals"), language=language())
    actor = by_staff(get_principal().id)
    db.session.rollback()
    try:
        made = transact(lambda session: register_walk_in(session, command, actor=actor, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        form.offer(_open_categories())
        is_full = isinstance(error, FullAtDeskError)
        return _form_page(form, same_people(command.person), is_full=is_full), error.status
    return redirect(url_for("registration.walk_in_done", registration_id=made), 303)


def _open_categories() -> list[Category]:
    event, now = get_event(), clock.now()
    return [one for one in categories() if is_open_at_desk(one.details, now, event.first_day, event.last_day)]


def _form_page(form: WalkInForm, found: list[Registration] | None = None, *, is_full: bool = False) -> str:
    found = found or []
    people = people_by_id(one.person_id for one in found)
    return render_template(
        "registration/walk_in.html",
        form=form,
        found=[(one, people[one.person_id].details) for one in found],
        came_back={one.id for one in found if one.is_live and came_back(one)},
        ids=ids_of(found),
        asks_when_full=is_full or bool(form.when_full.data),
        state_words=STATE_WORDS,
        state_styles=STATE_STYLES,
    )


@staff(Role.DESK)
def walk_in_done(registration_id: int) -> str:
    registration = get_registration(RegistrationId(registration_id))
    has_badge = registration.state in BADGED
    return render_template(
        "registration/walk_in_done.html",
        has_badge=has_badge,
        came_back=came_back(registration),
        **shown(registration),
    )
