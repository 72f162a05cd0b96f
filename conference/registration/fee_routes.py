"""Who owes what, for the organisers: the list, one payment, many at once, and a file for the finance office."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from conference.audit.looks import Look, note_look
from conference.audit.model import by_staff
from conference.core.clock import STOCKHOLM, clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.registration.fee_forms import InvoiceForm, ManyPaidForm, PaymentForm, read_day
from conference.registration.fee_model import FEE_WORDS, FeeState, ListedFee
from conference.registration.fee_queries import fee_of, find_invoice, listed_fees
from conference.registration.fee_rules import amount_words
from conference.registration.fee_showing import bill_of
from conference.registration.invoices import change_invoice, note_paid_in_full, note_payment
from conference.registration.many import AT_ONCE, Failed, do_for_each
from conference.registration.model import STATE_WORDS
from conference.registration.queries import get_registration
from conference.registration.showing import shown
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.exporting import XLSX, Cell, csv_parts, file_answer, xlsx_parts
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.numbers import number_of
from conference.web.saving import Difference, save

Answer = str | AnyResponse | tuple[str, int]
SHOWN = 200
HEADINGS = (
    "Number", "Name", "E-mail address", "Category", "State", "Due", "Paid", "Currency", "State of the payment",
    "Day of the payment", "Reference of the payment", "Invoice to", "Street and number", "Postcode", "Town", "Country",
    "VAT number", "Payer's reference", "E-mail address for the invoice",
)  # fmt: skip


def add_fee_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/fees", "fees", fees, methods=["GET", "POST"])
    blueprint.add_url_rule("/staff/fees/export", "fees_export", fees_export)
    one = "/staff/registrations/<int:registration_id>"
    blueprint.add_url_rule(f"{one}/payment", "payment", payment, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/payment/remove", "no_payment", no_payment, methods=["POST"])
    blueprint.add_url_rule(f"{one}/invoice", "office_invoice", office_invoice, methods=["GET", "POST"])


def _wanted() -> FeeState | None:
    asked = request.args.get("state", "")
    return FeeState(asked) if asked in {one.value for one in FeeState} else None


def _text() -> str:
    return request.args.get("text", "")[:200].strip()


@staff(Role.ORGANISER)
def fees() -> Answer:
    """Show who owes what; a POST notes that those ticked have paid in full, and reports for whom that cannot be."""
    if request.method != "POST":
        return _list(ManyPaidForm(formdata=None, data={"paid_on": _today().isoformat()}))
    form = ManyPaidForm(request.form)
    ids = _ticked(request.form)
    if not form.validate():
        return _list(form), 400
    if not ids:
        form.refuse("paid_on", gettext("Tick those who have paid."))
        return _list(form), 400
    paid_on, actor = read_day(form.paid_on.data) or _today(), by_staff(get_principal().id)

    def act(session: Session, one: RegistrationId) -> None:
        note_paid_in_full(session, one, paid_on, actor=actor)

    failed = do_for_each(ids, act)
    db.session.rollback()
    return _list(form, done=len(ids) - len(failed), failed=failed)


def _ticked(sent: MultiDict[str, str]) -> list[RegistrationId]:
    return [RegistrationId(one) for text in sent.getlist("chosen")[:AT_ONCE] if (one := number_of(text))]


def _today() -> Any:
    return clock.now().astimezone(STOCKHOLM).date()


def _list(form: ManyPaidForm, *, done: int | None = None, failed: list[Failed] | None = None) -> str:
    rows = list(listed_fees(_wanted(), _text()))
    note_look(Look.FEES, people=len(rows))
    return render_template(
        "registration/fees.html",
        form=form,
        rows=rows[:SHOWN],
        total=len(rows),
        sums=_sums(rows),
        wanted=_wanted(),
        text=_text(),
        fee_words=FEE_WORDS,
        state_words=STATE_WORDS,
        amount=amount_words,
        done=done,
        reports=[(get_registration(one.id), sentence_of(one.error)) for one in failed or ()],
    )


def _sums(rows: list[ListedFee]) -> list[tuple[str, str]]:
    """Return what is due, has come, and is still to come or to go back, in words."""
    if not rows:
        return []
    currency = rows[0].fee.currency
    due, paid = sum(one.fee.due_minor for one in rows), sum(one.invoice.paid_minor for one in rows)
    open_minor = sum(max(0, one.fee.due_minor - one.invoice.paid_minor) for one in rows)
    back = sum(max(0, one.invoice.paid_minor - one.fee.due_minor) for one in rows)
    pairs = (
        (gettext("Due"), due),
        (gettext("Paid"), paid),
        (gettext("Still to come"), open_minor),
        (gettext("To be refunded"), back),
    )
    return [(words, amount_words(minor, currency)) for words, minor in pairs]


@staff(Role.ORGANISER)
def fees_export() -> Response:
    """What the list shows, as CSV or XLSX: amounts are numbers, days are days."""
    found = list(listed_fees(_wanted(), _text()))
    note_look(Look.FEES_FILE, people=len(found))
    rows = _rows(found)
    if request.args.get("format") == "xlsx":
        return file_answer(xlsx_parts(rows, "Fees"), "fees.xlsx", XLSX)
    delimiter = ";" if request.args.get("delimiter") == ";" else ","
    return file_answer(csv_parts(rows, delimiter), "fees.csv", "text/csv; charset=utf-8")


def _rows(found: Iterable[ListedFee]) -> Iterator[tuple[Cell, ...]]:
    yield HEADINGS
    for one in found:
        paid, to = one.invoice.payment, one.invoice.details
        yield (
            one.number, one.name, one.email, one.category, one.registration_state.value, one.fee.due_minor / 100,
            paid.minor / 100 if paid else None, one.fee.currency, one.state.value,
            datetime.combine(paid.paid_on, datetime.min.time()) if paid else None, paid.reference if paid else "",
            to.name, to.address, to.postal_code, to.city, to.country, to.vat, to.reference, to.email,
        )  # fmt: skip


@staff(Role.ORGANISER)
def payment(registration_id: int) -> Answer:
    registration = get_registration(RegistrationId(registration_id))

    def stored() -> dict[str, Any]:
        due = fee_of(get_registration(registration.id)).due_minor
        return PaymentForm.values_of(find_invoice(registration.id), due, _today())

    if request.method != "POST":
        return _payment(registration.id, PaymentForm(formdata=None, data=stored()))
    form = PaymentForm(request.form)
    if not form.validate():
        return _payment(registration.id, form), 400
    paid, seen, actor = form.payment(), form.revision.data, by_staff(get_principal().id)
    refused = save(
        form, lambda session: note_payment(session, registration.id, seen, paid, actor=actor), stored
    )
    if refused:
        return _payment(registration.id, form, refused.differences), refused.status
    return done(_page_of(registration.id), gettext("The payment is noted."))


def _payment(
    registration_id: RegistrationId, form: PaymentForm, differences: tuple[Difference, ...] = ()
) -> str:
    registration = get_registration(registration_id)
    note_look(Look.INVOICE, ("registration", registration_id))
    return render_template(
        "registration/payment.html",
        form=form,
        bill=bill_of(registration),
        differences=differences,
        revision=find_invoice(registration_id).revision,
        **shown(registration),
    )


@staff(Role.ORGANISER)
def no_payment(registration_id: int) -> Answer:
    """Take a payment back that was noted by mistake."""
    registration = get_registration(RegistrationId(registration_id))
    form, button = PaymentForm(request.form), PlainButtonForm(request.form)
    if not button.validate():
        return _payment(registration.id, form), 400
    seen, actor = form.revision.data, by_staff(get_principal().id)
    refused = save(
        form,
        lambda session: note_payment(session, registration.id, seen, None, actor=actor),
        lambda: PaymentForm.values_of(find_invoice(registration.id), 0, _today()),
    )
    if refused:
        return _payment(registration.id, form, refused.differences), refused.status
    return done(_page_of(registration.id), gettext("The payment is taken back."))


@staff(Role.ORGANISER)
def office_invoice(registration_id: int) -> Answer:
    registration = get_registration(RegistrationId(registration_id))
    stored = find_invoice(registration.id)
    if request.method != "POST":
        return _invoice(registration.id, InvoiceForm(formdata=None, data=InvoiceForm.values_of(stored)))
    form = InvoiceForm(request.form)
    if not form.validate():
        return _invoice(registration.id, form), 400
    details, seen, actor = form.invoice.data, form.revision.data, by_staff(get_principal().id)
    refused = save(
        form,
        lambda session: change_invoice(session, registration.id, seen, details, actor=actor),
        lambda: InvoiceForm.values_of(find_invoice(registration.id)),
    )
    if refused:
        return _invoice(registration.id, form, refused.differences), refused.status
    return done(_page_of(registration.id), gettext("The address of the invoice is saved."))


def _invoice(
    registration_id: RegistrationId, form: InvoiceForm, differences: tuple[Difference, ...] = ()
) -> str:
    registration = get_registration(registration_id)
    note_look(Look.INVOICE, ("registration", registration_id))
    return render_template(
        "registration/office_invoice.html", form=form, registration=registration, differences=differences
    )


def _page_of(registration_id: RegistrationId) -> str:
    return url_for("registration.office_page", registration_id=registration_id)
