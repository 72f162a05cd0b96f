"""What registrations use of a person's record: the people's room asks, through registries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.people.queries import get_person
from conference.registration.queries import find_live_by_person, registration_of_row
from conference.registration.tables import RegistrationRow
from conference.registration.writing import refresh_search


def registrations_with_person(session: Session, person_id: PersonId) -> Sequence[str]:
    """Return the numbers of the person's registrations, ended ones too: they say who had the seat."""
    return session.scalars(select(RegistrationRow.number).where(RegistrationRow.person_id == person_id)).all()


def is_registered(session: Session, person_id: PersonId) -> bool:
    return find_live_by_person(person_id, session) is not None


def find_by_new_name(session: Session, person_id: PersonId) -> None:
    """Let the office's search find the person's registrations by what the person's record says now."""
    rows = session.scalars(select(RegistrationRow).where(RegistrationRow.person_id == person_id)).all()
    if rows:
        details = get_person(person_id, session).details
        for row in rows:
            refresh_search(session, registration_of_row(row), details)
