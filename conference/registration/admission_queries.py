"""Who waits: for the office's approval, or in a category's queue. Counts of statements are constant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.people.model import PersonDetails
from conference.people.queries import people_by_id
from conference.registration.model import Registration, State
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One who waits. `place` counts from 1 within the category, over those on the waiting list; 0 for others."""

    registration: Registration
    person: PersonDetails
    place: int = 0


def _with_people(registrations: Sequence[Registration], *, is_queue: bool) -> list[Waiting]:
    people = people_by_id(one.person_id for one in registrations)
    return [
        Waiting(registration=one, person=people[one.person_id].details, place=place if is_queue else 0)
        for place, one in enumerate(registrations, 1)
    ]


def waiting_list(category_id: CategoryId) -> list[Waiting]:
    """Return those who wait for a place in the category, the next one first. Two statements."""
    rows = db.session.scalars(
        select(RegistrationRow)
        .where(RegistrationRow.category_id == category_id, RegistrationRow.state == State.WAITING)
        .order_by(RegistrationRow.waiting_number, RegistrationRow.id)
    )
    return _with_people([registration_of_row(row) for row in rows], is_queue=True)


def offers_in(category_id: CategoryId) -> list[Waiting]:
    """Return those to whom a place of the category is offered, the first to lapse first. Two statements."""
    rows = db.session.scalars(
        select(RegistrationRow)
        .where(RegistrationRow.category_id == category_id, RegistrationRow.state == State.OFFERED)
        .order_by(RegistrationRow.offered_until, RegistrationRow.id)
    )
    return _with_people([registration_of_row(row) for row in rows], is_queue=False)


def pending() -> list[Waiting]:
    """Return those who wait for approval, the longest first. Two statements."""
    rows = db.session.scalars(
        select(RegistrationRow)
        .where(RegistrationRow.state == State.PENDING)
        .order_by(RegistrationRow.created_at, RegistrationRow.id)
    )
    return _with_people([registration_of_row(row) for row in rows], is_queue=False)


def ids_in(category_id: CategoryId, state: State, session: Session | None = None) -> list[RegistrationId]:
    """Return the category's registrations in this state, the oldest first."""
    found = (session or db.session).scalars(
        select(RegistrationRow.id)
        .where(RegistrationRow.category_id == category_id, RegistrationRow.state == state)
        .order_by(RegistrationRow.id)
    )
    return [RegistrationId(one) for one in found]


def _count(state: State) -> int:
    counted = select(func.count()).where(RegistrationRow.state == state)
    return db.session.scalar(counted) or 0


def count_pending() -> int:
    return _count(State.PENDING)


def count_offered() -> int:
    return _count(State.OFFERED)
