"""The office's own sheets of labels: the list, the form, a test page before any label is printed."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.errors import DomainError
from conference.core.ids import LabelSheetId
from conference.db.base import db
from conference.db.work import transact
from conference.printing.own_sheets import (
    create_own_sheet,
    delete_own_sheet,
    edit_own_sheet,
    get_own_sheet,
    own_sheets,
)
from conference.printing.sheet_forms import DeleteSheetForm, SheetForm
from conference.printing.sheet_model import OwnSheet
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save

Answer = str | Response | tuple[str, int]


def add_sheet_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/sheets", "sheets", sheet_list)
    blueprint.add_url_rule("/staff/sheets/new", "new_sheet", new_sheet, methods=["GET", "POST"])
    one = "/staff/sheets/<int:sheet_id>"
    blueprint.add_url_rule(one, "sheet", sheet_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/delete", "delete_sheet", delete_sheet, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.DESK)
def sheet_list() -> str:
    return render_template("printing/sheets.html", sheets=own_sheets())


def _page(form: SheetForm, own: OwnSheet | None = None, differences: tuple[Difference, ...] = ()) -> str:
    return render_template("printing/sheet.html", form=form, own=own, differences=differences)


@staff(Role.DESK)
def new_sheet() -> Answer:
    if request.method != "POST":
        return _page(SheetForm())
    form = SheetForm(request.form)
    if not form.validate():
        return _page(form), 400
    details, actor = form.to_details(), _me()
    try:
        made = transact(lambda session: create_own_sheet(session, details, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _page(form), error.status
    return done(
        url_for("printing.sheet", sheet_id=made), gettext("The sheet is there. Print its test page first.")
    )


@staff(Role.DESK)
def sheet_page(sheet_id: int) -> Answer:
    own = get_own_sheet(LabelSheetId(sheet_id))
    if request.method != "POST":
        return _page(SheetForm(data=SheetForm.values_of(own.details, own.revision)), own)
    form = SheetForm(request.form)
    if not form.validate():
        return _page(form, own), 400
    details, revision, actor = form.to_details(), form.revision.data, _me()

    def work(session: Session) -> None:
        edit_own_sheet(session, own.id, revision, details, actor=actor)

    def stored() -> dict[str, Any]:
        now = get_own_sheet(own.id)
        return SheetForm.values_of(now.details, now.revision)

    refused = save(form, work, stored)
    if refused is not None:
        return _page(form, get_own_sheet(own.id), refused.differences), refused.status
    return done(url_for("printing.sheet", sheet_id=own.id), gettext("The sheet is saved."))


@staff(Role.DESK)
def delete_sheet(sheet_id: int) -> Answer:
    own, sent = get_own_sheet(LabelSheetId(sheet_id)), DeleteSheetForm(request.form)
    form = SheetForm(data=SheetForm.values_of(own.details, own.revision))
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
        return _page(form, own), 400
    revision, actor = sent.revision.data, _me()
    try:
        transact(lambda session: delete_own_sheet(session, own.id, revision, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _page(form, own), error.status
    return done(url_for("printing.sheets"), gettext("The sheet is deleted."))
