"""The seat ledgers: the only place that counts. Each step is one conditional UPDATE of the category's or extra's row.

That row is also the lock of everything in it. A transaction takes its category's row before any registration of the
category, so that a withdrawal and a promotion can never wait for each other; and only then the rows of extras, in the
order of their ids. The row of an invitation or a code comes before all of these.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, Update, and_, bindparam, not_, or_, select, update
from sqlalchemy.orm import Session

from conference.core.errors import DomainError
from conference.core.ids import CategoryId, RegistrationId
from conference.registration.errors import CategoryClosedError, ExtraClosedError
from conference.registration.model import SEATED, State
from conference.registration.tables import CategoryRow, ExtraRow, RegistrationExtraRow, RegistrationRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What a newcomer got: a seat, or a number on the waiting list, which rises and is never given twice."""

    state: State
    waiting_number: int | None = None


# Looks once more where a seat came free between the two steps of a claim.
_TRIES = 3


def _done(session: Session, statement: Update, holder: int) -> bool:
    return bool(session.connection().execute(statement, {"holder": holder}).rowcount == 1)


class Ledger:
    """The counts of one table with `seats`, `taken`, `waiting` and `waiting_serial`, and perhaps `reserved`.

    `first` finds the id of the longest waiting of the row `holder`; `closed` makes the refusal of one by its name.
    """

    # The bare table: no object of a session is to follow these UPDATEs, and finding that out costs more than they do.
    # Made once: the form is the busiest page.
    def __init__(self, table: Table, first: Select[Any], closed: Callable[[str], DomainError]) -> None:
        c = table.c
        gone = c.taken + c.reserved if "reserved" in c else c.taken
        has_seat = or_(c.seats.is_(None), gone < c.seats)
        is_free = and_(has_seat, c.waiting == 0)
        row = update(table).where(c.id == bindparam("holder"))
        self._take = row.where(is_free).values(taken=c.taken + 1)
        self._queue = row.where(or_(c.seats.is_(None), c.seats > 0), not_(is_free)).values(
            waiting=c.waiting + 1, waiting_serial=c.waiting_serial + 1
        )
        self._promote = row.where(has_seat, c.waiting > 0).values(taken=c.taken + 1, waiting=c.waiting - 1)
        self._leave_seat = row.values(taken=c.taken - 1)
        self._leave_queue = row.values(waiting=c.waiting - 1)
        self._serial = select(c.waiting_serial).where(c.id == bindparam("holder"))
        self._id = c.id
        self._row, self._is_free = row, is_free
        self._first, self._closed = first, closed

    def take(self, session: Session, holder: int) -> bool:
        """Take a seat if one is free for a newcomer, and return whether it was."""
        return _done(session, self._take, holder)

    def claim(self, session: Session, holder: int, *, name: str) -> Claim:
        """Take a seat, or else a number on the waiting list.

        The comparison is part of the UPDATE, so that two who see the last seat cannot both have it; nobody passes
        those who wait. Raises the ledger's refusal where there are 0 seats.
        """
        for _ in range(_TRIES):
            if self.take(session, holder):
                return Claim(state=State.CONFIRMED)
            if _done(session, self._queue, holder):
                # Ours until the commit: the UPDATE before holds the row.
                number = session.connection().execute(self._serial, {"holder": holder}).scalar_one()
                return Claim(state=State.WAITING, waiting_number=number)
        raise self._closed(name)

    def lock(self, session: Session, *holders: int) -> None:
        """Hold the rows until the commit, in the order of their ids. On SQLite the writer holds all."""
        wanted = sorted(set(holders))
        session.execute(
            select(self._id).where(self._id.in_(wanted)).order_by(self._id).with_for_update()
        ).all()

    def release(self, session: Session, holder: int, state: State, *, is_over_limit: bool = False) -> None:
        """Give back what somebody in this state held: a seat, or a place in the queue."""
        if state is State.WAITING:
            _done(session, self._leave_queue, holder)
        elif state in SEATED and not is_over_limit:
            _done(session, self._leave_seat, holder)

    def take_for_waiting(self, session: Session, holder: int) -> bool:
        """Take a seat for one who waits and leaves the queue; return whether one was free."""
        return _done(session, self._promote, holder)

    def promoted(self, session: Session, holder: int) -> Iterable[int]:
        """Yield those who move up, longest waiting first, each with a seat taken, until no seat or nobody is left.

        The caller writes the new state of each before it asks for the next.
        """
        while self.take_for_waiting(session, holder):
            yield session.connection().execute(self._first, {"holder": holder}).scalar_one()


class _CategoryLedger(Ledger):
    """A ledger that counts apart who was admitted over the limit, and places held for invitations."""

    def __init__(self, table: Table, first: Select[Any], closed: Callable[[str], DomainError]) -> None:
        super().__init__(table, first, closed)
        over = table.c.admitted_over
        self._admit_over = self._row.values(admitted_over=over + 1)
        self._leave_over = self._row.values(admitted_over=over - 1)
        held = table.c.reserved
        self._reserve = self._row.where(self._is_free).values(reserved=held + 1)
        self._use_reserved = self._row.where(held > 0).values(taken=table.c.taken + 1, reserved=held - 1)
        self._give_up = self._row.where(held > 0).values(reserved=held - 1)

    def release(self, session: Session, holder: int, state: State, *, is_over_limit: bool = False) -> None:
        """Give back what a registration in this state held: a seat, one over the limit, or a place in the queue."""
        super().release(session, holder, state, is_over_limit=is_over_limit)
        if is_over_limit and state in SEATED:
            _done(session, self._leave_over, holder)

    def admit_over(self, session: Session, holder: int) -> None:
        """Count one more who was admitted over the limit. It is in no other count, and always succeeds."""
        _done(session, self._admit_over, holder)

    def reserve(self, session: Session, holder: int) -> bool:
        """Hold a seat for an invitation if one is free for a newcomer, and return whether it was."""
        return _done(session, self._reserve, holder)

    def use_reserved(self, session: Session, holder: int) -> Claim:
        """Turn a held seat into a taken one. The caller has ended the invitation that it was held for."""
        if not _done(session, self._use_reserved, holder):
            raise AssertionError("an invitation held a seat that the ledger does not know of")
        return Claim(state=State.CONFIRMED)

    def give_up(self, session: Session, holder: int) -> None:
        """Give back a held seat. The caller has ended the invitation, and offers the seat to who waits."""
        _done(session, self._give_up, holder)


categories = _CategoryLedger(
    cast("Table", CategoryRow.__table__),
    select(RegistrationRow.id)
    .where(RegistrationRow.category_id == bindparam("holder"), RegistrationRow.state == State.WAITING)
    .order_by(RegistrationRow.waiting_number, RegistrationRow.id)
    .limit(1),
    lambda name: CategoryClosedError("category", category=name),
)
extras = Ledger(
    cast("Table", ExtraRow.__table__),
    select(RegistrationExtraRow.id)
    .where(RegistrationExtraRow.extra_id == bindparam("holder"), RegistrationExtraRow.state == State.WAITING)
    .order_by(RegistrationExtraRow.waiting_number, RegistrationExtraRow.id)
    .limit(1),
    lambda name: ExtraClosedError("extras", extra=name),
)

# The categories' ledger by its own words, since nearly every step is one of it.
claim = categories.claim
lock = categories.lock
release = categories.release
admit_over = categories.admit_over
reserve = categories.reserve
use_reserved = categories.use_reserved
give_up = categories.give_up
take_for_waiting = categories.take_for_waiting


def promoted(session: Session, category_id: CategoryId) -> Iterable[RegistrationId]:
    """Yield the registrations that move up in a category, as `Ledger.promoted` does."""
    return (RegistrationId(found) for found in categories.promoted(session, category_id))
