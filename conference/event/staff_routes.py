"""The event's facts and its organisers, in the office. On the blueprint of `routes`."""

from dataclasses import asdict

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.ids import OrganiserId
from conference.event.forms import PART_WORDS, BookletForm, EventForm, OrganiserForm
from conference.event.model import Organiser
from conference.event.queries import (
    booklet_texts,
    get_event,
    get_organiser,
    missing_facts,
    organisers,
    rooms,
    tracks,
)
from conference.event.service import edit_booklet_texts, edit_event, edit_organiser
from conference.web.access import Role, get_principal, staff
from conference.web.language import LANGUAGES, gettext
from conference.web.notices import done
from conference.web.saving import Refusal, save

Answer = str | Response | tuple[str, int]


def add_staff_routes(blueprint: Blueprint) -> None:
    """Put the pages of the event's facts on the room's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/staff/event", "office", office)
    blueprint.add_url_rule("/staff/event/facts", "facts", facts, methods=both)
    blueprint.add_url_rule("/staff/event/booklet", "booklet", booklet, methods=both)
    one = "/staff/event/organisers/<int:organiser_id>"
    blueprint.add_url_rule(one, "organiser", organiser, methods=both)


@staff()
def office() -> str:
    return render_template(
        "event/office.html",
        event=get_event(),
        organisers=organisers(),
        tracks=tracks(),
        rooms=rooms(),
        missing=missing_facts(),
    )


@staff(Role.ORGANISER)
def facts() -> Answer:
    if request.method != "POST":
        return _facts(EventForm(formdata=None, data=asdict(get_event())))
    form = EventForm(request.form)
    if not form.validate():
        return _facts(form), 400
    details, seen, actor = form.details(), form.revision.data, by_staff(get_principal().id)
    meant = bool(form.sessions_may_lie_outside.data)
    refused = save(
        form,
        lambda session: edit_event(session, seen, details, sessions_may_lie_outside=meant, actor=actor),
        lambda: asdict(get_event()),
    )
    return (
        (_facts(form, refused), refused.status)
        if refused
        else done(url_for("event.office"), gettext("The facts are saved."))
    )


def _facts(form: EventForm, refused: Refusal | None = None) -> str:
    ask = bool(form.sessions_may_lie_outside.errors or form.sessions_may_lie_outside.data)
    return render_template("event/facts.html", form=form, refused=refused, ask=ask)


@staff(Role.ORGANISER)
def booklet() -> Answer:
    if request.method != "POST":
        return _booklet(BookletForm(formdata=None, data=_booklet_values()))
    form = BookletForm(request.form)
    if not form.validate():
        return _booklet(form), 400
    texts, seen, actor = form.texts(), form.revision.data, by_staff(get_principal().id)
    refused = save(
        form, lambda session: edit_booklet_texts(session, seen, texts, actor=actor), _booklet_values
    )
    if refused:
        return _booklet(form, refused), refused.status
    return done(url_for("event.office"), gettext("The texts of the booklet are saved."))


def _booklet_values() -> dict[str, str | int]:
    texts, revision = booklet_texts()
    return asdict(texts) | {"revision": revision}


def _booklet(form: BookletForm, refused: Refusal | None = None) -> str:
    parts = [
        (part, word, [form[f"{part}_{language}"] for language in LANGUAGES])
        for part, word in PART_WORDS.items()
    ]
    return render_template("event/booklet.html", form=form, parts=parts, refused=refused)


@staff(Role.ORGANISER)
def organiser(organiser_id: int) -> Answer:
    one = get_organiser(OrganiserId(organiser_id))
    if request.method != "POST":
        return _organiser(OrganiserForm(formdata=None, data=asdict(one)), one)
    form = OrganiserForm(request.form)
    if not form.validate():
        return _organiser(form, one), 400
    details, seen, actor = form.details(), form.revision.data, by_staff(get_principal().id)
    refused = save(
        form,
        lambda session: edit_organiser(session, one.id, seen, details, actor=actor),
        lambda: asdict(get_organiser(one.id)),
    )
    if refused:
        return _organiser(form, one, refused), refused.status
    return done(url_for("event.office"), gettext("The organiser is saved."))


def _organiser(form: OrganiserForm, one: Organiser, refused: Refusal | None = None) -> str:
    return render_template("event/organiser.html", form=form, organiser=one, refused=refused)
