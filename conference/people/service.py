from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.personal import erase as erase_history
from conference.audit.service import record, record_all
from conference.core.errors import N_, NotFoundError
from conference.core.ids import PersonId
from conference.core.text import address_key, folded
from conference.db.inserting import insert_all
from conference.db.revisions import delete_revised, revise
from conference.event.errors import StillUsedError
from conference.event.registry import tell_programme
from conference.event.rules import listed
from conference.people.errors import AddressHeldError
from conference.people.model import PersonDetails
from conference.people.queries import find_person, get_person, merged_into
from conference.people.registry import address_holders, person_changed, person_uses
from conference.people.rules import require_name
from conference.people.tables import PersonRow

_PERSON = cast("Table", PersonRow.__table__)


def search_text(details: PersonDetails) -> str:
    parts = (details.name, details.badge_name, details.email, details.affiliation, details.affiliation_short)
    return folded(" ".join(parts))[:1000]


def create_person(session: Session, details: PersonDetails, *, actor: Actor) -> PersonId:
    person_id = insert_person(session, details)
    record(session, actor=actor, action="created", about=("person", person_id))
    return person_id


def insert_person(session: Session, details: PersonDetails) -> PersonId:
    """Write a person for a caller that notes "created" in the history together with what it writes besides."""
    # Past the session's objects, which nobody needs here: each registration writes a person.
    values = details.as_values() | {"search_text": search_text(details)}
    key = session.connection().execute(insert(_PERSON), values).inserted_primary_key
    assert key is not None
    return PersonId(key[0])


def create_people(session: Session, everybody: Sequence[PersonDetails], *, actor: Actor) -> list[PersonId]:
    """Write many people and return their ids in order, in a number of statements that does not grow with them."""
    rows = [details.as_values() | {"search_text": search_text(details)} for details in everybody]
    ids = [PersonId(number) for number in insert_all(session, PersonRow, rows)]
    record_all(session, actor=actor, entries=[("created", ("person", number)) for number in ids])
    return ids


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
        for listener in person_changed.entries():
            listener(session, person_id)
    return revision


def add_by_office(session: Session, details: PersonDetails, *, actor: Actor) -> PersonId:
    """Make the person that the office typed. Raises NamelessError."""
    require_name(details)
    return create_person(session, details, actor=actor)


def edit_by_office(
    session: Session,
    person_id: PersonId,
    expected_revision: int | None,
    details: PersonDetails,
    *,
    actor: Actor,
) -> int:
    """Write what the office typed. Raises NamelessError, AddressHeldError, and as `edit_person` does."""
    require_name(details)
    stored = get_person(person_id, session).details
    moved = address_key(details.email) != address_key(stored.email)
    if moved and any(holds(session, person_id) for holds in address_holders.entries()):
        raise AddressHeldError("email", address=stored.email or N_("no address"))
    return edit_person(session, person_id, expected_revision, details, actor=actor)


def sort_person(
    session: Session, person_id: PersonId, expected_revision: int | None, sort_as: str, *, actor: Actor
) -> None:
    """Let the person be sorted by this key, "" for the family name. Raises as `edit_person` does."""
    before = get_person(person_id, session).sort_as
    revise(session, PersonRow, person_id, expected_revision, {"sort_as": sort_as})
    if sort_as == before:
        return
    record(
        session,
        actor=actor,
        action="changed",
        about=("person", person_id),
        changes={"sort_as": (before, sort_as)},
    )
    for listener in person_changed.entries():
        listener(session, person_id)


def delete_person(
    session: Session, person_id: PersonId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Delete who is in no session and has no registration.

    Raises StillUsedError, NotFoundError, StaleDeletionError.
    """
    tell_programme(session)
    titles = [title for uses in person_uses.entries() for title in uses(session, person_id)]
    if titles:
        raise StillUsedError(titles=listed(titles))
    # What the history holds of somebody who is on no list any more nobody could ask to be erased.
    merged = merged_into(person_id, session)
    delete_revised(session, PersonRow, person_id, expected_revision)
    erase_history(session, [("person", one) for one in (person_id, *merged)])
    record(session, actor=actor, action="deleted", about=("person", person_id))


def renew_link(session: Session, person_id: PersonId, seen_version: int, *, actor: Actor) -> None:
    """Let every personal link given so far to the person die. Pressed twice on one page it is done once.

    Raises NotFoundError.
    """
    if find_person(person_id, session) is None:
        raise NotFoundError
    renewed = session.scalar(
        update(PersonRow)
        .where(PersonRow.id == person_id, PersonRow.link_version == seen_version)
        .values(link_version=PersonRow.link_version + 1)
        .returning(PersonRow.id)
        .execution_options(synchronize_session=False)
    )
    if renewed is not None:
        record(session, actor=actor, action="link renewed", about=("person", person_id))


def hold(session: Session, person_ids: Iterable[PersonId]) -> None:
    """Hold the people's rows until the commit, in the order of their ids. On SQLite the writer holds all."""
    wanted = sorted(set(person_ids))
    rows = select(PersonRow.id).where(PersonRow.id.in_(wanted)).order_by(PersonRow.id)
    # FOR NO KEY UPDATE: sessions and registrations may be given to them meanwhile.
    session.execute(rows.with_for_update(key_share=True)).all()
