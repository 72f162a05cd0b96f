"""What registrations use of a person's record: the people's room asks, through registries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.core.ids import PersonId
from conference.people.queries import get_person
from conference.registration.errors import BothRegisteredError
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
        person = get_person(person_id, session)
        for row in rows:
            refresh_search(session, registration_of_row(row), person)


def move_registrations(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give one person's registrations to another, ended ones too. Raises BothRegisteredError."""
    one, other = find_live_by_person(kept, session), find_live_by_person(gone, session)
    if one is not None and other is not None:
        raise BothRegisteredError(one=one.number, other=other.number)
    for row in session.scalars(select(RegistrationRow).where(RegistrationRow.person_id == gone)).all():
        row.person_id = kept
        both = {"person_id": (gone, kept)}
        record(session, actor=BY_SYSTEM, action="changed", about=("registration", row.id), changes=both)
    session.flush()
