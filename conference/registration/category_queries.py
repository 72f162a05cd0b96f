"""Categories: what they are called stands and is kept in memory, how many are in them is counted in their rows."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.standing import standing
from conference.registration.errors import UnknownCategoryNameError
from conference.registration.model import Access, Category, CategoryDetails, CategoryFacts, Seats
from conference.registration.tables import CategoryRow

_CATEGORY = cast("Table", CategoryRow.__table__)
_COUNTS = select(
    *(
        _CATEGORY.c[name]
        for name in ("id", "seats", "taken", "waiting", "reserved", "admitted_over", "revision")
    )
)
# Made once, because each filled form asks them.
_ALL_COUNTS = _COUNTS.order_by(_CATEGORY.c.place, _CATEGORY.c.id)
_ONE_COUNT = _COUNTS.where(_CATEGORY.c.id == bindparam("category"))


# Each decision of the office stands in a column of its name.
_DETAILS = [field.name for field in fields(CategoryDetails) if field.name != "access"]


def _details(row: Row[Any]) -> CategoryDetails:
    decided = {name: getattr(row, name) for name in _DETAILS}
    return CategoryDetails(**decided, access=Access(row.access))


@standing
def category_details(session: Session) -> dict[CategoryId, CategoryDetails]:
    """Return what the office decided of each category, in its order."""
    rows = session.execute(select(_CATEGORY).order_by(_CATEGORY.c.place, _CATEGORY.c.id))
    return {CategoryId(row.id): _details(row) for row in rows}


def _with_counts(asked: Session, rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[Category, ...]:
    details = category_details(asked)
    # A category that was made since this transaction asked for the standing facts is not there yet.
    return tuple(counted(row, details[CategoryId(row.id)]) for row in rows if row.id in details)


def counted(row: Row[Any], details: CategoryDetails) -> Category:
    """Return the category of its counts' row and of what stands."""
    seats = Seats(
        seats=row.seats,
        taken=row.taken,
        waiting=row.waiting,
        reserved=row.reserved,
        over=row.admitted_over,
    )
    return Category(id=CategoryId(row.id), details=details, ledger=seats, revision=row.revision)


def categories(session: Session | None = None) -> tuple[Category, ...]:
    """Return every category in the office's order. One statement."""
    asked = session or db.session()
    return _with_counts(asked, asked.connection().execute(_ALL_COUNTS))


def find_category(category_id: CategoryId, session: Session | None = None) -> Category | None:
    asked = session or db.session()
    rows = asked.connection().execute(_ONE_COUNT, {"category": category_id})
    return next(iter(_with_counts(asked, rows)), None)


def find_facts(category_id: CategoryId, session: Session) -> CategoryFacts | None:
    """Return the category without its counts. No statement once this transaction knows the standing facts."""
    details = category_details(session).get(category_id)
    return None if details is None else CategoryFacts(id=category_id, details=details)


def get_category(category_id: CategoryId, session: Session | None = None) -> Category:
    """Return the category; raises NotFoundError."""
    category = find_category(category_id, session)
    if category is None:
        raise NotFoundError
    return category


def speakers_category(session: Session | None = None) -> Category | None:
    """Return the first category that is marked for speakers."""
    return next((category for category in categories(session) if category.details.is_for_speakers), None)


def category_called(name: str) -> Category:
    """Return the category of this name, as typed; raises UnknownCategoryNameError."""
    known = {category.name: category for category in categories()}
    if name not in known:
        raise UnknownCategoryNameError(name=name, known=", ".join(known) or "–")
    return known[name]
