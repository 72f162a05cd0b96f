"""What other rooms, pages and paper ask of registrations. Counts of statements are constant, however long a list is."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.core.text import address_key, folded
from conference.db.base import db
from conference.event.queries import get_event, organisers
from conference.people.model import Person
from conference.people.queries import get_person, people_by_id, sort_names_of
from conference.registration.category_queries import categories, get_category
from conference.registration.conditions import IS_LIVE
from conference.registration.facts import ticket_facts_of
from conference.registration.filters import ListFilters, filtered
from conference.registration.model import (
    BADGED,
    LIVE,
    BadgePerson,
    CategoryDetails,
    Choices,
    Registration,
    State,
)
from conference.registration.tables import ConsentRow, RegistrationRow

# Databases take a limited number of values in one statement.
_AT_ONCE = 5000
_REGISTRATION = cast("Table", RegistrationRow.__table__)
# Made once, and of columns instead of objects, because each filled form asks it.
_LIVE_BY_ADDRESS = select(_REGISTRATION).where(_REGISTRATION.c.email_key == bindparam("address"), IS_LIVE)


def registration_of_row(row: RegistrationRow | Row[Any]) -> Registration:
    return Registration(
        id=RegistrationId(row.id),
        number=row.number,
        category_id=CategoryId(row.category_id),
        person_id=PersonId(row.person_id),
        state=State(row.state),
        waiting_number=row.waiting_number,
        offered_until=row.offered_until,
        is_over_limit=row.is_over_limit,
        email=row.email,
        language=row.language,
        profession=row.profession,
        career_stage=row.career_stage,
        no_photographs=row.no_photographs,
        badge_code=row.badge_code,
        link_version=row.link_version,
        calendar_sequence=row.calendar_sequence,
        notice_number=row.notice_number,
        created_at=row.created_at,
        changed_at=row.changed_at,
        revision=row.revision,
        attended_at=row.attended_at,
    )


def find_registration(registration_id: RegistrationId, session: Session | None = None) -> Registration | None:
    row = (session or db.session).get(RegistrationRow, registration_id, populate_existing=True)
    return registration_of_row(row) if row else None


def get_registration(registration_id: RegistrationId, session: Session | None = None) -> Registration:
    """Return the registration; raises NotFoundError."""
    registration = find_registration(registration_id, session)
    if registration is None:
        raise NotFoundError
    return registration


def find_live_by_address(email: str, session: Session | None = None) -> Registration | None:
    connection = (session or db.session).connection()
    row = connection.execute(_LIVE_BY_ADDRESS, {"address": address_key(email)}).first()
    return registration_of_row(row) if row else None


def find_live_rival(registration: Registration, session: Session) -> Registration | None:
    """Return the live registration that holds what this one's address is held by: another one's, or its own."""
    key = select(RegistrationRow.email_key).where(RegistrationRow.id == registration.id).scalar_subquery()
    row = session.scalars(select(RegistrationRow).where(RegistrationRow.email_key == key, IS_LIVE)).first()
    return registration_of_row(row) if row else None


def find_live_by_person(person_id: PersonId, session: Session | None = None) -> Registration | None:
    statement = select(RegistrationRow).where(
        RegistrationRow.person_id == person_id, RegistrationRow.state.in_(LIVE)
    )
    row = (session or db.session).scalars(statement.order_by(RegistrationRow.id).limit(1)).first()
    return registration_of_row(row) if row else None


def live_ids() -> Select[int]:
    """Return the query of the ids of all live registrations, to stand inside another room's."""
    return select(RegistrationRow.id).where(IS_LIVE)


def live_of_person(person_id: PersonId, session: Session) -> set[RegistrationId]:
    """Return the person's live registrations."""
    found = session.scalars(live_ids().where(RegistrationRow.person_id == person_id))
    return {RegistrationId(one) for one in found}


def choices_of(registration: Registration, session: Session | None = None) -> Choices:
    kinds = (session or db.session).scalars(
        select(ConsentRow.kind).where(ConsentRow.registration_id == registration.id)
    )
    return Choices(consents=frozenset(kinds), no_photographs=registration.no_photographs)


def waiting_place(registration: Registration, session: Session | None = None) -> int:
    """Return how many stand in the waiting list up to and with this one; 1 is next."""
    statement = select(func.count()).where(
        RegistrationRow.category_id == registration.category_id,
        RegistrationRow.state == State.WAITING,
        RegistrationRow.waiting_number <= registration.waiting_number,
    )
    return (session or db.session).scalar(statement) or 0


def count_registrations() -> int:
    """Return how many registrations there are, whatever their state."""
    return db.session.scalar(select(func.count()).select_from(RegistrationRow)) or 0


def count_live() -> int:
    """Return how many are confirmed or waiting."""
    live = select(func.count()).where(RegistrationRow.state.in_(LIVE))
    return db.session.scalar(live) or 0


def badge_people(filters: ListFilters | None = None) -> list[BadgePerson]:
    """Return those who get a badge, confirmed or here already, by family and given name. Three statements."""
    statement = select(RegistrationRow).where(RegistrationRow.state.in_(BADGED))
    return _badges(filtered(statement, filters or ListFilters()))


def badge_people_of(ids: Sequence[RegistrationId]) -> list[BadgePerson]:
    """Return those of these registrations who get a badge, by name; of thousands too. Three statements for each 5,000."""
    found = []
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        statement = select(RegistrationRow).where(
            RegistrationRow.id.in_(some), RegistrationRow.state.in_(BADGED)
        )
        found += _badges(statement)
    return found


def _badges(statement: Select[RegistrationRow]) -> list[BadgePerson]:
    rows = db.session.scalars(statement).all()
    people = people_by_id(row.person_id for row in rows)
    kinds = {category.id: category.details for category in categories()}
    badges = [
        _badge(
            registration_of_row(row),
            people[PersonId(row.person_id)],
            kinds[CategoryId(row.category_id)],
        )
        for row in rows
    ]
    return sorted(
        badges, key=lambda badge: (folded(badge.family_name), folded(badge.given_name), badge.number)
    )


def badged_sort_names() -> list[str]:
    """Return what each of those who get a badge is sorted by, in no order. One statement."""
    ids = select(RegistrationRow.person_id).where(RegistrationRow.state.in_(BADGED))
    return sort_names_of(ids)


def attended_names() -> list[str]:
    """Return the full name of each who was marked as here, by the office's order. Two statements."""
    statement = select(RegistrationRow.person_id).where(RegistrationRow.state == State.ATTENDED)
    ids = list(db.session.scalars(statement.order_by(RegistrationRow.sort_name, RegistrationRow.id)))
    people = people_by_id(ids)
    return [people[PersonId(one)].details.full_name for one in ids]


def badge_person(registration_id: RegistrationId) -> BadgePerson:
    """Return one person's badge, whatever the state; raises NotFoundError."""
    registration = get_registration(registration_id)
    return _badge(
        registration,
        get_person(registration.person_id),
        get_category(registration.category_id).details,
    )


def _badge(registration: Registration, whose: Person, category: CategoryDetails) -> BadgePerson:
    person = whose.details
    return BadgePerson(
        registration_id=registration.id,
        number=registration.number,
        title=person.title,
        given_name=person.given_name,
        family_name=person.family_name,
        letters=person.letters,
        badge_name=person.badge_name,
        affiliation=person.affiliation_short or person.affiliation,
        country=person.country,
        badge_word=category.badge_word,
        badge_colour=category.badge_colour,
        badge_code=registration.badge_code,
        no_photographs=registration.no_photographs,
        sort_as=whose.sort_as,
        days=category.days,
    )


def who_agreed(kind: str) -> set[RegistrationId]:
    """Return which registrations agreed to this, a key of CONSENTS. One statement."""
    found = db.session.scalars(select(ConsentRow.registration_id).where(ConsentRow.kind == kind))
    return {RegistrationId(one) for one in found}


def ticket_facts(registration_id: RegistrationId, session: Session | None = None) -> dict[str, Any]:
    """Return the facts of one registration's ticket; raises NotFoundError."""
    registration = get_registration(registration_id, session)
    return ticket_facts_of(
        registration,
        get_person(registration.person_id, session).details,
        get_category(registration.category_id, session).details,
        get_event(session),
        organisers(session),
    )


def registrations_of(
    person_ids: Iterable[PersonId], session: Session | None = None
) -> dict[PersonId, Registration]:
    """Return the live registration of each of these people who has one. One statement."""
    wanted = sorted(set(person_ids))
    rows = (session or db.session).scalars(
        select(RegistrationRow).where(RegistrationRow.person_id.in_(wanted), RegistrationRow.state.in_(LIVE))
    )
    return {PersonId(row.person_id): registration_of_row(row) for row in rows}


def live_registrations(
    ids: Iterable[RegistrationId], session: Session | None = None
) -> dict[RegistrationId, Registration]:
    """Return those of the registrations that are live. One statement."""
    rows = (session or db.session).scalars(
        select(RegistrationRow).where(
            RegistrationRow.id.in_(sorted(set(ids))), RegistrationRow.state.in_(LIVE)
        )
    )
    return {RegistrationId(row.id): registration_of_row(row) for row in rows}


def newest_live(session: Session) -> Registration | None:
    """Return the live registration that was made last and can be mailed, None where there is none."""
    newest = select(RegistrationRow).where(RegistrationRow.state.in_(LIVE), RegistrationRow.email != "")
    row = session.scalar(newest.order_by(RegistrationRow.id.desc()).limit(1))
    return registration_of_row(row) if row else None


def emails_of(ids: Iterable[RegistrationId], session: Session) -> dict[RegistrationId, str]:
    """Return the address of each registration that there is, "" for one without. One statement."""
    rows = session.execute(
        select(RegistrationRow.id, RegistrationRow.email).where(RegistrationRow.id.in_(list(ids)))
    )
    return {RegistrationId(row[0]): row[1] for row in rows}
