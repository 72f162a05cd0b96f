"""Passing a place on: on the personal page, on the group's page, and in the office for somebody."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK, Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.queries import get_person
from conference.registration.group_forms import GroupPassOnForm, OfficePassOnForm, PassOnForm
from conference.registration.group_links import group_by_link
from conference.registration.group_own_routes import seen_member
from conference.registration.group_rules import pass_on_ends
from conference.registration.links import registration_by_link
from conference.registration.model import Registration
from conference.registration.passing import may_pass_on, pass_on
from conference.registration.queries import get_registration
from conference.web.access import Role, by_link, get_principal, public, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]
BOTH = ["GET", "POST"]


def add_passing_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/r/<token>/pass-on", "own_pass_on", own_pass_on, methods=BOTH)
    blueprint.add_url_rule("/r/passed-on", "passed_on", passed_on)
    blueprint.add_url_rule("/g/<token>/<int:place>/pass-on", "group_pass_on", group_pass_on, methods=BOTH)
    one = "/staff/registrations/<int:registration_id>/pass-on"
    blueprint.add_url_rule(one, "office_pass_on", office_pass_on, methods=BOTH)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """What differs between the three pages. `back` leads away, `after` is where a place that is passed on leads."""

    template: str
    back: str
    after: str
    actor: Actor
    coordinator_email: str = ""


@by_link
def own_pass_on(token: str) -> Answer:
    """Ask on GET, pass on on POST; the link of who holds the place dies with it."""
    page = _Page(
        template="registration/own_pass_on.html",
        back=url_for("registration.own_page", token=token),
        after=url_for("registration.passed_on"),
        actor=BY_LINK,
    )
    return _answer(registration_by_link(token), PassOnForm, page)


@public
def passed_on() -> str:
    """Say that it is done, to who has no page any more."""
    return render_template("registration/passed_on.html")


@by_link
def group_pass_on(token: str, place: int) -> Answer:
    group = group_by_link(token)
    back = url_for("registration.group_page", token=token)
    page = _Page(
        template="registration/group_pass_on.html",
        back=back,
        after=back,
        actor=BY_LINK,
        coordinator_email=get_person(group.person_id).details.email,
    )
    return _answer(get_registration(seen_member(group, place)[1]), GroupPassOnForm, page)


@staff(Role.DESK)
def office_pass_on(registration_id: int) -> Answer:
    registration = get_registration(RegistrationId(registration_id))
    back = url_for("registration.office_page", registration_id=registration.id)
    page = _Page(
        template="registration/office_pass_on.html",
        back=back,
        after=back,
        actor=by_staff(get_principal().id),
    )
    return _answer(registration, OfficePassOnForm, page)


def _answer(registration: Registration, kind: type[PassOnForm], page: _Page) -> Answer:
    if request.method != "POST":
        before = get_person(registration.person_id).details
        known = {"affiliation": before.affiliation, "country": before.country}
        form = kind(formdata=None, data=known | {"version": registration.link_version})
        return _shown(registration, form, page)
    form = kind(request.form)
    if not form.validate():
        return _shown(registration, form, page), 400
    command = form.to_command(registration.id, page.coordinator_email)
    try:
        transact(lambda session: pass_on(session, command, actor=page.actor, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _shown(get_registration(registration.id), form, page), error.status
    return done(page.after, gettext("The place is passed on, and both get a mail."))


def _shown(registration: Registration, form: PassOnForm, page: _Page) -> str:
    return render_template(
        page.template,
        form=form,
        back=page.back,
        registration=registration,
        person=get_person(registration.person_id).details,
        may_pass_on=may_pass_on(registration, clock.now()),
        until=pass_on_ends(get_event().first_day),
    )
