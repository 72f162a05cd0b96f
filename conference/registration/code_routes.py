"""The office's codes: which category each opens, how often it was used, and by whom."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import AccessCodeId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.links import page_address
from conference.registration.access_codes import (
    access_codes,
    create_code,
    edit_code,
    get_code,
    new_words,
    registered_by,
    retire_code,
)
from conference.registration.category_queries import categories
from conference.registration.code_forms import CodeForm
from conference.registration.forms import DeleteForm
from conference.registration.invitation_model import AccessCode
from conference.registration.model import STATE_WORDS, Access
from conference.registration.showing import STATE_STYLES
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, Refusal, save

Answer = str | Response | tuple[str, int]


def add_code_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/codes", "codes", code_list)
    blueprint.add_url_rule("/staff/codes/new", "new_code", new_code, methods=["GET", "POST"])
    one = "/staff/codes/<int:code_id>"
    blueprint.add_url_rule(one, "code", code_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/retire", "retire_code", retire, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.ORGANISER)
def code_list() -> str:
    kinds = categories()
    return render_template(
        "registration/codes.html",
        codes=access_codes(),
        names={kind.id: kind.name for kind in kinds},
        has_category=any(kind.details.access is Access.CODE for kind in kinds),
        now=clock.now(),
    )


def _form(sent: Any = None, values: dict[str, Any] | None = None) -> CodeForm:
    form = CodeForm(formdata=sent, data=values)
    form.offer(categories())
    return form


def _page(form: CodeForm, code: AccessCode | None = None, differences: tuple[Difference, ...] = ()) -> str:
    return render_template(
        "registration/code.html",
        form=form,
        code=code,
        differences=differences,
        registered=registered_by(code.id) if code else [],
        link=page_address("registration.register", code=code.details.words) if code else "",
        state_words=STATE_WORDS,
        state_styles=STATE_STYLES,
    )


@staff(Role.ORGANISER)
def new_code() -> Answer:
    if request.method != "POST":
        return _page(_form(None, {"words": new_words()}))
    form = _form(request.form)
    if not form.validate():
        return _page(form), 400
    details, actor = form.to_details(), _me()
    try:
        made = transact(lambda session: create_code(session, details, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _page(form), error.status
    return done(url_for("registration.code", code_id=made), gettext("The code is there."))


@staff(Role.ORGANISER)
def code_page(code_id: int) -> Answer:
    code = get_code(AccessCodeId(code_id))
    if request.method != "POST":
        return _page(_form(None, CodeForm.values_of(code.details, code.revision)), code)
    form = _form(request.form)
    if not form.validate():
        return _page(form, code), 400
    refused = _save(code, form)
    if refused is not None:
        return _page(form, get_code(code.id), refused.differences), refused.status
    return done(url_for("registration.code", code_id=code.id), gettext("The code is saved."))


def _save(code: AccessCode, form: CodeForm) -> Refusal | None:
    details, revision, actor = form.to_details(is_retired=code.details.is_retired), form.revision.data, _me()

    def work(session: Session) -> None:
        edit_code(session, code.id, revision, details, actor=actor)

    def stored() -> dict[str, Any]:
        now = get_code(code.id)
        return CodeForm.values_of(now.details, now.revision)

    return save(form, work, stored)


@staff(Role.ORGANISER)
def retire(code_id: int) -> Answer:
    """Retire the code, or let it open its category again, whichever it does not do now."""
    code = get_code(AccessCodeId(code_id))
    sent, to, actor = DeleteForm(request.form), not code.details.is_retired, _me()
    form = _form(None, CodeForm.values_of(code.details, code.revision))
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
        return _page(form, code), 400
    revision = sent.revision.data
    try:
        transact(lambda session: retire_code(session, code.id, revision, is_retired=to, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _page(form, get_code(code.id)), error.status
    sentence = gettext("The code is retired.") if to else gettext("The code can be used again.")
    return done(url_for("registration.code", code_id=code.id), sentence)
