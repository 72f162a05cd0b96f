"""The categories and their seats, for organisers."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.registration.category_forms import CategoryForm
from conference.registration.category_queries import categories, get_category
from conference.registration.category_service import (
    copy_category,
    create_category,
    delete_category,
    edit_category,
    move_category,
    retire_category,
)
from conference.registration.forms import DeleteForm
from conference.registration.model import ACCESS_WORDS, Access, Category
from conference.registration.rules import newly_overbooked_by, overbooked_by
from conference.registration.showing import fee_text
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, Refusal, save

Answer = str | Response | tuple[str, int]


def add_category_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/categories", "categories", category_list)
    blueprint.add_url_rule("/staff/categories/new", "new_category", new_category, methods=["GET", "POST"])
    one = "/staff/categories/<int:category_id>"
    blueprint.add_url_rule(one, "category", category_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/delete", "delete_category", remove_category, methods=["POST"])
    blueprint.add_url_rule(f"{one}/retire", "retire_category", retire, methods=["POST"])
    blueprint.add_url_rule(f"{one}/copy", "copy_category", copy, methods=["POST"])
    blueprint.add_url_rule(f"{one}/move", "move_category", move, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.ORGANISER)
def category_list() -> Answer:
    return _list(PlainButtonForm(formdata=None))


def _list(form: PlainButtonForm) -> str:
    return render_template(
        "registration/categories.html",
        categories=categories(),
        overbooked_by=overbooked_by,
        access_words=ACCESS_WORDS,
        fee_text=fee_text,
        form=form,
    )


@staff(Role.ORGANISER)
def new_category() -> Answer:
    if request.method != "POST":
        place = max((category.details.place for category in categories()), default=0) + 1
        days = [day.isoformat() for day in get_event().days]
        return _page(_form(None, {"place": place, "access": Access.PUBLIC.value, "days": days}))
    form = _form(request.form)
    if not form.validate():
        return _page(form), 400
    details, actor = form.to_details(), _me()
    try:
        transact(lambda session: create_category(session, details, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(form), error.status
    return done(url_for("registration.categories"), gettext("The category is there."))


def _form(sent: Any = None, values: dict[str, Any] | None = None) -> CategoryForm:
    form = CategoryForm(formdata=sent, data=values)
    form.offer_days(get_event().days)
    return form


def _page(
    form: CategoryForm, category: Category | None = None, differences: tuple[Difference, ...] = ()
) -> str:
    return render_template(
        "registration/category.html",
        form=form,
        category=category,
        overbooked=overbooked_by(category.ledger) if category else 0,
        differences=differences,
    )


@staff(Role.ORGANISER)
def category_page(category_id: int) -> Answer:
    category = get_category(CategoryId(category_id))
    if request.method != "POST":
        values = CategoryForm.values_of(category.details, category.revision)
        return _page(_form(None, values), category)
    form = _form(request.form)
    if not form.validate():
        return _page(form, category), 400
    if _must_ask(form, category):
        return _page(form, category), 409
    refused = _save(category, form)
    if refused is not None:
        return _page(form, get_category(category.id), refused.differences), refused.status
    return done(url_for("registration.category", category_id=category.id), gettext("The category is saved."))


def _must_ask(form: CategoryForm, category: Category) -> bool:
    """Warn before fewer places than are taken are saved; nobody is thrown out, so that a tick is enough."""
    count = newly_overbooked_by(category.ledger, form.seats.data)
    if not count or form.fewer_are_meant.data:
        return False
    warning = gettext("That is %(count)s fewer than are confirmed. Nobody loses a place, and nobody moves up until as many have withdrawn. Tick the box to save it all the same.")  # fmt: skip
    form.refuse("fewer_are_meant", warning % {"count": count})
    return True


def _save(category: Category, form: CategoryForm) -> Refusal | None:
    details, revision, actor = (
        form.to_details(is_retired=category.details.is_retired),
        form.revision.data,
        _me(),
    )

    def work(session: Session) -> None:
        edit_category(session, category.id, revision, details, actor=actor, now=clock.now())

    return save(form, work, lambda: _stored(category.id))


def _stored(category_id: CategoryId) -> dict[str, Any]:
    category = get_category(category_id)
    return CategoryForm.values_of(category.details, category.revision)


def _refused(category_id: CategoryId, form: CategoryForm, error: DomainError) -> Answer:
    """Show why a button did nothing, with the category as it is stored."""
    form.refuse(error.field, sentence_of(error))
    db.session.rollback()
    return _page(form, get_category(category_id)), error.status


@staff(Role.ORGANISER)
def remove_category(category_id: int) -> Answer:
    category = get_category(CategoryId(category_id))
    sent = DeleteForm(request.form)
    form = _form(None, CategoryForm.values_of(category.details, category.revision))
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
        return _page(form, category), 400
    revision, actor = sent.revision.data, _me()
    try:
        transact(lambda session: delete_category(session, category.id, revision, actor=actor))
    except DomainError as error:
        return _refused(category.id, form, error)
    return done(url_for("registration.categories"), gettext("The category is deleted."))


@staff(Role.ORGANISER)
def retire(category_id: int) -> Answer:
    """Retire the category, or offer it again, whichever it is not."""
    category = get_category(CategoryId(category_id))
    sent, to = DeleteForm(request.form), not category.details.is_retired
    form = _form(None, CategoryForm.values_of(category.details, category.revision))
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
        return _page(form, category), 400
    revision, actor = sent.revision.data, _me()
    try:
        transact(lambda session: retire_category(session, category.id, revision, is_retired=to, actor=actor))
    except DomainError as error:
        return _refused(category.id, form, error)
    sentence = gettext("The category is retired.") if to else gettext("The category is offered again.")
    return done(url_for("registration.category", category_id=category.id), sentence)


@staff(Role.ORGANISER)
def copy(category_id: int) -> Answer:
    category, actor = get_category(CategoryId(category_id)), _me()
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    made = transact(lambda session: copy_category(session, category.id, actor=actor))
    return done(
        url_for("registration.category", category_id=made),
        gettext("This is the copy. It is retired until you offer it."),
    )


@staff(Role.ORGANISER)
def move(category_id: int) -> Answer:
    category, actor = get_category(CategoryId(category_id)), _me()
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    down = request.form.get("down") == "1"
    transact(lambda session: move_category(session, category.id, down=down, actor=actor))
    return done(url_for("registration.categories"), gettext("The order is changed."))
