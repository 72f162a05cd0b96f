"""Registrations as rows of a file, read and written in steps, so that 20,000 take no more memory than 500.

A file that was exported can be imported again, and each name comes back as it was.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.base import db
from conference.people.model import PersonDetails
from conference.people.queries import people_by_id
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters, filtered
from conference.registration.listing import tags_of
from conference.registration.model import Registration
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow
from conference.web.exporting import AT_ONCE, Cell

# Headings, which the import knows again; countries are ISO 3166 codes, professions, career stages and states their keys.
PERSON_HEADINGS = {
    "title": "Title",
    "given_name": "Given name",
    "family_name": "Family name",
    "letters": "Letters",
    "badge_name": "Badge name",
    "affiliation": "Affiliation",
    "affiliation_short": "Short affiliation",
    "ror": "ROR",
    "orcid": "ORCID",
    "country": "Country",
}
HEADINGS = (
    "Number",
    *PERSON_HEADINGS.values(),
    "E-mail address",
    "Profession",
    "Career stage",
    "Category",
    "State",
    "Waiting number",
    "No photographs",
    "Tags",
    "Registered",
)


def exported(filters: ListFilters) -> Iterator[tuple[Cell, ...]]:
    """Yield the headings, then a row for each registration that matches, the oldest first. Three statements for 500."""
    yield HEADINGS
    names = {category.id: category.name for category in categories()}
    after = RegistrationId(0)
    while found := _next(filters, after):
        people = people_by_id(one.person_id for one in found)
        tags = tags_of(one.id for one in found)
        for one in found:
            details = people[PersonId(one.person_id)].details
            yield _row(one, details, names, tags.get(one.id, ()))
        after = found[-1].id
        db.session.expunge_all()


def _next(filters: ListFilters, after: RegistrationId) -> list[Registration]:
    statement = filtered(select(RegistrationRow), filters).where(RegistrationRow.id > after)
    rows = db.session.scalars(statement.order_by(RegistrationRow.id).limit(AT_ONCE))
    return [registration_of_row(row) for row in rows]


def _row(
    one: Registration, person: PersonDetails, names: dict[CategoryId, str], tags: Iterable[str]
) -> tuple[Cell, ...]:
    return (
        one.number,
        *(getattr(person, name) for name in PERSON_HEADINGS),
        one.email,
        one.profession,
        one.career_stage,
        names[one.category_id],
        one.state.value,
        one.waiting_number,
        "yes" if one.no_photographs else "no",
        ", ".join(tags),
        one.created_at.astimezone(STOCKHOLM).replace(tzinfo=None, second=0, microsecond=0),
    )
