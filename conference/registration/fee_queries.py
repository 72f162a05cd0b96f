"""What is due is computed from the category and the confirmed extras, so that no step of a registration can forget it."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from sqlalchemy import Row, Table, select
from sqlalchemy.orm import Session

from conference.core.ids import CategoryId, ExtraId, PersonId, RegistrationId
from conference.db.base import db
from conference.people.queries import people_by_id
from conference.registration.category_queries import category_details
from conference.registration.extra_model import ExtraDetails, ExtraState
from conference.registration.extra_queries import extra_details
from conference.registration.fee_model import Fee, FeeState, Invoice, ListedFee, Payment
from conference.registration.fee_rules import due_minor, fee_state
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.model import CategoryDetails, Registration, State
from conference.registration.tables import InvoiceRow, RegistrationExtraRow, RegistrationRow

_INVOICE = cast("Table", InvoiceRow.__table__)
_EXTRA = cast("Table", RegistrationExtraRow.__table__)
_DETAILS = ("name", "address", "postal_code", "city", "country", "vat", "reference", "email")
AT_ONCE = 500


def currency_besides(session: Session, besides: object) -> str | None:
    """Return the currency of the fees other than this category's or extra's, None where there is none."""
    kinds: list[CategoryDetails | ExtraDetails] = [*category_details(session).values()]
    kinds += extra_details(session).values()
    return next((one.currency for one in kinds if one.fee_minor and one != besides), None)


def fee_currency(session: Session | None = None) -> str:
    """Return the currency of the conference's fees, EUR where nothing costs anything."""
    return currency_besides(session or db.session(), None) or "EUR"


def fees_are_asked(*, latest: bool = False) -> bool:
    """Return whether any category or extra costs something; `latest` asks no database, as a busy form needs."""
    categories = category_details.latest() if latest else category_details()
    extras = extra_details.latest() if latest else extra_details()
    return any(one.fee_minor for one in categories.values()) or any(one.fee_minor for one in extras.values())


def costs(category_id: CategoryId, extra_ids: Iterable[ExtraId]) -> bool:
    """Return whether what a form chose costs something, by what this process knows last."""
    category = category_details.latest().get(category_id)
    known = extra_details.latest()
    chosen = (known[one] for one in extra_ids if one in known)
    return bool(category and category.fee_minor) or any(one.fee_minor for one in chosen)


def fee_of(registration: Registration, session: Session | None = None) -> Fee:
    """Return what the registration owes now. One statement where an extra costs something, else none."""
    extras = _extras_of([registration.id], session).get(registration.id, [])
    return _fee(registration.state, registration.category_id, extras, session)


def _fee(state: State, category_id: CategoryId, extras: list[int], session: Session | None) -> Fee:
    category = category_details(session)[category_id]
    return Fee(due_minor=due_minor(state, category.fee_minor, extras), currency=fee_currency(session))


def _extras_of(ids: Iterable[RegistrationId], session: Session | None) -> dict[RegistrationId, list[int]]:
    """Return the fees of each one's confirmed extras."""
    fees = {one: details.fee_minor for one, details in extra_details(session).items() if details.fee_minor}
    found: dict[RegistrationId, list[int]] = {}
    if not fees:
        return found
    statement = select(_EXTRA.c.registration_id, _EXTRA.c.extra_id).where(
        _EXTRA.c.registration_id.in_(list(ids)),
        _EXTRA.c.extra_id.in_(list(fees)),
        _EXTRA.c.state == ExtraState.CONFIRMED,
    )
    for row in (session or db.session()).execute(statement):
        found.setdefault(RegistrationId(row.registration_id), []).append(fees[row.extra_id])
    return found


def find_invoice(registration_id: RegistrationId, session: Session | None = None) -> Invoice:
    """Return what is kept for the registration; an empty one where nothing is. One statement."""
    row = (session or db.session()).execute(select(_INVOICE).where(_INVOICE.c.id == registration_id)).first()
    return _invoice(row) if row else Invoice()


def _invoice(row: Row[Any]) -> Invoice:
    payment = None
    if row.paid_on is not None:
        payment = Payment(paid_on=row.paid_on, minor=row.paid_minor, reference=row.payment_reference)
    details = InvoiceDetails(**{name: getattr(row, name) for name in _DETAILS})
    return Invoice(details=details, payment=payment, revision=row.revision)


def listed_fees(
    wanted: FeeState | None = None,
    text: str = "",
    *,
    everybody: bool = False,
    asked: Session | None = None,
) -> Iterator[ListedFee]:
    """Yield the fees in the order of registration; without `wanted` those of whom something is or was due.

    Four statements for 500.
    """
    session, after = asked or db.session(), 0
    while rows := _next(session, after, text):
        yield from (one for one in _listed(session, rows) if everybody or _is_wanted(one, wanted))
        after = rows[-1].id


def _next(session: Session, after: int, text: str) -> list[Row[Any]]:
    table = cast("Table", RegistrationRow.__table__)
    names = ("id", "number", "person_id", "email", "category_id", "state")
    statement = select(*(table.c[name] for name in names)).where(table.c.id > after)
    for word in text.casefold().split():
        statement = statement.where(table.c.search_text.contains(word, autoescape=True))
    return list(session.execute(statement.order_by(table.c.id).limit(AT_ONCE)))


def _listed(session: Session, rows: list[Row[Any]]) -> Iterator[ListedFee]:
    ids = [RegistrationId(row.id) for row in rows]
    extras, people = (
        _extras_of(ids, session),
        people_by_id((PersonId(row.person_id) for row in rows), session),
    )
    kept = {row.id: _invoice(row) for row in session.execute(select(_INVOICE).where(_INVOICE.c.id.in_(ids)))}
    names = category_details(session)
    for row in rows:
        category_id, state = CategoryId(row.category_id), State(row.state)
        fee = _fee(state, category_id, extras.get(RegistrationId(row.id), []), session)
        invoice = kept.get(row.id, Invoice())
        yield ListedFee(
            registration_id=RegistrationId(row.id),
            number=row.number,
            name=people[PersonId(row.person_id)].name,
            email=row.email,
            category=names[category_id].name,
            registration_state=state,
            fee=fee,
            invoice=invoice,
            state=fee_state(fee.due_minor, invoice.paid_minor),
        )


def _is_wanted(one: ListedFee, wanted: FeeState | None) -> bool:
    return one.state is wanted if wanted else one.state is not FeeState.NOTHING
