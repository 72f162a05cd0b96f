"""What this room holds about one person: to be handed out, and to be erased."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.db.base import db
from conference.people.model import PersonDetails
from conference.people.tables import PersonRow, UnavailableRow

# By table: the columns that tell of a person. The rest are numbers of ours.
PERSONAL_COLUMNS = {
    "person": frozenset(
        {
            "title",
            "given_name",
            "family_name",
            "letters",
            "badge_name",
            "affiliation",
            "affiliation_short",
            "ror",
            "orcid",
            "country",
            "email",
            "search_text",
            "sort_as",
        }
    ),
    "unavailable": frozenset({"starts_at", "ends_at"}),
}


def held(person_id: PersonId) -> dict[str, Any]:
    """Return the record, by field name."""
    row = db.session.get_one(PersonRow, person_id)
    times = db.session.scalars(select(UnavailableRow).where(UnavailableRow.person_id == person_id))
    cannot = [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in times]
    return {name: getattr(row, name) for name in (*PersonDetails.__dataclass_fields__, "sort_as")} | {
        "cannot": cannot
    }


def unerased(keeps_names: Collection[PersonId], *, limit: int) -> list[PersonId]:
    """Return people of whom something is still held, besides the names of those in a programme; oldest first."""
    has_address = PersonRow.email != ""
    has_name = or_(PersonRow.given_name != "", PersonRow.family_name != "")
    theirs = or_(has_address, and_(has_name, PersonRow.id.not_in(keeps_names)))
    return [
        PersonId(one)
        for one in db.session.scalars(select(PersonRow.id).where(theirs).order_by(PersonRow.id).limit(limit))
    ]


def erase(session: Session, person_id: PersonId, *, keeps_names: bool) -> None:
    """Empty the record and let its links die. With `keeps_names` only the address goes: the name stands in a programme."""
    row = session.get_one(PersonRow, person_id, populate_existing=True)
    gone = {"email"} if keeps_names else PERSONAL_COLUMNS["person"]
    for name in gone:
        setattr(row, name, "")
    if keeps_names:
        row.search_text = ""
    session.execute(delete(UnavailableRow).where(UnavailableRow.person_id == person_id))
    row.link_version += 1
    row.revision += 1
    session.flush()
