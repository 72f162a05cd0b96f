from dataclasses import fields

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.core.text import folded
from conference.db.revisions import revise
from conference.people.model import PersonDetails
from conference.people.queries import find_person
from conference.people.tables import PersonRow


def search_text(details: PersonDetails) -> str:
    parts = (details.name, details.badge_name, details.email, details.affiliation, details.affiliation_short)
    return folded(" ".join(parts))[:1000]


def create_person(session: Session, details: PersonDetails, *, actor: Actor) -> PersonId:
    row = PersonRow(**details.as_values(), search_text=search_text(details))
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=("person", row.id))
    return PersonId(row.id)


def edit_person(
    session: Session,
    person_id: PersonId,
    expected_revision: int | None,
    details: PersonDetails,
    *,
    actor: Actor,
) -> int:
    """Write the details and return the new revision. Raises as `db.revisions.revise` does."""
    before = find_person(person_id, session)
    if before is None:
        raise NotFoundError
    changes = {
        field.name: (getattr(before.details, field.name), getattr(details, field.name))
        for field in fields(PersonDetails)
        if getattr(before.details, field.name) != getattr(details, field.name)
    }
    values = details.as_values() | {"search_text": search_text(details)}
    revision = revise(session, PersonRow, person_id, expected_revision, values)
    if changes:
        record(session, actor=actor, action="changed", about=("person", person_id), changes=changes)
    return revision
