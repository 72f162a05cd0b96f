"""Payments out of a file of the finance office's bank: what becomes of each row, and all of them noted or none."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.errors import N_
from conference.core.ids import RegistrationId, read_code
from conference.registration.category_forms import read_amount
from conference.registration.fee_errors import PaymentsRefusedError
from conference.registration.fee_forms import read_day
from conference.registration.fee_model import ListedFee, Payment
from conference.registration.fee_queries import listed_fees
from conference.registration.importing_rows import mapped
from conference.registration.invoices import note_payment
from conference.web.import_columns import typed_cells
from conference.web.import_errors import ColumnMissingError
from conference.web.importing_files import read_table

FIELDS = {
    "number": N_("Number"),
    "amount": N_("Amount"),
    "paid_on": N_("Day of the payment"),
    "reference": N_("Reference of the payment"),
}
REQUIRED = ("number", "amount", "paid_on")


class Fate(StrEnum):
    PAID = "paid"
    KNOWN = "known"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


FATE_WORDS = {
    Fate.PAID: N_("Noted as paid"),
    Fate.KNOWN: N_("A payment is noted already, left as it is"),
    Fate.DIFFERS: N_("The amount is not what is due"),
    Fate.UNKNOWN: N_("No registration has this number"),
    Fate.UNREADABLE: N_("Amount or day cannot be read"),
}
# With one of these no row is noted.
_REFUSED = frozenset({Fate.DIFFERS, Fate.UNKNOWN, Fate.UNREADABLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedPayment:
    """What becomes of a line. `due` is what the registration owes, in hundredths, None where there is none."""

    line: int
    number: str
    fate: Fate
    name: str = ""
    paid: Payment | None = None
    due: int | None = None
    registration_id: RegistrationId | None = None
    revision: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentsOrder:
    path: Path
    pairs: tuple[tuple[str, str], ...] = ()


def judged(order: PaymentsOrder) -> list[JudgedPayment]:
    """Return what would become of each row. Raises what import_errors holds."""
    lines = read_table(order.path)
    _, headings = next(lines)
    columns = mapped([heading.strip() for heading in headings], order.pairs, FIELDS)
    missing = [FIELDS[name] for name in REQUIRED if name not in columns]
    if missing:
        raise ColumnMissingError(fields=", ".join(missing))
    return list(_judged((line, typed_cells(cells, columns, FIELDS)) for line, cells in lines))


def _judged(rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[JudgedPayment]:
    known = {one.number: one for one in _everybody()}
    seen: set[str] = set()
    for line, typed in rows:
        number = read_code(typed["number"]) or typed["number"]
        one = known.get(number)
        fate, paid = _fate(one, _payment(typed), is_again=number in seen)
        seen.add(number)
        yield JudgedPayment(
            line=line,
            number=number,
            fate=fate,
            paid=paid,
            name=one.name if one else "",
            due=one.fee.due_minor if one else None,
            registration_id=one.registration_id if one else None,
            revision=one.invoice.revision if one else None,
        )


def _everybody() -> Iterator[ListedFee]:
    return listed_fees(everybody=True)


def _payment(typed: dict[str, str]) -> Payment | None:
    amount, day = read_amount(typed["amount"]), _day(typed["paid_on"])
    return Payment(paid_on=day, minor=amount, reference=typed["reference"][:100]) if amount and day else None


def _day(typed: str) -> date | None:
    # A workbook's day is read with its time.
    return read_day(typed[:10])


def _fate(one: ListedFee | None, paid: Payment | None, *, is_again: bool) -> tuple[Fate, Payment | None]:
    if paid is None:
        return Fate.UNREADABLE, None
    if one is None:
        return Fate.UNKNOWN, paid
    if one.invoice.payment is not None or is_again:
        return Fate.KNOWN, paid
    return (Fate.PAID if paid.minor == one.fee.due_minor else Fate.DIFFERS), paid


def counts(rows: Iterable[JudgedPayment]) -> dict[Fate, int]:
    """Return how many rows have each fate."""
    found = Counter(row.fate for row in rows)
    return {fate: found[fate] for fate in Fate}


def note_all(session: Session, rows: list[JudgedPayment], *, actor: Actor) -> int:
    """Note each payment of the file and return how many; where one row does not fit, none is.

    Raises PaymentsRefusedError, and StaleRevisionError where a payment was noted since the file was judged.
    """
    refused = [row for row in rows if row.fate in _REFUSED]
    if refused:
        raise PaymentsRefusedError(count=len(refused), line=refused[0].line)
    new = [row for row in rows if row.fate is Fate.PAID]
    for row in new:
        assert row.registration_id is not None
        note_payment(session, row.registration_id, row.revision, row.paid, actor=actor)
    return len(new)
