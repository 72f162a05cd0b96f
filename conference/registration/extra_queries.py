"""Extras: what they are called stands and is kept in memory, how many chose them is counted in their rows."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, ExtraId, PersonId, RegistrationId
from conference.db.base import db
from conference.db.standing import remember_token, standing, token_column
from conference.people.queries import people_by_id
from conference.registration.category_queries import category_details, counted
from conference.registration.extra_model import Extra, ExtraDetails, ExtraHolder, ExtraState, HeldExtra
from conference.registration.model import Category, Seats
from conference.registration.tables import (
    CategoryExtraRow,
    CategoryRow,
    ExtraRow,
    RegistrationExtraRow,
    RegistrationRow,
)

_CATEGORY = cast("Table", CategoryRow.__table__)
_EXTRA = cast("Table", ExtraRow.__table__)
_HELD = cast("Table", RegistrationExtraRow.__table__)
_CHOSEN = cast("Table", CategoryExtraRow.__table__)
_COLUMNS = [field.name for field in fields(ExtraDetails) if field.name not in {"categories", "included"}]
# Made once, because each filled form asks them.
_COUNTS = select(*(_EXTRA.c[name] for name in ("id", "seats", "taken", "waiting", "revision"))).order_by(
    _EXTRA.c.place, _EXTRA.c.id
)
# Both ledgers and the token at once, for the busiest page. Their order is that of the standing facts.
_NAMES = ("id", "seats", "taken", "waiting", "revision")
_BOTH = union_all(
    select(
        *(_CATEGORY.c[name] for name in (*_NAMES, "reserved", "admitted_over")),
        literal(0).label("is_extra"),
        token_column().label("token"),
    ),
    select(
        *(_EXTRA.c[name] for name in _NAMES),
        literal(0),
        literal(0),
        literal(1),
        token_column().label("token"),
    ),
)
_HELD_BY = (
    select(_HELD.c.extra_id, _HELD.c.state, _HELD.c.waiting_number)
    .where(_HELD.c.registration_id == bindparam("registration"))
    .order_by(_HELD.c.extra_id)
)


@standing
def extra_details(session: Session) -> dict[ExtraId, ExtraDetails]:
    """Return what the office decided of each extra, in its order."""
    statement = (
        select(_EXTRA, _CHOSEN.c.category_id, _CHOSEN.c.is_included)
        .join(_CHOSEN, _CHOSEN.c.extra_id == _EXTRA.c.id, isouter=True)
        .order_by(_EXTRA.c.place, _EXTRA.c.id)
    )
    found: dict[ExtraId, list[Row[Any]]] = {}
    for row in session.execute(statement):
        found.setdefault(ExtraId(row.id), []).append(row)
    return {extra_id: _details(rows) for extra_id, rows in found.items()}


def _details(rows: list[Row[Any]]) -> ExtraDetails:
    """Return an extra of its rows, one for each category, or one without a category."""
    chosen = {CategoryId(row.category_id): row.is_included for row in rows if row.category_id is not None}
    return ExtraDetails(
        **{name: getattr(rows[0], name) for name in _COLUMNS},
        categories=frozenset(chosen),
        included=frozenset(one for one, is_included in chosen.items() if is_included),
    )


def extras(session: Session | None = None) -> tuple[Extra, ...]:
    """Return every extra in the office's order. One statement, none where there are no extras."""
    asked = session or db.session()
    details = extra_details(asked)
    if not details:
        return ()
    rows = asked.connection().execute(_COUNTS)
    return tuple(_counted(row, details[ExtraId(row.id)]) for row in rows if row.id in details)


def _counted(row: Row[Any], details: ExtraDetails) -> Extra:
    seats = Seats(seats=row.seats, taken=row.taken, waiting=row.waiting)
    return Extra(id=ExtraId(row.id), details=details, ledger=seats, revision=row.revision)


def categories_and_extras() -> tuple[tuple[Category, ...], tuple[Extra, ...]]:
    """Return every category and every extra in the office's order. One statement for them and the token."""
    asked = db.session()
    rows = asked.connection().execute(_BOTH).all()
    if rows:
        remember_token(asked, rows[0].token)
    by_id = {(row.is_extra, row.id): row for row in rows}
    categories = category_details(asked).items()
    found = extra_details(asked).items()
    return (
        tuple(counted(by_id[0, one], details) for one, details in categories if (0, one) in by_id),
        tuple(_counted(by_id[1, one], details) for one, details in found if (1, one) in by_id),
    )


def get_extra(extra_id: ExtraId, session: Session | None = None) -> Extra:
    """Return the extra; raises NotFoundError."""
    found = next((extra for extra in extras(session) if extra.id == extra_id), None)
    if found is None:
        raise NotFoundError
    return found


def offered_to(category_id: CategoryId, session: Session | None = None) -> tuple[Extra, ...]:
    """Return the extras that people of the category may choose now."""
    return tuple(
        extra
        for extra in extras(session)
        if category_id in extra.details.categories and not extra.details.is_retired
    )


def held_extras(
    registration_id: RegistrationId, language: str = "", session: Session | None = None
) -> tuple[HeldExtra, ...]:
    """Return what a registration chose, in the office's order, with places in waiting lists. At most two statements."""
    asked = session or db.session()
    details = extra_details(asked)
    if not details:
        return ()
    rows = {
        row.extra_id: row for row in asked.connection().execute(_HELD_BY, {"registration": registration_id})
    }
    waits = any(row.state == ExtraState.WAITING for row in rows.values())
    places = _places(asked, registration_id) if waits else {}
    return tuple(
        HeldExtra(
            extra_id=extra_id,
            name=one.name_in(language),
            state=ExtraState(rows[extra_id].state),
            place=places.get(extra_id),
        )
        for extra_id, one in details.items()
        if extra_id in rows
    )


def _places(session: Session, registration_id: RegistrationId) -> dict[int, int]:
    mine, before = aliased(RegistrationExtraRow), aliased(RegistrationExtraRow)
    statement = (
        select(mine.extra_id, func.count())
        .join(before, before.extra_id == mine.extra_id)
        .where(
            mine.registration_id == registration_id,
            mine.state == ExtraState.WAITING,
            before.state == ExtraState.WAITING,
            before.waiting_number <= mine.waiting_number,
        )
        .group_by(mine.extra_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def confirmed_extras() -> dict[RegistrationId, frozenset[ExtraId]]:
    """Return which extras each registration has a place in. One statement."""
    rows = db.session.execute(
        select(RegistrationExtraRow.registration_id, RegistrationExtraRow.extra_id).where(
            RegistrationExtraRow.state == ExtraState.CONFIRMED
        )
    )
    found: dict[RegistrationId, set[ExtraId]] = {}
    for registration_id, extra_id in rows:
        found.setdefault(RegistrationId(registration_id), set()).add(ExtraId(extra_id))
    return {one: frozenset(held) for one, held in found.items()}


def holders(extra_id: ExtraId) -> list[ExtraHolder]:
    """Return who has the extra, by number, and then who waits for it, in order. Two statements."""
    statement = (
        select(RegistrationExtraRow, RegistrationRow.number, RegistrationRow.person_id)
        .join(RegistrationRow, RegistrationRow.id == RegistrationExtraRow.registration_id)
        .where(RegistrationExtraRow.extra_id == extra_id, RegistrationExtraRow.state != ExtraState.WISHED)
        .order_by(RegistrationExtraRow.state, RegistrationExtraRow.waiting_number, RegistrationRow.number)
    )
    return _named(db.session.execute(statement).all())


def _named(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[ExtraHolder]:
    found = list(rows)
    people = people_by_id(PersonId(row.person_id) for row in found)
    return [
        ExtraHolder(
            registration_id=RegistrationId(row.RegistrationExtraRow.registration_id),
            number=row.number,
            name=people[PersonId(row.person_id)].details.full_name,
            state=ExtraState(row.RegistrationExtraRow.state),
            waiting_number=row.RegistrationExtraRow.waiting_number,
        )
        for row in found
    ]
