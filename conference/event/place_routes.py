"""Tracks and rooms in the office: two lists of the same shape. On the blueprint of `routes`."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.ids import RoomId, TrackId
from conference.event import service
from conference.event.forms import DeleteForm, TrackForm
from conference.event.model import Room
from conference.event.queries import get_event, get_room, get_track, rooms
from conference.event.room_facts import walks_from
from conference.event.room_forms import RoomForm, room_form, room_values
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Refusal, RevisedForm, save

Answer = str | Response | tuple[str, int]


def add_place_routes(blueprint: Blueprint) -> None:
    """Put the pages of tracks and rooms on the room's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/staff/tracks/new", "new_track", new_track, methods=both)
    blueprint.add_url_rule("/staff/tracks/<int:track_id>", "track", track, methods=both)
    blueprint.add_url_rule(
        "/staff/tracks/<int:track_id>/delete", "delete_track", delete_track, methods=["POST"]
    )
    blueprint.add_url_rule("/staff/rooms/new", "new_room", new_room, methods=both)
    blueprint.add_url_rule("/staff/rooms/<int:room_id>", "room", room, methods=both)
    blueprint.add_url_rule("/staff/rooms/<int:room_id>/delete", "delete_room", delete_room, methods=["POST"])


def _acting() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.PROGRAMME)
def new_track() -> Answer:
    form = TrackForm(request.form or None)
    actor = _acting()
    return _answer(
        form, "track", None, lambda session: service.create_track(session, form.details(), actor=actor)
    )


@staff(Role.PROGRAMME)
def new_room() -> Answer:
    form, actor = _room_form(None), _acting()
    return _answer(
        form,
        "room",
        None,
        lambda session: service.create_room(session, form.details(), form.facts(), actor=actor),
    )


def _room_form(one: Room | None, *, is_filled: bool = False) -> RoomForm:
    """Return the form of a new or a stored room, as it was sent, or `is_filled` with what is stored."""
    days, others = get_event().days, [room for room in rooms() if one is None or room.id != one.id]
    shape = room_form(others)
    if one is not None and (is_filled or request.method != "POST"):
        form = shape(formdata=None, data=_stored(one.id))
    else:
        form = shape(request.form or None)
    form.offer(days, others, one.hours if one else ())
    return form


def _stored(room_id: RoomId) -> dict[str, Any]:
    return room_values(get_room(room_id), walks_from(room_id), get_event().days)


@staff(Role.PROGRAMME)
def track(track_id: int) -> Answer:
    one, actor = get_track(TrackId(track_id)), _acting()
    form = TrackForm(request.form) if request.method == "POST" else TrackForm(formdata=None, data=asdict(one))
    seen = form.revision.data
    return _answer(
        form,
        "track",
        one,
        lambda session: service.edit_track(session, one.id, seen, form.details(), actor=actor),
        lambda: asdict(get_track(one.id)),
    )


@staff(Role.PROGRAMME)
def room(room_id: int) -> Answer:
    one, actor = get_room(RoomId(room_id)), _acting()
    form = _room_form(one)
    seen = form.revision.data
    return _answer(
        form,
        "room",
        one,
        lambda session: service.edit_room(session, one.id, seen, form.details(), form.facts(), actor=actor),
        lambda: _stored(one.id),
    )


@staff(Role.PROGRAMME)
def delete_track(track_id: int) -> Answer:
    one, actor = get_track(TrackId(track_id)), _acting()
    button = DeleteForm(request.form)
    seen = button.revision.data
    filled = TrackForm(formdata=None, data=asdict(one))
    work = lambda session: service.delete_track(session, one.id, seen, actor=actor)  # noqa: E731 -- one line beside its twin below
    return _after_delete(button, filled, "track", one, work, lambda: asdict(get_track(one.id)))


@staff(Role.PROGRAMME)
def delete_room(room_id: int) -> Answer:
    one, actor = get_room(RoomId(room_id)), _acting()
    button = DeleteForm(request.form)
    seen = button.revision.data
    filled = _room_form(one, is_filled=True)
    work = lambda session: service.delete_room(session, one.id, seen, actor=actor)  # noqa: E731 -- one line beside its twin above
    return _after_delete(button, filled, "room", one, work, lambda: _stored(one.id))


def _answer(
    form: RevisedForm,
    kind: str,
    one: Any,
    work: Callable[[Session], object],
    stored: Callable[[], dict[str, Any]] = dict,
) -> Answer:
    """Return the page with the form, or write it and go back to the lists."""
    if request.method != "POST":
        return _page(form, kind, one)
    if not form.validate():
        return _page(form, kind, one), 400
    refused = save(form, work, stored)
    if refused:
        return _page(form, kind, one, refused=refused), refused.status
    return done(url_for("event.office"), gettext("It is saved."))


def _after_delete(
    button: DeleteForm,
    filled: RevisedForm,
    kind: str,
    one: Any,
    work: Callable[[Session], object],
    stored: Callable[[], dict[str, Any]],
) -> Answer:
    if not button.validate():
        return _page(filled, kind, one, button=button), 400
    refused = save(button, work, stored)
    if refused:
        return _page(filled, kind, one, button=button), refused.status
    return done(url_for("event.office"), gettext("It is deleted."))


def _page(
    form: RevisedForm,
    kind: str,
    one: Any,
    *,
    refused: Refusal | None = None,
    button: DeleteForm | None = None,
) -> str:
    """Return the page of a track or room; `button` is the delete button's form, if that was refused."""
    return render_template("event/place.html", form=form, kind=kind, one=one, refused=refused, button=button)
