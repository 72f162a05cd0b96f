"""What is due, and what a payment makes of it. Pure."""

import re
from collections.abc import Iterable

from conference.registration.fee_model import FeeState
from conference.registration.model import State

# States that owe the category's fee and their extras': whoever did not come owes it too.
OWING = frozenset({State.CONFIRMED, State.ATTENDED, State.NO_SHOW})
# Two letters of the country and what follows them in the European Union's register: 2 to 12 letters, digits, + or *.
_VAT = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,12}", re.ASCII)


def due_minor(state: State, category_minor: int, extras_minor: Iterable[int]) -> int:
    """Return what is due in hundredths: nothing before a place is confirmed and after it was given back."""
    return category_minor + sum(extras_minor) if state in OWING else 0


def fee_state(due: int, paid: int) -> FeeState:
    """Return where the fee stands; too much is to be refunded, be it because the registration ended."""
    if paid > due:
        return FeeState.TO_REFUND
    if due == 0:
        return FeeState.NOTHING
    return FeeState.PAID if paid == due else FeeState.TO_PAY


def read_vat(typed: str) -> str:
    """Return a VAT number without blanks, points and hyphens, in capitals."""
    return re.sub(r"[\s.\-]", "", typed).upper()


def vat_is_valid(vat: str) -> bool:
    """Return whether it has the form of a VAT number of the European Union."""
    return bool(_VAT.fullmatch(vat))


def amount_words(minor: int, currency: str) -> str:
    """Return hundredths of the currency as in "120.50 EUR", "120 EUR" without cents."""
    sign, (whole, cents) = "-" if minor < 0 else "", divmod(abs(minor), 100)
    return f"{sign}{whole}.{cents:02} {currency}" if cents else f"{sign}{whole} {currency}"
