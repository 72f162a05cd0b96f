"""What the personal page and the office's page show of a fee."""

from dataclasses import dataclass

from conference.people.countries import country_name
from conference.registration.fee_model import FEE_WORDS, FeeState, Invoice
from conference.registration.fee_queries import fee_of, fees_are_asked, find_invoice
from conference.registration.fee_rules import amount_words, fee_state
from conference.registration.model import Registration
from conference.web.language import gettext, language


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """`amount` and `state` in the reader's words."""

    amount: str
    state: str
    invoice: Invoice
    country: str
    is_paid: bool


def bill_of(registration: Registration) -> Bill | None:
    """Return what is shown of the fee, None where nothing was ever due. No statement while nothing costs anything."""
    if not fees_are_asked():
        return None
    fee, invoice = fee_of(registration), find_invoice(registration.id)
    state = fee_state(fee.due_minor, invoice.paid_minor)
    if state is FeeState.NOTHING and invoice.revision is None:
        return None
    return Bill(
        amount=amount_words(fee.due_minor, fee.currency) if fee.due_minor else gettext("Nothing at present"),
        state=gettext(FEE_WORDS[state]),
        invoice=invoice,
        country=country_name(invoice.details.country, language()) if invoice.details.country else "",
        is_paid=invoice.payment is not None,
    )
