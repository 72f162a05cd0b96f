"""A file of payments: upload, columns, what becomes of each row, and all of them noted."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.registration.fee_forms import PaymentsForm
from conference.registration.fee_queries import fee_currency
from conference.registration.fee_rules import amount_words
from conference.registration.import_forms import pairs
from conference.registration.import_routes import UploadPage, upload_page, worst_first
from conference.registration.importing_rows import guessed
from conference.registration.payment_files import (
    FATE_WORDS,
    FIELDS,
    REQUIRED,
    Fate,
    JudgedPayment,
    PaymentsOrder,
    counts,
    judged,
    note_all,
)
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.importing_files import read_table
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.uploads import forget_this_upload, upload_path

Answer = str | Response | tuple[str, int]

UPLOAD = UploadPage(
    title=_l("Note payments from a file"),
    intro=_l(
        "The first line names the columns. Each row needs the registration's number, the amount and the day. Nothing is noted before you have seen what becomes of each row."
    ),
    back="registration.fees",
    back_title=_l("Fees"),
    check="registration.check_payments",
)


def add_payment_routes(blueprint: Blueprint) -> None:
    url = "/staff/fees/import"
    blueprint.add_url_rule(url, "import_payments", import_payments, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{url}/<upload>", "check_payments", check_payments, methods=["GET", "POST"])


@staff(Role.ORGANISER)
def import_payments() -> Answer:
    return upload_page(UPLOAD)


@staff(Role.ORGANISER)
def check_payments(upload: str) -> Answer:
    """Ask which column is which, show each row's fate, and note all at the second button."""
    path = upload_path(upload)
    headings = [heading.strip() for heading in next(read_table(path))[1]]
    form = PaymentsForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        found = guessed(headings, FIELDS)
        return _page(form, headings, {name: headings[column] for name, column in found.items()})
    order = PaymentsOrder(path=path, pairs=pairs(request.form, headings, FIELDS))
    chosen = {name: heading for heading, name in order.pairs}
    if not form.validate():
        return _page(form, headings, chosen), 400
    try:
        rows = judged(order)
        return _noted(rows) if form.step.data == "note" else _page(form, headings, chosen, rows)
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _page(form, headings, chosen), error.status


def _noted(rows: list[JudgedPayment]) -> Response:
    actor = by_staff(get_principal().id)
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    noted = transact(lambda session: note_all(session, rows, actor=actor))
    forget_this_upload()
    sentence = gettext(
        "%(noted)d payments noted, %(left)d left as they were.", noted=noted, left=len(rows) - noted
    )
    return done(url_for("registration.fees"), sentence)


def _page(
    form: PaymentsForm, headings: list[str], chosen: dict[str, Any], rows: list[JudgedPayment] | None = None
) -> str:
    rows = rows or []
    found = counts(rows)
    misfits = sum(found[one] for one in (Fate.DIFFERS, Fate.UNKNOWN, Fate.UNREADABLE))
    return render_template(
        "registration/payments_check.html",
        form=form,
        headings=headings,
        fields=FIELDS,
        required=REQUIRED,
        chosen={name: chosen.get(name, "") for name in FIELDS},
        rows=worst_first(rows, Fate),
        counts=found,
        total=len(rows),
        misfits=misfits,
        may_commit=bool(found[Fate.PAID]) and not misfits,
        fate_words=FATE_WORDS,
        amount=amount_words,
        currency=fee_currency(),
    )
