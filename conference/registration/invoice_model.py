from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceDetails:
    """Whom the invoice goes to. `vat` is a VAT number without blanks; `reference` is the payer's own, as of an order."""

    name: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    vat: str = ""
    reference: str = ""
    email: str = ""


NO_INVOICE = InvoiceDetails()
