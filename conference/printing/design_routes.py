"""The badge designs: the list and which sheet uses which, one design with its live preview, copies and files."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from conference.audit.model import Actor, by_staff
from conference.core.errors import DomainError, NotFoundError
from conference.db.base import db
from conference.db.work import transact
from conference.printing.answers import file_answer, pdf_answer
from conference.printing.colours import BANDS, INK
from conference.printing.design_editing import edited, picture_address
from conference.printing.design_forms import CopyForm, DeleteDesignForm, DesignForm, form_for
from conference.printing.design_model import Design
from conference.printing.design_seen import SAMPLE_WORDS, Seen, samples, seen, sheets_for
from conference.printing.design_slots import COLOURS, Slot, role_id, slots_of, values_of
from conference.printing.design_slots import Role as BadgeRole
from conference.printing.design_uses import roles_in_use
from conference.printing.designs import (
    OWN,
    StoredDesign,
    copy_design,
    delete_design,
    design_named,
    export_design,
    save_design,
)
from conference.printing.errors import UnknownDesignError
from conference.printing.raster import page_png
from conference.printing.sheets import Sheet
from conference.speakers.errors import PictureTooLargeError
from conference.speakers.pictures import MOST_BYTES
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save

Answer = str | BaseResponse | tuple[str, int]
JSON = "application/json"
# A preview that cannot be drawn as it is: the form says why.
UNPRINTABLE = 422
# A picture for each of a few places, and a little for the rest of the form.
MOST_POSTED = 3 * MOST_BYTES + 100_000


def add_design_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/designs/shipped/<key>", "shipped_design", shipped_design)
    blueprint.add_url_rule("/staff/designs/copy", "copy_design", copy, methods=["POST"])
    one = "/staff/designs/<int:design_id>"
    blueprint.add_url_rule(one, "design", design_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/delete", "delete_design", delete, methods=["POST"])
    blueprint.add_url_rule("/staff/designs/<key>.json", "export_design", export)
    blueprint.add_url_rule("/staff/designs/<key>/sample.pdf", "design_sample", sample_file)
    blueprint.add_url_rule("/staff/designs/<key>/sample.png", "design_picture", sample_picture)


def me() -> Actor:
    return by_staff(get_principal().id)


def _own(design_id: int) -> StoredDesign:
    try:
        return design_named(f"{OWN}{design_id}")
    except UnknownDesignError:
        raise NotFoundError from None


def _roles() -> tuple[BadgeRole, ...]:
    return roles_in_use()


def page_of(stored: StoredDesign) -> str:
    """Return the address of the design's page."""
    if stored.id is None:
        return url_for("printing.shipped_design", key=stored.key)
    return url_for("printing.design", design_id=stored.id)


@staff(Role.DESK)
def shipped_design(key: str, form: CopyForm | None = None) -> str:
    """A design that comes with the program: looked at, saved as a file, and copied to be changed."""
    stored = design_named(key)
    if stored.is_own:
        raise NotFoundError
    roles = _roles()
    return render_template(
        "printing/design_shipped.html",
        stored=stored,
        form=form
        or CopyForm(data={"key": key, "name": gettext("Our %(name)s", name=stored.design.name)[:60]}),
        seen=seen(stored.design, sheets_for(stored.design)[0], roles[0], roles),
        sample_words=SAMPLE_WORDS,
    )


@staff(Role.DESK)
def copy() -> Answer:
    form = CopyForm(request.form)
    is_fine = form.validate()
    try:
        stored = design_named(form.key.data or "")
    except UnknownDesignError:
        if is_fine:
            raise
        abort(400)
    if not is_fine:
        return _copy_again(stored, form), 400
    name, actor = form.name.data or "", me()
    try:
        made = transact(lambda session: copy_design(session, stored.key, name, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _copy_again(stored, form), error.status
    return done(
        url_for("printing.design", design_id=made),
        gettext("The copy is there. Change what you see beside it."),
    )


def _copy_again(stored: StoredDesign, form: CopyForm) -> str:
    """Return the page that the copy was asked on, with what was typed."""
    if not stored.is_own:
        return shipped_design(stored.key, form)
    return _page(_filled(stored), stored, stored.design, copy_form=form)


def _filled(stored: StoredDesign) -> DesignForm:
    roles, design = _roles(), stored.design
    values = values_of(design, roles) | {"revision": stored.revision}
    return form_for(design, roles, sheets_for(design), **values)


@staff(Role.DESK)
def design_page(design_id: int) -> Answer:
    """One of the office's own designs. The button "Preview", and a script at each change, send the form to be seen unsaved."""
    stored = _own(design_id)
    if request.method != "POST":
        return _page(_filled(stored), stored, stored.design)
    # For this address alone; before anything of the body is read.
    request.max_content_length = MOST_POSTED
    try:
        sent = request.form
    except RequestEntityTooLarge:
        return _too_large(stored), PictureTooLargeError.status
    roles = _roles()
    form = form_for(stored.design, roles, sheets_for(stored.design), sent)
    form.validate()
    design = edited(form, stored.design, roles)
    if request.form.get("act") == "preview":
        page = _page(form, stored, design)
        return page if design else (page, UNPRINTABLE)
    return (_page(form, stored, None), 400) if design is None else _saved(form, stored, design)


def _too_large(stored: StoredDesign) -> str:
    """Return the page for a post of which nothing was read: its picture alone is larger than may be."""
    form = _filled(stored)
    form.refuse(None, sentence_of(PictureTooLargeError()))
    return _page(form, stored, stored.design)


def _saved(form: DesignForm, stored: StoredDesign, design: Design) -> Answer:
    revision, actor = form.revision.data, me()

    def work(session: Session) -> None:
        save_design(session, stored.id, revision, design, actor=actor)

    def now() -> dict[str, Any]:
        newest = design_named(stored.key)
        return values_of(newest.design, _roles()) | {"revision": newest.revision}

    refused = save(form, work, now)
    if refused is not None:
        return _page(form, stored, design, refused.differences), refused.status
    return done(page_of(stored), gettext("The design is saved."))


@staff(Role.DESK)
def delete(design_id: int) -> Answer:
    stored, sent = _own(design_id), DeleteDesignForm(request.form)
    form = _filled(stored)
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
        return _page(form, stored, stored.design), 400
    revision, actor = sent.revision.data, me()
    try:
        transact(lambda session: delete_design(session, stored, revision, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        stored = _own(design_id)
        return _page(form, stored, stored.design), error.status
    return done(url_for("printing.designs"), gettext("The design is deleted."))


def _page(
    form: DesignForm,
    stored: StoredDesign,
    design: Design | None,
    differences: tuple[Difference, ...] = (),
    copy_form: CopyForm | None = None,
) -> str:
    """Return the page; `design` is what is seen, None where what was sent cannot be printed: then what is stored is seen."""
    roles, shown = _roles(), design or stored.design
    return render_template(
        "printing/design.html",
        form=form,
        stored=stored,
        differences=differences,
        copy_form=copy_form or CopyForm(data={"key": stored.key, "name": ""}),
        seen=_seen(form, shown, roles),
        is_seen_as_sent=design is not None,
        sample_words=SAMPLE_WORDS,
        colours=COLOURS,
        roles=[(word, BANDS.get(number, INK), role_id(word)) for word, number in roles],
        sides=_by_side(slots_of(stored.design)),
        pictures={slot.id: picture_address(shown, slot) for slot in slots_of(shown) if slot.picture},
    )


def _by_side(slots: Sequence[Slot]) -> list[tuple[str, list[Slot]]]:
    sides = {"front": gettext("In front"), "back": gettext("On the back")}
    found = [(word, [one for one in slots if one.side == side]) for side, word in sides.items()]
    return [(word, some) for word, some in found if some]


def _seen(form: DesignForm, design: Design, roles: Sequence[BadgeRole]) -> Seen:
    sheets = {one.key: one for one in sheets_for(design)}
    sheet = sheets.get(form.on.data or "", next(iter(sheets.values())))
    role = next((one for one in roles if one[0] == form.as_role.data), roles[0])
    return seen(design, sheet, role, roles)


@staff(Role.DESK)
def export(key: str) -> Response:
    """The design as a file, which another office can read in."""
    answer = file_answer(export_design(key).encode(), f"badge-design-{key}.json", JSON)
    answer.headers["Content-Disposition"] = f'attachment; filename="badge-design-{key}.json"'
    return answer


def _seen_sheet(design: Design) -> Sheet:
    sheets = {one.key: one for one in sheets_for(design)}
    return sheets.get(request.args.get("sheet", ""), next(iter(sheets.values())))


@staff(Role.DESK)
def sample_file(key: str) -> Response:
    """The design as PDF, on labels of a sheet: a usual name, the longest and the shortest."""
    design = design_named(key).design
    return pdf_answer(samples(design, _seen_sheet(design), _roles()[0]).pdf, f"badge-design-{key}.pdf")


@staff(Role.DESK)
def sample_picture(key: str) -> Response:
    """The design's front with a usual name, as a picture."""
    design = design_named(key).design
    pdf = samples(design, _seen_sheet(design), _roles()[0], whose=("usual",)).pdf
    return file_answer(page_png(pdf, 1), f"badge-design-{key}.png", "image/png")
