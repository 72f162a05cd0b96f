"""The desk: a code is scanned or a name typed, Enter prints the badge, and one more key marks who is here."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.work import transact
from conference.people.queries import get_person
from conference.printing.standing import standing_words
from conference.registration.attending import mark_attended, undo_attended
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.listing import counts_by_state, listed
from conference.registration.model import STATE_WORDS, State
from conference.registration.queries import find_registration, get_registration
from conference.registration.scanning import find_scanned, scanned_code
from conference.registration.showing import STATE_STYLES
from conference.web.access import Role, get_principal, staff
from conference.web.forms import PlainButtonForm
from conference.web.language import date_time, gettext
from conference.web.notices import done

Answer = str | Response


def add_desk_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/desk", "desk", desk)
    one = "/staff/registrations/<int:registration_id>"
    blueprint.add_url_rule(f"{one}/here", "mark_here", mark_here, methods=["POST"])
    blueprint.add_url_rule(f"{one}/not-here", "undo_here", undo_here, methods=["POST"])


@staff(Role.DESK)
def desk() -> Answer:
    """Open whose code was scanned, or the only one whom the words find; else list who it may be."""
    filters = ListFilters(text=request.args.get("text", "")[:200].strip())
    scanned = find_scanned(filters.text)
    if scanned is not None:
        old = scanned.replaced_at.isoformat() if scanned.replaced_at else None
        return redirect(url_for("printing.badge", registration_id=scanned.registration_id, old=old), 303)
    lines = listed(filters, 1, categories(), "name") if filters.text else []
    if len(lines) == 1:
        return redirect(url_for("printing.badge", registration_id=lines[0].id), 303)
    return render_template(
        "printing/desk.html",
        text=filters.text,
        is_code=bool(scanned_code(filters.text)),
        lines=lines,
        total=sum(counts_by_state(filters).values()) if lines else 0,
        standings=standing_words([line.id for line in lines]),
        state_words=STATE_WORDS,
        state_styles=STATE_STYLES,
        last=_last(request.args.get("last", 0, int)),
    )


def _last(registration_id: int) -> RegistrationId | None:
    """Return who was marked last, while that can be undone."""
    known = find_registration(RegistrationId(registration_id)) if registration_id else None
    return known.id if known is not None and known.state is State.ATTENDED else None


def _pressed(registration_id: int) -> RegistrationId:
    if not PlainButtonForm(request.form).validate():
        abort(400)
    return get_registration(RegistrationId(registration_id)).id


def _name(registration_id: RegistrationId) -> str:
    return get_person(get_registration(registration_id).person_id).name


@staff(Role.DESK)
def mark_here(registration_id: int) -> Answer:
    """Note that the person is here, and lead to the next scan."""
    known, actor, now = _pressed(registration_id), by_staff(get_principal().id), clock.now()
    before = transact(lambda session: mark_attended(session, known, actor=actor, now=now))
    name = _name(known)
    if before is None:
        return done(url_for("printing.desk", last=known), gettext("%(name)s is here.", name=name))
    since = date_time(before)
    return done(
        url_for("printing.desk", last=known),
        gettext("%(name)s was marked as here already, %(time)s.", name=name, time=since),
    )


@staff(Role.DESK)
def undo_here(registration_id: int) -> Answer:
    known, actor, now = _pressed(registration_id), by_staff(get_principal().id), clock.now()
    transact(lambda session: undo_attended(session, known, actor=actor, now=now))
    return done(
        url_for("printing.badge", registration_id=known),
        gettext("%(name)s is not marked as here any more.", name=_name(known)),
    )
