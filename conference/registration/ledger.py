"""The seat ledger: the only place that counts. Each step is one conditional UPDATE of the category's row.

That row is also the lock of everything in its category. A transaction takes it before any registration of the
category, so that a withdrawal and a promotion can never wait for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, Update, bindparam, or_, select, update
from sqlalchemy.orm import Session

from conference.core.ids import CategoryId, RegistrationId
from conference.registration.errors import CategoryClosedError
from conference.registration.model import SEATED, State
from conference.registration.tables import CategoryRow, RegistrationRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What a newcomer got: a seat, or a number on the waiting list, which rises and is never given twice."""

    state: State
    waiting_number: int | None = None


# The bare table: no object of a session is to follow these UPDATEs, and finding that out costs more than they do.
# Made once: the form is the busiest page.
_CATEGORY = cast("Table", CategoryRow.__table__)


_HAS_SEAT = or_(_CATEGORY.c.seats.is_(None), _CATEGORY.c.taken + _CATEGORY.c.reserved < _CATEGORY.c.seats)
_ROW = update(_CATEGORY).where(_CATEGORY.c.id == bindparam("category"))
_TAKE = _ROW.where(_HAS_SEAT, _CATEGORY.c.waiting == 0).values(taken=_CATEGORY.c.taken + 1)
_QUEUE = _ROW.where(_CATEGORY.c.seats > 0).values(
    waiting=_CATEGORY.c.waiting + 1, waiting_serial=_CATEGORY.c.waiting_serial + 1
)
_PROMOTE = _ROW.where(_HAS_SEAT, _CATEGORY.c.waiting > 0).values(
    taken=_CATEGORY.c.taken + 1, waiting=_CATEGORY.c.waiting - 1
)
_ADMIT_OVER = _ROW.values(admitted_over=_CATEGORY.c.admitted_over + 1)
_LEAVE_OVER = _ROW.values(admitted_over=_CATEGORY.c.admitted_over - 1)
_LEAVE_SEAT = _ROW.values(taken=_CATEGORY.c.taken - 1)
_LEAVE_QUEUE = _ROW.values(waiting=_CATEGORY.c.waiting - 1)


def _done(session: Session, statement: Update, category_id: CategoryId) -> bool:
    return bool(session.connection().execute(statement, {"category": category_id}).rowcount == 1)


def claim(session: Session, category_id: CategoryId, *, name: str) -> Claim:
    """Take a seat, or else a number on the waiting list.

    The comparison is part of the UPDATE, so that two who see the last seat cannot both have it; nobody passes
    those who wait. Raises CategoryClosedError where there are 0 seats.
    """
    if _done(session, _TAKE, category_id):
        return Claim(state=State.CONFIRMED)
    if not _done(session, _QUEUE, category_id):
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


def release(session: Session, category_id: CategoryId, state: State, *, is_over_limit: bool = False) -> None:
    """Give back what a registration in this state held: a seat, one over the limit, or a place in the queue."""
    if state is State.WAITING:
        _done(session, _LEAVE_QUEUE, category_id)
    elif state in SEATED:
        _done(session, _LEAVE_OVER if is_over_limit else _LEAVE_SEAT, category_id)


def admit_over(session: Session, category_id: CategoryId) -> None:
    """Count one more who was admitted over the limit. It is in no other count, and always succeeds."""
    _done(session, _ADMIT_OVER, category_id)


def take_for_waiting(session: Session, category_id: CategoryId) -> bool:
    """Take a seat for one who waits and leaves the queue; return whether one was free."""
    return _done(session, _PROMOTE, category_id)


def promoted(session: Session, category_id: CategoryId) -> Iterable[RegistrationId]:
    """Yield those who move up, longest waiting first, each with a seat taken, until no seat or nobody is left.

    The caller writes the new state of each before it asks for the next.
    """
    first = (
        select(RegistrationRow.id)
        .where(RegistrationRow.category_id == category_id, RegistrationRow.state == State.WAITING)
        .order_by(RegistrationRow.waiting_number, RegistrationRow.id)
        .limit(1)
    )
    while take_for_waiting(session, category_id):
        yield RegistrationId(session.scalars(first).one())
