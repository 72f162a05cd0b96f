"""What somebody owes, whom the invoice goes to, and what was paid. No card payments: the finance office has its own ledger."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import RegistrationId
from conference.registration.invoice_model import NO_INVOICE, InvoiceDetails
from conference.registration.model import State


class FeeState(StrEnum):
    """Where a fee stands: computed from what is due and what was paid, never stored."""

    TO_PAY = "to_pay"
    PAID = "paid"
    TO_REFUND = "to_refund"
    NOTHING = "nothing"


FEE_WORDS = {
    FeeState.TO_PAY: N_("To be paid"),
    FeeState.PAID: N_("Paid"),
    FeeState.TO_REFUND: N_("To be refunded"),
    FeeState.NOTHING: N_("Nothing due"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """Money that came. `minor` is in hundredths of the fees' currency and more than 0."""

    paid_on: date
    minor: int
    reference: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice:
    """What is kept for a registration. `revision` None: nothing is kept yet."""

    details: InvoiceDetails = NO_INVOICE
    payment: Payment | None = None
    revision: int | None = None

    @property
    def paid_minor(self) -> int:
        return self.payment.minor if self.payment else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fee:
    """What a registration owes now: hundredths of `currency`, for its category and its confirmed extras."""

    due_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedFee:
    """A line of the finance office's list."""

    registration_id: RegistrationId
    number: str
    name: str
    email: str
    category: str
    registration_state: State
    fee: Fee
    invoice: Invoice
    state: FeeState
