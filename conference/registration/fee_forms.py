"""The forms of fees: shape only."""

from datetime import date
from typing import Any

from wtforms import Field, Form, StringField
from wtforms.validators import ValidationError

from conference.registration.category_forms import amount_text, read_amount
from conference.registration.fee_fields import InvoiceField
from conference.registration.fee_model import Invoice, Payment
from conference.web.forms import AtMost, BaseForm, Required
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm


def read_day(typed: str | None) -> date | None:
    """Return "2022-09-01" as a day; None for what is none."""
    try:
        return date.fromisoformat(typed or "") if len(typed or "") == 10 else None  # noqa: PLR2004 -- YYYY-MM-DD
    except ValueError:
        return None


def _a_day(form: Form, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
    if field.data and read_day(field.data) is None:
        raise ValidationError(gettext("Enter a day in the form 2022-09-01."))


def _more_than_nothing(form: Form, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
    if not read_amount(field.data):
        raise ValidationError(gettext("Enter the amount that came, in the form 120 or 120.50."))


def _day_field() -> StringField:
    return StringField(
        _l("Day of the payment"),
        [Required(_l("Enter the day on which the money came.")), _a_day],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


class InvoiceForm(RevisedForm):
    """Whom the invoice goes to, on a page of its own."""

    invoice = InvoiceField(_l("Invoice"), always=True)

    @staticmethod
    def values_of(invoice: Invoice) -> dict[str, Any]:
        return {"invoice": invoice.details, "revision": invoice.revision}


class PaymentForm(RevisedForm):
    """What was paid for one registration."""

    amount = StringField(_l("Amount"), [_more_than_nothing], render_kw={"inputmode": "decimal"})
    paid_on = _day_field()
    reference = StringField(_l("Reference of the payment"), [AtMost(100)])

    @staticmethod
    def values_of(invoice: Invoice, due_minor: int, today: date) -> dict[str, Any]:
        """Return what is stored, or else that what is due came today."""
        paid = invoice.payment or Payment(paid_on=today, minor=due_minor)
        return {
            "amount": amount_text(paid.minor),
            "paid_on": paid.paid_on.isoformat(),
            "reference": paid.reference,
            "revision": invoice.revision,
        }

    def payment(self) -> Payment:
        paid_on = read_day(self.paid_on.data)
        assert paid_on is not None
        return Payment(
            paid_on=paid_on, minor=read_amount(self.amount.data) or 0, reference=self.reference.data or ""
        )


class ManyPaidForm(BaseForm):
    """One day for all that were ticked in the list."""

    paid_on = _day_field()


class PaymentsForm(BaseForm):
    """The button under a file of payments: check or note."""

    step = StringField()
