"""What registrations are called where only their ids are known."""

from collections.abc import Collection

from sqlalchemy import select

from conference.db.base import db
from conference.people.queries import people_by_id
from conference.registration.tables import RegistrationRow


def registration_labels(ids: Collection[int]) -> dict[int, str]:
    """Return number and name by id, as in "17 Åsa Öberg". Two statements."""
    rows = db.session.execute(
        select(RegistrationRow.id, RegistrationRow.number, RegistrationRow.person_id).where(
            RegistrationRow.id.in_(sorted(ids))
        )
    ).all()
    people = people_by_id(row.person_id for row in rows)
    names = {row.id: people[row.person_id].details.name if row.person_id in people else "" for row in rows}
    return {row.id: f"{row.number} {names[row.id]}".strip() for row in rows}


def registration_numbered(number: str) -> int | None:
    """Return the id of the registration with this number, or None. One statement."""
    return db.session.scalar(select(RegistrationRow.id).where(RegistrationRow.number == number.upper()))
