"""The rows of what people were told last: written in the transaction of the mail that tells it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from conference.core.clock import clock
from conference.core.ids import PersonId, RegistrationId
from conference.programme.queries import draft, published
from conference.speakers.slots import Slot, Slots, slots_by_person
from conference.speakers.tables import MarkedToldRow, ToldRow
from conference.speakers.told import (
    Known,
    drafted_keys,
    entered_as,
    entered_under,
    plain_known,
    plain_slots,
    read_known,
    read_slots,
)

_FRESH = {"populate_existing": True}


def told_slots(session: Session) -> dict[PersonId, tuple[dict[str, Slot], frozenset[str]]]:
    """Return what each person was told last, with the keys of what was told from the draft. One statement."""
    rows = session.scalars(select(ToldRow), execution_options=_FRESH)
    return {PersonId(row.person_id): (read_slots(row.slots), drafted_keys(row.slots)) for row in rows}


def find_told(session: Session, person_id: PersonId) -> dict[str, Slot] | None:
    """Return what the person was told last, None for who never was."""
    row = session.get(ToldRow, person_id, populate_existing=True)
    return None if row is None else read_slots(row.slots)


def entered_slots(session: Session, ids: Collection[PersonId]) -> dict[PersonId, dict[str, PersonId]]:
    """Return by person and slot the former id under which a calendar holds it, of who was merged. One statement."""
    wanted = select(ToldRow).where(ToldRow.person_id.in_(sorted(ids)))
    rows = session.scalars(wanted, execution_options=_FRESH)
    return {PersonId(row.person_id): entered_as(row.slots) for row in rows}


def remember(session: Session, person_id: PersonId, slots: Slots, drafted: Collection[str] = ()) -> None:
    """Keep that the person knows these slots, and no others, by the mail that is written in this transaction."""
    row = session.get(ToldRow, person_id, populate_existing=True)
    if row is None:
        row = ToldRow(person_id=person_id)
        session.add(row)
    entered = entered_as(row.slots or {})
    row.slots, row.told_at = entered_under(plain_slots(slots, drafted), entered), clock.now()
    session.flush()


def remember_invited(session: Session, people: Iterable[PersonId]) -> None:
    """Keep that these people were just mailed their parts as the draft has them."""
    to_come, public = slots_by_person(draft(session)), slots_by_person(published(session))
    for person_id in people:
        own, shown = to_come.get(person_id, {}), public.get(person_id, {})
        ahead = [key for key, slot in own.items() if key not in shown or shown[key].place != slot.place]
        remember(session, person_id, own, ahead)


def known_marks(session: Session, ids: Collection[RegistrationId]) -> dict[RegistrationId, Known]:
    """Return what each registration knows of its marked sessions. One statement."""
    wanted = select(MarkedToldRow).where(MarkedToldRow.registration_id.in_(sorted(ids)))
    rows = session.scalars(wanted, execution_options=_FRESH)
    return {RegistrationId(row.registration_id): read_known(row.sessions) for row in rows}


def remember_marks(session: Session, known: Mapping[RegistrationId, Known]) -> None:
    """Keep what each of the registrations knows of its marked sessions. One statement to read, one to write each."""
    wanted = select(MarkedToldRow).where(MarkedToldRow.registration_id.in_(sorted(known)))
    rows = {row.registration_id: row for row in session.scalars(wanted, execution_options=_FRESH)}
    now: datetime = clock.now()
    for registration_id, states in known.items():
        row = rows.get(registration_id)
        if row is None:
            row = MarkedToldRow(registration_id=registration_id)
            session.add(row)
        row.sessions, row.told_at = plain_known(states), now
    session.flush()


def forget_known_marks(session: Session, registration_id: RegistrationId) -> None:
    """Forget what was told of marked sessions, as when the place goes to another person."""
    session.execute(
        delete(MarkedToldRow).where(MarkedToldRow.registration_id == registration_id),
        execution_options={"synchronize_session": False},
    )


def forget_other_marks(session: Session, wishes: Collection[RegistrationId]) -> None:
    """Forget what was told of marked sessions to all registrations but these."""
    for registration_id in set(session.scalars(select(MarkedToldRow.registration_id))) - set(wishes):
        forget_known_marks(session, RegistrationId(registration_id))
