"""The first writing of an invoice's address, which every way in shares. Apart from `invoices`, which stands on `leaving`."""

from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from conference.core.ids import RegistrationId
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.tables import InvoiceRow

_INVOICE = cast("Table", InvoiceRow.__table__)
UNPAID: dict[str, Any] = {"paid_on": None, "paid_minor": None, "payment_reference": ""}


def write_new_invoice(session: Session, registration_id: RegistrationId, details: InvoiceDetails) -> None:
    """Write the address that a form gave. One statement."""
    values = {"id": registration_id, "revision": 1, **asdict(details), **UNPAID}
    session.connection().execute(insert(_INVOICE), values)
