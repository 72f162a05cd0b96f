"""The office's list: its lines, order, columns and counts. Counts of statements are constant, however long it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from conference.core.errors import N_
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.base import db
from conference.people.countries import country_name
from conference.people.model import Person
from conference.people.queries import people_by_id
from conference.registration.filters import ListFilters, filtered
from conference.registration.model import Category, ListedRegistration, Registration, State
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow, TagRow

PAGE_SIZE = 50
# What can be shown beside the name, in this order, and what is shown where nothing is chosen.
COLUMNS = {
    "affiliation": N_("Affiliation"),
    "country": N_("Country"),
    "email": N_("E-mail address"),
    "profession": N_("Profession"),
    "career_stage": N_("Career stage"),
    "category": N_("Category"),
    "state": N_("State"),
    "tags": N_("Tags"),
    "created_at": N_("Since"),
    "badge": N_("Badge"),
}
USUAL = ("affiliation", "country", "email", "category", "state", "created_at")
ORDERS = {
    "newest": N_("Newest first"),
    "name": N_("Name"),
    "organisation": N_("Organisation"),
    "number": N_("Number"),
}
_BY: dict[str, tuple[Any, ...]] = {
    "newest": (RegistrationRow.id.desc(),),
    "name": (RegistrationRow.sort_name, RegistrationRow.id),
    "organisation": (RegistrationRow.sort_affiliation, RegistrationRow.sort_name, RegistrationRow.id),
    "number": (RegistrationRow.number,),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How the list is shown: by what it is ordered and which columns it has. A link to the page keeps both."""

    order: str = "newest"
    columns: tuple[str, ...] = USUAL

    @classmethod
    def of_query(cls, order: str, columns: Iterable[str]) -> "Layout":
        """Return the layout of a page's query string; what cannot be read is as usual."""
        wanted = set(columns)
        chosen = tuple(name for name in COLUMNS if name in wanted)
        return cls(order=order if order in ORDERS else "newest", columns=chosen or USUAL)

    def as_query(self) -> dict[str, Any]:
        """Return the same as values for a query string, without what is as usual."""
        given: dict[str, Any] = {} if self.order == "newest" else {"order": self.order}
        return given if self.columns == USUAL else given | {"column": list(self.columns)}


def counts_by_state(filters: ListFilters) -> dict[State, int]:
    """Return how many of each state match, whatever states the filters name."""
    counted = select(RegistrationRow.state, func.count()).group_by(RegistrationRow.state)
    rows = db.session.execute(filtered(counted, replace(filters, states=())))
    found = {State(state): count for state, count in rows.all()}
    return {state: found.get(state, 0) for state in State}


def matching(filters: ListFilters) -> list[RegistrationId]:
    """Return the ids of all that match, the oldest first. One statement."""
    rows = db.session.scalars(filtered(select(RegistrationRow.id), filters).order_by(RegistrationRow.id))
    return [RegistrationId(found) for found in rows]


def listed(
    filters: ListFilters, page: int, kinds: Iterable[Category], order: str = "newest"
) -> list[ListedRegistration]:
    """Return a page of 50 lines; `kinds` are all categories. Three statements."""
    statement = filtered(select(RegistrationRow), filters).order_by(*_BY[order])
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    people = people_by_id(row.person_id for row in rows)
    names = {category.id: category.name for category in kinds}
    tags = tags_of(row.id for row in rows)
    return [_line(registration_of_row(row), people, names, tags) for row in rows]


def _line(
    registration: Registration,
    people: Mapping[PersonId, Person],
    names: Mapping[CategoryId, str],
    tags: Mapping[int, tuple[str, ...]],
) -> ListedRegistration:
    details = people[registration.person_id].details
    return ListedRegistration(
        id=registration.id,
        number=registration.number,
        name=details.full_name,
        affiliation=details.affiliation,
        country=country_name(details.country),
        email=registration.email,
        category=names[registration.category_id],
        state=registration.state,
        waiting_number=registration.waiting_number,
        created_at=registration.created_at,
        profession=registration.profession,
        career_stage=registration.career_stage,
        tags=tags.get(registration.id, ()),
    )


def tags_of(ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of each of these registrations that has any, in order. One statement."""
    wanted = sorted(set(ids))
    rows = db.session.execute(
        select(TagRow.registration_id, TagRow.tag)
        .where(TagRow.registration_id.in_(wanted))
        .order_by(TagRow.registration_id, TagRow.tag)
    )
    found: dict[int, list[str]] = {}
    for registration_id, tag in rows.all():
        found.setdefault(registration_id, []).append(tag)
    return {registration_id: tuple(tags) for registration_id, tags in found.items()}


def all_tags() -> list[str]:
    """Return every tag that a registration has, in order. One statement."""
    return list(db.session.scalars(select(TagRow.tag).distinct().order_by(TagRow.tag)))
