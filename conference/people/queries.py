from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from conference.audit.model import HistoryEntry
from conference.audit.queries import history_of, noted_values
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.core.text import folded
from conference.db.base import db
from conference.people.model import Person, PersonDetails
from conference.people.tables import PersonRow


def _person(row: PersonRow) -> Person:
    details = PersonDetails(
        title=row.title,
        given_name=row.given_name,
        family_name=row.family_name,
        letters=row.letters,
        badge_name=row.badge_name,
        affiliation=row.affiliation,
        affiliation_short=row.affiliation_short,
        ror=row.ror,
        orcid=row.orcid,
        country=row.country,
        email=row.email,
    )
    return Person(
        id=PersonId(row.id),
        details=details,
        link_version=row.link_version,
        revision=row.revision,
        sort_as=row.sort_as,
    )


def find_person(person_id: PersonId, session: Session | None = None) -> Person | None:
    row = (session or db.session).get(PersonRow, person_id, populate_existing=True)
    return _person(row) if row else None


def get_person(person_id: PersonId, session: Session | None = None) -> Person:
    """Return the person; raises NotFoundError."""
    person = find_person(person_id, session)
    if person is None:
        raise NotFoundError
    return person


def person_ids(session: Session) -> list[PersonId]:
    """Return the number of everybody there is, in order."""
    return [PersonId(one) for one in session.scalars(select(PersonRow.id).order_by(PersonRow.id))]


def people_by_id(ids: Iterable[int], session: Session | None = None) -> dict[PersonId, Person]:
    """Return those of the people that exist. One statement."""
    wanted = sorted(set(ids))
    rows = (
        (session or db.session).scalars(select(PersonRow).where(PersonRow.id.in_(wanted))) if wanted else ()
    )
    return {PersonId(row.id): _person(row) for row in rows}


def sort_names_of(ids: Select[int]) -> list[str]:
    """Return what each of these people is sorted by, as Person.sort_name, in no order. One statement."""
    columns = (PersonRow.sort_as, PersonRow.family_name, PersonRow.given_name)
    rows = db.session.execute(select(*columns).where(PersonRow.id.in_(ids)))
    return [typed or family or given for typed, family, given in rows]


def names_by_id(session: Session | None = None) -> dict[PersonId, str]:
    """Return the name of everybody who has one, the oldest record first. One statement."""
    columns = (PersonRow.id, PersonRow.given_name, PersonRow.family_name)
    rows = (session or db.session).execute(select(*columns).order_by(PersonRow.id))
    named = ((row[0], PersonDetails(given_name=row[1], family_name=row[2]).name) for row in rows)
    return {PersonId(number): name for number, name in named if name}


def _holding(text: str) -> list[ColumnElement[bool]]:
    return [PersonRow.search_text.contains(word, autoescape=True) for word in folded(text).split()]


def search_people(
    text: str = "", limit: int = 500, session: Session | None = None, *, offset: int = 0
) -> list[Person]:
    """Return people whose names, address or affiliation hold each word, by family name."""
    found = select(PersonRow).where(*_holding(text))
    ordered = found.order_by(PersonRow.family_name, PersonRow.given_name, PersonRow.id)
    rows = (session or db.session).scalars(ordered.limit(limit).offset(offset))
    return [_person(row) for row in rows]


def ids_in_country(code: str) -> Select[int]:
    """Return a query of the ids of everybody whose affiliation lies there, for another room's own query."""
    return select(PersonRow.id).where(PersonRow.country == code)


def count_people(session: Session | None = None, *, text: str = "") -> int:
    counted = select(func.count()).select_from(PersonRow).where(*_holding(text))
    return (session or db.session).scalar(counted) or 0


def merged_into(person_id: PersonId, session: Session) -> list[PersonId]:
    """Return the numbers of the records that became this one, and of those that had become them."""
    found, wanted = [], [int(person_id)]
    while wanted:
        pairs = noted_values(session, "person", wanted, "merged_person")
        # The record that is gone has the same entry, which names where it went.
        wanted = [gone for of, (gone, kept) in pairs if kept == of and gone not in found]
        found += wanted
    return [PersonId(one) for one in found]


def whole_history(person_id: PersonId) -> list[HistoryEntry]:
    """Return the person's entries and those of the records merged into theirs. One statement a record."""
    found = history_of("person", person_id)
    pairs = [entry.changes["merged_person"] for entry in found if "merged_person" in entry.changes]
    for gone, kept in pairs:
        if kept == person_id:
            others = whole_history(PersonId(gone))
            found += [entry for entry in others if entry.changes.get("merged_person") != (gone, kept)]
    return found
