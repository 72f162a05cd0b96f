"""A file of registrations: upload, columns, what becomes of each row, and all of it written."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Protocol, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import categories
from conference.registration.import_forms import MappingForm, UploadForm, pairs
from conference.registration.importing import (
    FATE_WORDS,
    Fate,
    ImportOrder,
    Judged,
    counts,
    import_all,
    judged,
)
from conference.registration.importing_rows import FIELDS, REQUIRED, guessed
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.heavy import heavy
from conference.web.importing_files import MAX_BYTES, read_table
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.uploads import forget_this_upload, forget_upload, keep_upload, upload_path

Answer = str | Response | tuple[str, int]
# Of each fate: more would be read by nobody, and the command's --json tells them all.
SHOWN = 200


class _HasFate(Protocol):
    @property
    def fate(self) -> StrEnum: ...


F = TypeVar("F", bound=_HasFate)
# Beyond the file: names and borders of the form's parts.
_ROOM = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadPage:
    """What a page says that takes a table; `back` and `check` are endpoints, the latter shows what becomes of each row."""

    title: str
    intro: str
    back: str
    back_title: str
    check: str


UPLOAD = UploadPage(
    title=_l("Import registrations"),
    intro=_l(
        "The first line names the columns. Each row needs a given name, an e-mail address, an affiliation and a country. Nothing is written before you have seen what becomes of each row."
    ),
    back="registration.office_list",
    back_title=_l("Registrations"),
    check="registration.import_check",
)


def add_import_routes(blueprint: Blueprint) -> None:
    url = "/staff/registrations/import"
    blueprint.add_url_rule(url, "import_upload", import_upload, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{url}/<upload>", "import_check", import_check, methods=["GET", "POST"])


@staff(Role.ORGANISER)
def import_upload() -> Answer:
    return upload_page(UPLOAD)


def upload_page(page: UploadPage) -> Answer:
    """Take a file and lead to the page that shows its rows, or say why it cannot be read."""
    if request.method != "POST":
        return render_template("registration/upload.html", upload=page, form=UploadForm(formdata=None))
    # Set before the form is read: every other page takes less.
    request.max_content_length = MAX_BYTES + _ROOM
    form, file = UploadForm(request.form), request.files.get("file")
    status = 400
    if form.validate():
        if file is None or not file.filename:
            form.refuse("file", gettext("Choose a file."))
        else:
            try:
                return redirect(url_for(page.check, upload=_kept(file.stream)), 303)
            except DomainError as error:
                form.refuse("file", sentence_of(error))
                status = error.status
    return render_template("registration/upload.html", upload=page, form=form), status


def _kept(stream: Any) -> str:
    """Keep a file that can be read; raises what import_errors holds, and keeps nothing."""
    key = keep_upload(stream)
    try:
        for _ in islice(read_table(upload_path(key)), 2):
            pass
    except DomainError:
        forget_upload(key)
        raise
    return key


@staff(Role.ORGANISER)
@heavy
def import_check(upload: str) -> Answer:
    """Ask which column is which, show each row's fate, and write all at the second button."""
    path = upload_path(upload)
    headings = [heading.strip() for heading in next(read_table(path))[1]]
    form = MappingForm(request.form if request.method == "POST" else None)
    form.offer(categories())
    if request.method != "POST":
        chosen = {name: headings[column] for name, column in guessed(headings).items()}
        return _page(form, headings, chosen, [])
    if not form.validate():
        return _page(form, headings, request.form, []), 400
    order = ImportOrder(
        path=path,
        pairs=pairs(request.form, headings),
        category=form.category.data or "",
        with_mail=bool(form.with_mail.data),
    )
    return _answer(form, order, headings)


def _answer(form: MappingForm, order: ImportOrder, headings: list[str]) -> Answer:
    chosen = {name: heading for heading, name in order.pairs}
    rows: list[Judged] = []
    try:
        if form.step.data == "import":
            return _commit(order)
        rows = list(judged(db.session(), order, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(form, headings, chosen, rows), error.status
    return _page(form, headings, chosen, rows)


def _commit(order: ImportOrder) -> Response:
    actor = by_staff(get_principal().id)
    rows = transact(lambda session: import_all(session, order, actor=actor, now=clock.now()))
    forget_this_upload()
    found = counts(rows)
    written = found[Fate.NEW] + found[Fate.WAITING] + found[Fate.PENDING]
    sentence = gettext(
        "%(written)d registered, %(left)d left as they were.", written=written, left=len(rows) - written
    )
    return done(url_for("registration.office_list"), sentence)


def worst_first(rows: Iterable[F], fates: type[StrEnum]) -> list[F]:
    """Return at most 200 rows of each fate, those of the last fate first: what is refused is read before the rest."""
    by_fate = {fate: list[F]() for fate in reversed(fates)}
    for row in rows:
        if len(by_fate[row.fate]) < SHOWN:
            by_fate[row.fate].append(row)
    return [row for some in by_fate.values() for row in some]


def _page(form: MappingForm, headings: list[str], chosen: Any, rows: list[Judged]) -> str:
    picked = {name: chosen.get(name, chosen.get(f"column-{name}", "")) for name in FIELDS}
    found = counts(rows)
    return render_template(
        "registration/import_check.html",
        form=form,
        headings=headings,
        fields=FIELDS,
        required=REQUIRED,
        chosen=picked,
        rows=worst_first(rows, Fate),
        counts=found,
        total=len(rows),
        may_commit=bool(rows) and not found[Fate.REFUSED],
        fate_words=FATE_WORDS,
    )
