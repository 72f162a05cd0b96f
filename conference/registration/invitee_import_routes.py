"""A file of people to invite: upload, columns, what becomes of each row, and all of them invited."""

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_forms import read_moment
from conference.registration.category_queries import categories
from conference.registration.import_forms import pairs
from conference.registration.import_routes import UploadPage, upload_page, worst_first
from conference.registration.importing_rows import INVITEE_FIELDS, guessed
from conference.registration.invitation_forms import InviteesForm
from conference.registration.inviting import (
    FATE_WORDS,
    REQUIRED,
    Fate,
    Invitee,
    InviteOrder,
    counts,
    invite_all,
    judged,
)
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.heavy import heavy
from conference.web.importing_files import read_table
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.uploads import forget_this_upload, upload_path

Answer = str | Response | tuple[str, int]

UPLOAD = UploadPage(
    title=_l("Import invited people"),
    intro=_l(
        "The first line names the columns. Each row needs an e-mail address; names, affiliation, country, language and a note are taken along. Nobody is invited before you have seen what becomes of each row."
    ),
    back="registration.invitations",
    back_title=_l("Invitations"),
    check="registration.check_invitees",
)


def add_invitee_import_routes(blueprint: Blueprint) -> None:
    url = "/staff/invitations/import"
    blueprint.add_url_rule(url, "import_invitees", import_invitees, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{url}/<upload>", "check_invitees", check_invitees, methods=["GET", "POST"])


@staff(Role.ORGANISER)
def import_invitees() -> Answer:
    return upload_page(UPLOAD)


@staff(Role.ORGANISER)
@heavy
def check_invitees(upload: str) -> Answer:
    """Ask which column is which and what is promised, show each row's fate, and invite all at the second button."""
    path = upload_path(upload)
    headings = [heading.strip() for heading in next(read_table(path))[1]]
    form = InviteesForm(request.form if request.method == "POST" else None)
    form.offer(categories())
    if request.method != "POST":
        found = guessed(headings, INVITEE_FIELDS)
        return _page(form, headings, {name: headings[column] for name, column in found.items()})
    chosen = {name: heading for heading, name in pairs(request.form, headings, INVITEE_FIELDS)}
    if not form.validate():
        return _page(form, headings, chosen), 400
    order = _order(form, path, chosen)
    try:
        if form.step.data == "import":
            return _commit(order)
        return _page(form, headings, chosen, judged(db.session(), order, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(form, headings, chosen), error.status


def _order(form: InviteesForm, path: Path, chosen: dict[str, str]) -> InviteOrder:
    expires_at = read_moment(form.expires_at.data)
    assert expires_at is not None
    return InviteOrder(
        path=path,
        pairs=tuple((heading, name) for name, heading in chosen.items()),
        expires_at=expires_at,
        category=form.category.data or "",
        holds_seat=bool(form.holds_seat.data),
        skips_approval=bool(form.skips_approval.data),
        language=form.language.data or "en",
    )


def _commit(order: InviteOrder) -> Response:
    actor = by_staff(get_principal().id)
    rows = transact(lambda session: invite_all(session, order, actor=actor, now=clock.now()))
    forget_this_upload()
    invited = counts(rows)[Fate.NEW]
    sentence = gettext("%(invited)d invited, %(left)d left out.", invited=invited, left=len(rows) - invited)
    return done(url_for("registration.invitations"), sentence)


def _page(
    form: InviteesForm, headings: list[str], chosen: dict[str, Any], rows: list[Invitee] | None = None
) -> str:
    rows = rows or []
    found = counts(rows)
    return render_template(
        "registration/invitees_check.html",
        form=form,
        headings=headings,
        fields=INVITEE_FIELDS,
        required=REQUIRED,
        chosen={name: chosen.get(name, "") for name in INVITEE_FIELDS},
        rows=worst_first(rows, Fate),
        counts=found,
        total=len(rows),
        may_commit=bool(found[Fate.NEW]) and not found[Fate.REFUSED],
        fate_words=FATE_WORDS,
    )
