"""What the office decides of extras, and what a person adds and drops."""

from dataclasses import asdict, replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import ExtraId, RegistrationId
from conference.db.revisions import delete_revised, revise
from conference.registration import extra_seats, ledger
from conference.registration.category_queries import get_category
from conference.registration.errors import ExtraInUseError, ExtraNameTakenError
from conference.registration.extra_model import ExtraDetails
from conference.registration.extra_queries import extras, get_extra
from conference.registration.invoices import require_fee_kept, require_one_currency
from conference.registration.leaving import held
from conference.registration.model import WantedExtra
from conference.registration.tables import CategoryExtraRow, ExtraRow, RegistrationExtraRow


def _require_free_name(session: Session, name: str, own_id: int | None) -> None:
    taken = select(exists().where(ExtraRow.name == name, ExtraRow.id.is_distinct_from(own_id)))
    if session.scalar(taken):
        raise ExtraNameTakenError("name", name=name)


def _columns(details: ExtraDetails) -> dict[str, Any]:
    values = asdict(details)
    del values["categories"], values["included"]
    return values


def _write_categories(session: Session, extra_id: int, details: ExtraDetails) -> None:
    session.execute(delete(CategoryExtraRow).where(CategoryExtraRow.extra_id == extra_id))
    rows = [
        {"category_id": one, "extra_id": extra_id, "is_included": one in details.included}
        for one in sorted(details.categories | details.included)
    ]
    if rows:
        session.execute(insert(CategoryExtraRow), rows)


def create_extra(session: Session, details: ExtraDetails, *, actor: Actor) -> ExtraId:
    """Raises ExtraNameTakenError."""
    _require_free_name(session, details.name, None)
    require_one_currency(session, None, details)
    row = ExtraRow(**_columns(details), taken=0, waiting=0, waiting_serial=0)
    session.add(row)
    session.flush()
    _write_categories(session, row.id, details)
    record(session, actor=actor, action="created", about=("extra", row.id))
    return ExtraId(row.id)


def edit_extra(
    session: Session,
    extra_id: ExtraId,
    expected_revision: int | None,
    details: ExtraDetails,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Write the details, give new places to who waits, and return to how many.

    Seats below what is taken throw nobody out. Raises ExtraNameTakenError, FeeFixedError, OneCurrencyError, and as
    `revise` does.
    """
    before = get_extra(extra_id, session).details
    _require_free_name(session, details.name, extra_id)
    revise(session, ExtraRow, extra_id, expected_revision, _columns(details))
    require_fee_kept(session, before, details, extra_id=extra_id)
    _write_categories(session, extra_id, details)
    old, new = asdict(before), asdict(details)
    changes = {name: (_plain(old[name]), _plain(new[name])) for name in new if old[name] != new[name]}
    if changes:
        record(session, actor=actor, action="changed", about=("extra", extra_id), changes=changes)
    return extra_seats.move_up(session, extra_id, now=now)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def retire_extra(
    session: Session, extra_id: ExtraId, expected_revision: int | None, *, is_retired: bool, actor: Actor
) -> None:
    """Offer the extra to nobody any more, or to people again; who has it keeps it. Raises as `revise` does."""
    before = get_extra(extra_id, session).details.is_retired
    revise(session, ExtraRow, extra_id, expected_revision, {"is_retired": is_retired})
    if before is not is_retired:
        action = "retired" if is_retired else "brought back"
        changes = {"is_retired": (before, is_retired)}
        record(session, actor=actor, action=action, about=("extra", extra_id), changes=changes)


def copy_extra(session: Session, extra_id: ExtraId, *, actor: Actor) -> ExtraId:
    """Return a new extra like this one, without its people, behind the others, and retired until it is wanted."""
    details = get_extra(extra_id, session).details
    present = extras(session)
    names = {extra.name for extra in present}
    name = next(
        name
        for number in count(2)
        if (name := f"{details.name[: 99 - len(str(number))]} {number}") not in names
    )
    place = max(extra.details.place for extra in present) + 1
    return create_extra(session, replace(details, name=name, place=place, is_retired=True), actor=actor)


def move_extra(session: Session, extra_id: ExtraId, *, down: bool, actor: Actor) -> None:
    """Exchange the extra's place in the form with its neighbour's; at either end nothing happens."""
    ledger.extras.lock(session, *(extra.id for extra in extras(session)))
    order = [extra.id for extra in extras(session)]
    at = order.index(extra_id) if extra_id in order else -1
    if at < 0:
        raise NotFoundError
    to = at + (1 if down else -1)
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for place, moved in enumerate(order, 1):
        session.get_one(ExtraRow, moved, populate_existing=True).place = place
    session.flush()
    record(session, actor=actor, action="moved in the form", about=("extra", extra_id))


def delete_extra(session: Session, extra_id: ExtraId, expected_revision: int | None, *, actor: Actor) -> None:
    """Raises ExtraInUseError once anybody chose it, and as `delete_revised` does."""
    extra = get_extra(extra_id, session)
    # Counted under the row's lock: who chooses it needs the row too.
    ledger.extras.lock(session, extra_id)
    people = session.scalar(select(func.count()).where(RegistrationExtraRow.extra_id == extra_id)) or 0
    if people:
        raise ExtraInUseError(extra=extra.name, count=people)
    session.execute(delete(CategoryExtraRow).where(CategoryExtraRow.extra_id == extra_id))
    delete_revised(session, ExtraRow, extra_id, expected_revision)
    record(session, actor=actor, action="deleted", about=("extra", extra_id))


def add_extra(
    session: Session, registration_id: RegistrationId, wanted: WantedExtra, *, actor: Actor, now: datetime
) -> None:
    """Add an extra to a registration; a full one only to its waiting list, where that is wanted.

    Raises NotFoundError, MoveRefusedError, ExtraGoneError, ExtraNotOfferedError, ExtraClosedError, ExtraFullError.
    """
    registration = held(session, registration_id)
    category = get_category(registration.category_id, session)
    extra_seats.add(session, registration, category, wanted, actor=actor, now=now)


def drop_extra(
    session: Session, registration_id: RegistrationId, extra_id: ExtraId, *, actor: Actor, now: datetime
) -> None:
    """Give an extra back, and its place to the longest waiting. Raises NotFoundError, MoveRefusedError."""
    extra_seats.drop(session, held(session, registration_id), extra_id, actor=actor, now=now)
