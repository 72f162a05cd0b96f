"""Every change of an invoice's address and of what was paid."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import RegistrationId
from conference.db.revisions import revise
from conference.registration.extra_model import ExtraDetails
from conference.registration.fee_errors import (
    FeeFixedError,
    InvoicePaidError,
    NothingDueError,
    OneCurrencyError,
    PaidAlreadyError,
)
from conference.registration.fee_model import Invoice, Payment
from conference.registration.fee_queries import currency_besides, fee_of, find_invoice
from conference.registration.invoice_model import NO_INVOICE, InvoiceDetails
from conference.registration.invoice_writing import UNPAID
from conference.registration.leaving import held
from conference.registration.model import CategoryDetails
from conference.registration.tables import InvoiceRow, RegistrationExtraRow, RegistrationRow

_INVOICE = cast("Table", InvoiceRow.__table__)


def change_invoice(
    session: Session,
    registration_id: RegistrationId,
    expected_revision: int | None,
    details: InvoiceDetails,
    *,
    actor: Actor,
) -> None:
    """Write another address. Raises NotFoundError, InvoicePaidError, and as `revise` does."""
    held(session, registration_id)
    before = find_invoice(registration_id, session)
    if before.payment is not None:
        raise InvoicePaidError
    _write(session, registration_id, before, expected_revision, asdict(details))
    # The history names the fields; the address stands in its own table alone, from which it can be erased.
    record(session, actor=actor, action="invoice changed", about=("registration", registration_id))


def _write(
    session: Session,
    registration_id: RegistrationId,
    before: Invoice,
    expected_revision: int | None,
    values: Mapping[str, Any],
) -> None:
    if before.revision is None:
        # Nobody had anything to see. The registration's category is held, so nobody else writes a first one.
        empty = asdict(NO_INVOICE) | UNPAID
        session.connection().execute(
            insert(_INVOICE), empty | {"id": registration_id, "revision": 1} | dict(values)
        )
        return
    revise(session, InvoiceRow, registration_id, expected_revision, values)


def note_payment(
    session: Session,
    registration_id: RegistrationId,
    expected_revision: int | None,
    payment: Payment | None,
    *,
    actor: Actor,
) -> None:
    """Write what was paid, or with None that nothing was. Raises NotFoundError, and as `revise` does."""
    held(session, registration_id)
    before = find_invoice(registration_id, session)
    values = UNPAID
    if payment is not None:
        values = {
            "paid_on": payment.paid_on,
            "paid_minor": payment.minor,
            "payment_reference": payment.reference,
        }
    _write(session, registration_id, before, expected_revision, values)
    after = payment.minor if payment else 0
    record(
        session,
        actor=actor,
        action="payment noted" if payment else "payment taken back",
        about=("registration", registration_id),
        changes={"paid_minor": (before.paid_minor, after)},
    )


def note_paid_in_full(
    session: Session, registration_id: RegistrationId, paid_on: date, *, actor: Actor, reference: str = ""
) -> None:
    """Write that what is due was paid. Raises NotFoundError, NothingDueError, PaidAlreadyError."""
    registration = held(session, registration_id)
    before, due = find_invoice(registration_id, session), fee_of(registration, session).due_minor
    if before.payment is not None:
        raise PaidAlreadyError
    if not due:
        raise NothingDueError
    payment = Payment(paid_on=paid_on, minor=due, reference=reference)
    note_payment(session, registration_id, before.revision, payment, actor=actor)


def forget_invoices(session: Session, ids: list[RegistrationId]) -> None:
    """Delete the addresses and payments of these registrations: the finance office keeps the books (README)."""
    session.execute(delete(InvoiceRow).where(InvoiceRow.id.in_(ids)))


def blank_invoice(session: Session, registration_id: RegistrationId) -> None:
    """Forget whom the invoice went to; what was paid stays."""
    session.execute(
        update(InvoiceRow)
        .where(InvoiceRow.id == registration_id)
        .values(**asdict(NO_INVOICE), revision=InvoiceRow.revision + 1)
        .execution_options(synchronize_session=False)
    )


def require_fee_kept(
    session: Session,
    before: CategoryDetails | ExtraDetails,
    after: CategoryDetails | ExtraDetails,
    *,
    category_id: int | None = None,
    extra_id: int | None = None,
) -> None:
    """Raise FeeFixedError for another fee once anybody registered with it, and as `require_one_currency` does.

    The caller holds the category's or extra's row.
    """
    require_one_currency(session, before, after)
    if (before.fee_minor, before.currency) == (after.fee_minor, after.currency):
        return
    if before.fee_minor == after.fee_minor == 0:
        return
    has = (
        exists().where(RegistrationRow.category_id == category_id)
        if category_id is not None
        else exists().where(RegistrationExtraRow.extra_id == extra_id)
    )
    if session.scalar(select(has)):
        raise FeeFixedError("fee", name=before.name)


def require_one_currency(
    session: Session,
    before: CategoryDetails | ExtraDetails | None,
    after: CategoryDetails | ExtraDetails,
) -> None:
    """Raise OneCurrencyError for a fee in another currency than those there are."""
    if not after.fee_minor or (before and before.fee_minor and before.currency == after.currency):
        return
    present = currency_besides(session, before)
    if present is not None and present != after.currency:
        raise OneCurrencyError("currency", currency=present)
