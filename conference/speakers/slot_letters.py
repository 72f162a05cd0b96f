"""The mails that bring a speaker's slots into the calendar, move them there and take them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import PersonId
from conference.event.calendar import Method
from conference.event.queries import get_event
from conference.mail.model import AttachmentOrder
from conference.mail.queries import counts_written
from conference.people.model import Person
from conference.programme.model import Programme
from conference.programme.queries import published
from conference.programme.words import ROLE_WORDS
from conference.registration.queries import find_live_by_person
from conference.speakers.letters import write
from conference.speakers.model import OwnPart, Standing
from conference.speakers.queries import find_answer, own_parts, standings
from conference.speakers.rules import has_address
from conference.speakers.slot_calendar import slot_orders
from conference.speakers.slots import Slot, SlotChanges, slot_changes, slots_by_person
from conference.web.language import in_language

CHANGED, CONFIRMED, DECLINED = "slot_changed", "part_confirmed", "part_declined"
WITHDRAWN = "part_withdrawn"
_WITH_SLOTS = frozenset({CHANGED, CONFIRMED, DECLINED, WITHDRAWN})
_COMING = frozenset({Standing.CONFIRMED, Standing.WAITING})
# Who was never told of a part, or does not come, needs not hear that it moved.
_TOLD = _COMING | {Standing.INVITED}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """One person with what each mail about slots needs. `number` is that of the mail to come."""

    person: Person
    standing: Standing
    language: str
    number: int

    @property
    def is_coming(self) -> bool:
        return self.standing in _COMING


def tell_of_version(session: Session, old: Programme | None, new: Programme) -> None:
    """Mail each speaker and chair what the new version moved or cancelled for them, in this transaction.

    Who has confirmed is told of new slots too. One mail a person.
    """
    changes = slot_changes(old, new)
    for reader in _readers(session, changes):
        theirs = changes[reader.person.id]
        if not reader.is_coming:
            theirs = SlotChanges(moved=theirs.moved, cancelled=theirs.cancelled)
        if theirs and reader.standing in _TOLD:
            with in_language(reader.language):
                _write_changes(session, reader, theirs)


def send_confirmed(session: Session, person_id: PersonId, parts: Sequence[OwnPart]) -> None:
    """Mail who has just confirmed their parts, those of the draft, with the published ones for the calendar."""
    slots = _published_slots(session, person_id)
    _write_parts(session, CONFIRMED, person_id, parts, slots, Method.REQUEST)


def send_declined(session: Session, person_id: PersonId) -> None:
    """Mail who has declined that the office knows; what was entered when they had confirmed is taken out."""
    had_entries = find_answer(person_id, session) is not None
    slots = _published_slots(session, person_id) if had_entries else []
    _write_parts(session, DECLINED, person_id, own_parts(person_id, session), slots, Method.CANCEL)


def take_out(session: Session, person_id: PersonId) -> None:
    """Take the published slots out of the calendar of who has no registration any more, and say how to come all the same.

    No mail goes to who has none. The programme stays as it is: that is the office's to change.
    """
    slots = _published_slots(session, person_id)
    if slots and find_live_by_person(person_id, session) is None:
        _write_parts(session, WITHDRAWN, person_id, own_parts(person_id, session), slots, Method.CANCEL)


def _published_slots(session: Session, person_id: PersonId) -> list[Slot]:
    return list(slots_by_person(published(session)).get(person_id, {}).values())


def _write_parts(
    session: Session,
    kind: str,
    person_id: PersonId,
    parts: Sequence[OwnPart],
    slots: Sequence[Slot],
    method: Method,
) -> None:
    for reader in _readers(session, [person_id]):
        with in_language(reader.language):
            orders = _orders(session, reader, slots, method)
            write(
                session,
                kind,
                reader.person,
                orders,
                role_words=ROLE_WORDS,
                parts=parts,
                has_entries=bool(orders),
            )


def _readers(session: Session, ids: Iterable[PersonId]) -> list[_Reader]:
    """Return those of the people who can be written to."""
    written = counts_written(_WITH_SLOTS, "person", session)
    return [
        _Reader(
            person=one.person,
            standing=one.standing,
            language=one.language,
            number=1 + written.get(one.person.id, 0),
        )
        for one in standings(ids, session)
        if has_address(one.person.details)
    ]


def _write_changes(session: Session, reader: _Reader, changes: SlotChanges) -> None:
    orders: list[AttachmentOrder] = []
    if reader.is_coming:
        placed = [moved.new for moved in changes.moved] + list(changes.added)
        orders += _orders(session, reader, placed, Method.REQUEST)
        orders += _orders(session, reader, changes.cancelled, Method.CANCEL)
    write(
        session,
        CHANGED,
        reader.person,
        orders,
        role_words=ROLE_WORDS,
        changes=changes,
        has_entries=bool(orders),
    )


def _orders(
    session: Session, reader: _Reader, slots: Sequence[Slot], method: Method
) -> list[AttachmentOrder]:
    return slot_orders(
        slots,
        method,
        person=reader.person,
        event=get_event(session),
        sequence=reader.number,
        now=real_now(),
        has_accepted=reader.is_coming,
    )
