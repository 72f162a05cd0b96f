"""The seat ledger: the only place that counts. Each step is one conditional UPDATE of the category's row.

That row is also the lock of everything in its category. A transaction takes it before any registration of the
category, so that a withdrawal and a promotion can never wait for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Table, Update, or_, select, update
from sqlalchemy.orm import Session

from conference.core.ids import CategoryId, RegistrationId
from conference.registration.errors import CategoryClosedError
from conference.registration.model import LIVE, State
from conference.registration.tables import CategoryRow, RegistrationRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What a newcomer got: a seat, or a number on the waiting list, which rises and is never given twice."""

    state: State
    waiting_number: int | None = None


# The bare table: no object of a session is to follow these UPDATEs, and finding that out costs more than they do.
_CATEGORY = cast("Table", CategoryRow.__table__)


def _done(session: Session, statement: Update) -> bool:
    return bool(session.connection().execute(statement).rowcount == 1)


def _row(category_id: CategoryId) -> Update:
    return update(_CATEGORY).where(_CATEGORY.c.id == category_id)


def _has_seat() -> ColumnElement[bool]:
    return or_(CategoryRow.seats.is_(None), CategoryRow.taken < CategoryRow.seats)


def claim(session: Session, category_id: CategoryId, *, name: str) -> Claim:
    """Take a seat, or else a number on the waiting list.

    The comparison is part of the UPDATE, so that two who see the last seat cannot both have it; nobody passes
    those who wait. Raises CategoryClosedError where there are 0 seats.
    """
    free = _row(category_id).where(_has_seat(), CategoryRow.waiting == 0)
    if _done(session, free.values(taken=CategoryRow.taken + 1)):
        return Claim(state=State.CONFIRMED)
    queue = _row(category_id).where(CategoryRow.seats > 0)
    one_more = queue.values(waiting=CategoryRow.waiting + 1, waiting_serial=CategoryRow.waiting_serial + 1)
    if not _done(session, one_more):
        raise CategoryClosedError("category", category=name)
    # Ours until the commit: the UPDATE before holds the row.
    number = session.scalar(select(CategoryRow.waiting_serial).where(CategoryRow.id == category_id))
    return Claim(state=State.WAITING, waiting_number=number)


def lock(session: Session, *category_ids: CategoryId) -> None:
    """Hold the categories' rows until the commit, in the order of their ids. On SQLite the writer holds all."""
    wanted = sorted(set(category_ids))
    session.execute(
        select(CategoryRow.id).where(CategoryRow.id.in_(wanted)).order_by(CategoryRow.id).with_for_update()
    ).all()


def release(session: Session, category_id: CategoryId, state: State) -> None:
    """Give back what a live registration held: its seat, or its place in the waiting list."""
    column = _CATEGORY.c.taken if state is State.CONFIRMED else _CATEGORY.c.waiting
    if state in LIVE:
        session.connection().execute(_row(category_id).values({column.name: column - 1}))


def promoted(session: Session, category_id: CategoryId) -> Iterable[RegistrationId]:
    """Yield those who move up, longest waiting first, each with a seat taken, until no seat or nobody is left.

    The caller writes the new state of each before it asks for the next.
    """
    free = _row(category_id).where(_has_seat(), CategoryRow.waiting > 0)
    step = free.values(taken=CategoryRow.taken + 1, waiting=CategoryRow.waiting - 1)
    first = (
        select(RegistrationRow.id)
        .where(RegistrationRow.category_id == category_id, RegistrationRow.state == State.WAITING)
        .order_by(RegistrationRow.waiting_number, RegistrationRow.id)
        .limit(1)
    )
    while _done(session, step):
        yield RegistrationId(session.scalars(first).one())
