"""Invented invoices: whom they go to, some paid, one to be refunded, the rest still open."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.people.model import PersonDetails
from conference.registration.fee_model import FeeState
from conference.registration.fee_queries import costs, listed_fees
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.invoices import note_paid_in_full
from conference.registration.model import RegisterAttendee
from conference.registration.service import withdraw

PAID_ON = date(2022, 8, 22)


def invoice_for(command: RegisterAttendee) -> InvoiceDetails | None:
    """Return whom the invoice of this form goes to, None where it chose nothing that costs something."""
    if not costs(command.category_id, [one.extra_id for one in command.extras]):
        return None
    return _invoice(command.person)


def _invoice(person: PersonDetails) -> InvoiceDetails:
    return InvoiceDetails(
        name=person.affiliation,
        address="Invented Street 1",
        postal_code="123 45",
        city="Exampleville",
        country=person.country,
        reference="Cost centre 4711",
    )


def pay_some(session: Session) -> None:
    """Note that every second fee came, and let one of those who paid withdraw."""
    owing = [one.registration_id for one in listed_fees(FeeState.TO_PAY, asked=session)]
    _pay(session, owing[::2])
    if owing:
        withdraw(session, owing[0], actor=BY_LINK, now=clock.now())


def _pay(session: Session, ids: Sequence[RegistrationId]) -> None:
    for number, one in enumerate(ids, 1):
        note_paid_in_full(session, one, PAID_ON, actor=BY_SYSTEM, reference=f"Transfer {number:03d}")
