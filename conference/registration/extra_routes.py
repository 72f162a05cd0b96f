"""The extras and their places, for organisers."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import ExtraId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import categories
from conference.registration.extra_forms import ExtraForm
from conference.registration.extra_model import EXTRA_WORDS, Extra
from conference.registration.extra_queries import extras, get_extra, holders
from conference.registration.extra_service import (
    copy_extra,
    create_extra,
    delete_extra,
    edit_extra,
    move_extra,
    retire_extra,
)
from conference.registration.forms import DeleteForm
from conference.registration.rules import newly_overbooked_by, overbooked_by
from conference.registration.showing import amount_of
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save

Answer = str | Response | tuple[str, int]


def add_extra_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/extras", "extras", extra_list)
    blueprint.add_url_rule("/staff/extras/new", "new_extra", new_extra, methods=["GET", "POST"])
    one = "/staff/extras/<int:extra_id>"
    blueprint.add_url_rule(one, "extra", extra_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/people", "extra_people", people)
    blueprint.add_url_rule(f"{one}/delete", "delete_extra", remove_extra, methods=["POST"])
    blueprint.add_url_rule(f"{one}/retire", "retire_extra", retire, methods=["POST"])
    blueprint.add_url_rule(f"{one}/copy", "copy_extra", copy, methods=["POST"])
    blueprint.add_url_rule(f"{one}/move", "move_extra", move, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.ORGANISER)
def extra_list() -> Answer:
    return _list(PlainButtonForm(formdata=None))


def _list(form: PlainButtonForm) -> str:
    return render_template(
        "registration/extras.html",
        extras=extras(),
        overbooked_by=overbooked_by,
        amount_of=amount_of,
        names={category.id: category.name for category in categories()},
        form=form,
    )


@staff(Role.ORGANISER)
def new_extra() -> Answer:
    if request.method != "POST":
        place = max((extra.details.place for extra in extras()), default=0) + 1
        everybody = [str(category.id) for category in categories()]
        return _page(_form(None, {"place": place, "categories": everybody}))
    form = _form(request.form)
    if not form.validate():
        return _page(form), 400
    details, actor = form.to_details(), _me()
    try:
        transact(lambda session: create_extra(session, details, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(form), error.status
    return done(url_for("registration.extras"), gettext("The extra is there."))


def _form(sent: Any = None, values: dict[str, Any] | None = None) -> ExtraForm:
    form = ExtraForm(formdata=sent, data=values)
    form.offer_categories(categories())
    return form


def _page(form: ExtraForm, extra: Extra | None = None, differences: tuple[Difference, ...] = ()) -> str:
    return render_template(
        "registration/extra.html",
        form=form,
        extra=extra,
        overbooked=overbooked_by(extra.ledger) if extra else 0,
        differences=differences,
    )


def _stored(extra_id: ExtraId) -> dict[str, Any]:
    extra = get_extra(extra_id)
    return ExtraForm.values_of(extra.details, extra.revision)


@staff(Role.ORGANISER)
def extra_page(extra_id: int) -> Answer:
    extra = get_extra(ExtraId(extra_id))
    if request.method != "POST":
        return _page(_form(None, _stored(extra.id)), extra)
    form = _form(request.form)
    if not form.validate():
        return _page(form, extra), 400
    if _must_ask(form, extra):
        return _page(form, extra), 409
    details, revision, actor = form.to_details(is_retired=extra.details.is_retired), form.revision.data, _me()

    def work(session: Session) -> None:
        edit_extra(session, extra.id, revision, details, actor=actor, now=clock.now())

    refused = save(form, work, lambda: _stored(extra.id))
    if refused is not None:
        return _page(form, get_extra(extra.id), refused.differences), refused.status
    return done(url_for("registration.extra", extra_id=extra.id), gettext("The extra is saved."))


def _must_ask(form: ExtraForm, extra: Extra) -> bool:
    """Warn before fewer places than are taken are saved; nobody is thrown out, so that a tick is enough."""
    count = newly_overbooked_by(extra.ledger, form.seats.data)
    if not count or form.fewer_are_meant.data:
        return False
    warning = gettext("That is %(count)s fewer than are confirmed. Nobody loses a place, and nobody moves up until as many have withdrawn. Tick the box to save it all the same.")  # fmt: skip
    form.refuse("fewer_are_meant", warning % {"count": count})
    return True


@staff(Role.ORGANISER)
def people(extra_id: int) -> str:
    """Show who has the extra and who waits for it."""
    extra = get_extra(ExtraId(extra_id))
    return render_template(
        "registration/extra_people.html", extra=extra, people=holders(extra.id), words=EXTRA_WORDS
    )


def _button(extra: Extra) -> tuple[DeleteForm, ExtraForm]:
    """Return what was sent, and the page's form with why it cannot be done, if so."""
    sent, form = DeleteForm(request.form), _form(None, _stored(extra.id))
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
    return sent, form


def _refused(extra_id: ExtraId, form: ExtraForm, error: DomainError) -> Answer:
    form.refuse(None, sentence_of(error))
    db.session.rollback()
    return _page(form, get_extra(extra_id)), error.status


@staff(Role.ORGANISER)
def remove_extra(extra_id: int) -> Answer:
    extra = get_extra(ExtraId(extra_id))
    sent, form = _button(extra)
    if form.failed:
        return _page(form, extra), 400
    revision, actor = sent.revision.data, _me()
    try:
        transact(lambda session: delete_extra(session, extra.id, revision, actor=actor))
    except DomainError as error:
        return _refused(extra.id, form, error)
    return done(url_for("registration.extras"), gettext("The extra is deleted."))


@staff(Role.ORGANISER)
def retire(extra_id: int) -> Answer:
    """Retire the extra, or offer it again, whichever it is not."""
    extra = get_extra(ExtraId(extra_id))
    sent, form = _button(extra)
    if form.failed:
        return _page(form, extra), 400
    revision, actor, to = sent.revision.data, _me(), not extra.details.is_retired
    try:
        transact(lambda session: retire_extra(session, extra.id, revision, is_retired=to, actor=actor))
    except DomainError as error:
        return _refused(extra.id, form, error)
    sentence = gettext("The extra is retired.") if to else gettext("The extra is offered again.")
    return done(url_for("registration.extra", extra_id=extra.id), sentence)


@staff(Role.ORGANISER)
def copy(extra_id: int) -> Answer:
    extra, actor = get_extra(ExtraId(extra_id)), _me()
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    made = transact(lambda session: copy_extra(session, extra.id, actor=actor))
    return done(
        url_for("registration.extra", extra_id=made),
        gettext("This is the copy. It is retired until you offer it."),
    )


@staff(Role.ORGANISER)
def move(extra_id: int) -> Answer:
    extra, actor = get_extra(ExtraId(extra_id)), _me()
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    down = request.form.get("down") == "1"
    transact(lambda session: move_extra(session, extra.id, down=down, actor=actor))
    return done(url_for("registration.extras"), gettext("The order is changed."))
