from dataclasses import asdict, replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId
from conference.db.revisions import revise
from conference.registration import ledger
from conference.registration.category_queries import categories, get_category
from conference.registration.errors import CategoryInUseError, CategoryNameTakenError
from conference.registration.inviting_errors import CategoryPromisedError
from conference.registration.invoices import require_fee_kept, require_one_currency
from conference.registration.leaving import offer_free_seats
from conference.registration.model import CategoryDetails
from conference.registration.tables import AccessCodeRow, CategoryRow, InvitationRow, RegistrationRow


def _require_free_name(session: Session, name: str, own_id: int | None) -> None:
    taken = select(exists().where(CategoryRow.name == name, CategoryRow.id.is_distinct_from(own_id)))
    if session.scalar(taken):
        raise CategoryNameTakenError("name", name=name)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def create_category(session: Session, details: CategoryDetails, *, actor: Actor) -> CategoryId:
    """Raises CategoryNameTakenError."""
    _require_free_name(session, details.name, None)
    require_one_currency(session, None, details)
    row = CategoryRow(**asdict(details), taken=0, waiting=0, waiting_serial=0)
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=("category", row.id))
    return CategoryId(row.id)


def edit_category(
    session: Session,
    category_id: CategoryId,
    expected_revision: int | None,
    details: CategoryDetails,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Write the details, offer as many places as new seats allow, and return how many were offered.

    Seats below what is taken throw nobody out: `rules.overbooked_by` then tells by how many. Raises
    CategoryNameTakenError, FeeFixedError, OneCurrencyError, and as `revise` does.
    """
    before = get_category(category_id, session)
    _require_free_name(session, details.name, category_id)
    revise(session, CategoryRow, category_id, expected_revision, asdict(details))
    require_fee_kept(session, before.details, details, category_id=category_id)
    old, new = asdict(before.details), asdict(details)
    changes = {name: (_plain(old[name]), _plain(new[name])) for name in new if old[name] != new[name]}
    if changes:
        record(session, actor=actor, action="changed", about=("category", category_id), changes=changes)
    return offer_free_seats(session, category_id, now=now)


def retire_category(
    session: Session,
    category_id: CategoryId,
    expected_revision: int | None,
    *,
    is_retired: bool,
    actor: Actor,
) -> None:
    """Offer the category to nobody any more, or to people again; who is in it stays. Raises as `revise` does."""
    before = get_category(category_id, session).details.is_retired
    revise(session, CategoryRow, category_id, expected_revision, {"is_retired": is_retired})
    if before is not is_retired:
        action = "retired" if is_retired else "brought back"
        changes = {"is_retired": (before, is_retired)}
        record(session, actor=actor, action=action, about=("category", category_id), changes=changes)


def copy_category(session: Session, category_id: CategoryId, *, actor: Actor) -> CategoryId:
    """Return a new category like this one, without its people, behind the others, and retired until it is wanted."""
    details = get_category(category_id, session).details
    names = {category.name for category in categories(session)}
    name = next(
        name
        for number in count(2)
        if (name := f"{details.name[: 99 - len(str(number))]} {number}") not in names
    )
    place = max(category.details.place for category in categories(session)) + 1
    return create_category(session, replace(details, name=name, place=place, is_retired=True), actor=actor)


def move_category(session: Session, category_id: CategoryId, *, down: bool, actor: Actor) -> None:
    """Exchange the category's place in the form with its neighbour's; at either end nothing happens."""
    ledger.lock(session, *(category.id for category in categories(session)))
    order = [category.id for category in categories(session)]
    at = order.index(category_id) if category_id in order else -1
    if at < 0:
        raise NotFoundError
    to = at + (1 if down else -1)
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for place, moved in enumerate(order, 1):
        session.get_one(CategoryRow, moved, populate_existing=True).place = place
    session.flush()
    record(session, actor=actor, action="moved in the form", about=("category", category_id))


def delete_category(
    session: Session, category_id: CategoryId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Raises CategoryInUseError once anybody registered in it, CategoryPromisedError, and as `revise` does."""
    category = get_category(category_id, session)
    revise(session, CategoryRow, category_id, expected_revision, {})
    # Counted under the row's lock, which every new registration of the category needs.
    statement = select(func.count()).where(RegistrationRow.category_id == category_id)
    people = session.scalar(statement) or 0
    if people:
        raise CategoryInUseError(category=category.name, count=people)
    promises = (
        exists().where(InvitationRow.category_id == category_id),
        exists().where(AccessCodeRow.category_id == category_id),
    )
    if session.scalar(select(or_(*promises))):
        raise CategoryPromisedError(category=category.name)
    session.execute(delete(CategoryRow).where(CategoryRow.id == category_id))
    record(session, actor=actor, action="deleted", about=("category", category_id))
