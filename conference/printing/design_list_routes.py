"""The list of badge designs: which sheet uses which, and designs from files."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from conference.core.errors import DomainError, RevisionMissingError
from conference.db.base import db
from conference.db.work import transact
from conference.printing.answers import file_answer
from conference.printing.design_forms import ImportForm, UseForm
from conference.printing.design_routes import JSON, me, page_of
from conference.printing.design_schema import MOST_BYTES, json_schema
from conference.printing.design_uses import chosen_designs
from conference.printing.designs import (
    create_design,
    default_design,
    every_design,
    fits,
    imported_design,
    use_design,
    use_of,
)
from conference.printing.errors import DesignFaultsError
from conference.printing.own_sheets import every_sheet, sheet_named
from conference.printing.sheets import Sheet
from conference.web.access import Role, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm, options
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save

# What a sheet has for which nothing was ever chosen: the revision that no choice has, so that a second first one is told.
NEVER = ("", 0)
Answer = str | BaseResponse | tuple[str, int]


def add_design_list_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/designs", "designs", design_list)
    blueprint.add_url_rule("/staff/designs/use", "use_design", use, methods=["POST"])
    blueprint.add_url_rule("/staff/designs/import", "import_design", import_file, methods=["POST"])
    blueprint.add_url_rule("/staff/designs/design.schema.json", "design_schema", schema)


def _page(
    *,
    using: UseForm | None = None,
    importing: ImportForm | None = None,
    differences: tuple[Difference, ...] = (),
) -> str:
    designs, chosen = every_design(), chosen_designs()
    forms = []
    for sheet in every_sheet().values():
        form = _use_form(sheet, chosen)
        forms.append((sheet, using if using and using.sheet.data == sheet.key else form))
    return render_template(
        "printing/designs.html",
        designs=[(one, page_of(one)) for one in designs],
        uses=forms,
        failed=using or importing,
        importing=importing or ImportForm(formdata=None),
        differences=differences,
    )


def _use_form(
    sheet: Sheet, chosen: dict[str, tuple[str, int]] | None = None, formdata: Any = None
) -> UseForm:
    key, revision = (chosen or {}).get(sheet.key, NEVER)
    form = UseForm(formdata, data={"sheet": sheet.key, "design": key, "revision": revision})
    shipped = default_design(sheet.width_mm, sheet.badge_height_mm)
    known = [(one.key, one.design.name) for one in every_design() if fits(one.design, sheet)]
    form.design.choices = options([("", gettext("As shipped: %(name)s", name=shipped.design.name)), *known])
    return form


@staff(Role.DESK)
def design_list() -> str:
    return _page()


@staff(Role.DESK)
def use() -> Answer:
    """Let a sheet's badges be printed in a design that is made for labels of its size."""
    if not PlainButtonForm(request.form).validate():
        abort(400)
    sheet = sheet_named(request.form.get("sheet", ""))
    form = _use_form(sheet, None, request.form)
    if not form.validate():
        return _page(using=form), 400
    key, revision, actor = form.design.data or "", form.revision.data, me()
    is_first = request.form.get("revision") == str(NEVER[1])

    def work(session: Session) -> None:
        if revision is None and not is_first:
            raise RevisionMissingError
        use_design(session, sheet, key, revision, actor=actor)

    def now() -> dict[str, Any]:
        chosen, newest = use_of(sheet)
        return {"design": chosen, "revision": newest or NEVER[1]}

    refused = save(form, work, now)
    if refused is not None:
        return _page(using=form, differences=refused.differences), refused.status
    sentence = gettext("Badges on %(sheet)s are printed in the design chosen.", sheet=gettext(sheet.name))
    return done(url_for("printing.designs"), sentence)


@staff(Role.DESK)
def import_file() -> Answer:
    """Take a design from a file; each fault of it is told with its element, value and remedy."""
    # For this address alone; before anything of the body is read.
    request.max_content_length = MOST_BYTES + 100_000
    try:
        form = ImportForm(request.form)
    except RequestEntityTooLarge:
        form = ImportForm(formdata=None)
        form.refuse("file", gettext("This file has more than 4 MB. Save the design with smaller pictures."))
        return _page(importing=form), 413
    text = _text(form) if form.validate() else None
    if text is None:
        return _page(importing=form), 400
    actor = me()
    try:
        design = imported_design(text)
        named = replace(design, name=form.name.data) if form.name.data else design
        made = transact(lambda session: create_design(session, named, actor=actor))
    except DomainError as error:
        _refuse(form, error)
        db.session.rollback()
        return _page(importing=form), error.status
    return done(url_for("printing.design", design_id=made), gettext("The design is taken in."))


def _text(form: ImportForm) -> str | None:
    """Return what the file says, None where it is no text, with the reason in the form."""
    file = request.files.get("file")
    if file is None or not file.filename:
        form.refuse("file", gettext("Choose the file of a design, which ends in .json."))
        return None
    try:
        return file.stream.read(MOST_BYTES + 1).decode("utf-8")
    except UnicodeDecodeError:
        form.refuse(
            "file",
            gettext("This file is no text in UTF-8. Choose the file of a design, which ends in .json."),
        )
        return None


def _refuse(form: ImportForm, error: DomainError) -> None:
    if isinstance(error, DesignFaultsError):
        for fault in error.faults:
            form.refuse("file", str(fault))
    else:
        form.refuse(error.field or "file", sentence_of(error))


@staff(Role.DESK)
def schema() -> Response:
    """The form of a design's file as JSON Schema, for who writes one by hand."""
    answer = file_answer(json.dumps(json_schema(), indent=2).encode(), "design.schema.json", JSON)
    answer.headers["Content-Disposition"] = 'attachment; filename="design.schema.json"'
    return answer
