"""The mails that bring a speaker's slots into the calendar, move them there and take them out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import PersonId
from conference.event.calendar import Method
from conference.event.queries import get_event
from conference.mail.model import AttachmentOrder
from conference.mail.queries import counts_written
from conference.people.model import Person
from conference.programme.queries import published
from conference.programme.words import ROLE_WORDS
from conference.registration.queries import find_live_by_person
from conference.speakers.knowing import entered_slots, find_told, remember
from conference.speakers.letters import write
from conference.speakers.model import OwnPart, Standing, Standpoint
from conference.speakers.queries import find_answer, own_parts, standings
from conference.speakers.rules import has_address
from conference.speakers.slot_calendar import slot_orders
from conference.speakers.slots import Slot, SlotChanges, slots_by_person
from conference.speakers.told import MarkedChanges
from conference.web.language import in_language

CHANGED, CONFIRMED, DECLINED = "slot_changed", "part_confirmed", "part_declined"
WITHDRAWN = "part_withdrawn"
_WITH_SLOTS = frozenset({CHANGED, CONFIRMED, DECLINED, WITHDRAWN})
COMING = frozenset({Standing.CONFIRMED, Standing.WAITING})
# Who was never told of a part, or does not come, needs not hear that it moved.
TOLD = COMING | {Standing.INVITED}
NOTHING_MARKED = MarkedChanges()


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotReader:
    """One person with what each mail about slots needs. `number` is that of the mail to come.

    `entered` names the slots that their calendar holds under the id of a record that was merged into this person.
    """

    person: Person
    standing: Standing
    language: str
    number: int
    entered: Mapping[str, PersonId]

    @property
    def is_coming(self) -> bool:
        return self.standing in COMING


def send_confirmed(session: Session, person_id: PersonId, parts: Sequence[OwnPart]) -> None:
    """Mail who has just confirmed their parts, those of the draft, with the published ones for the calendar."""
    slots = slots_by_person(published(session)).get(person_id, {})
    if _write_parts(session, CONFIRMED, person_id, parts, list(slots.values()), Method.REQUEST):
        remember(session, person_id, slots)


def send_declined(session: Session, person_id: PersonId) -> None:
    """Mail who has declined that the office knows; what was entered when they had confirmed is taken out."""
    had_entries = find_answer(person_id, session) is not None
    slots = _entered(session, person_id) if had_entries else []
    _write_parts(session, DECLINED, person_id, own_parts(person_id, session), slots, Method.CANCEL)
    remember(session, person_id, {})


def take_out(session: Session, person_id: PersonId) -> None:
    """Take the published slots out of the calendar of who has no registration any more, and say how to come all the same.

    No mail goes to who has none. The programme stays as it is: that is the office's to change.
    """
    slots = _entered(session, person_id)
    if slots and find_live_by_person(person_id, session) is None:
        _write_parts(session, WITHDRAWN, person_id, own_parts(person_id, session), slots, Method.CANCEL)
        remember(session, person_id, {})


def _entered(session: Session, person_id: PersonId) -> list[Slot]:
    """Return what the person's calendar may hold by our mails: what was told last, and what is public.

    What is taken out a second time, because nobody knows whether the first mail was read, does no harm.
    """
    public, told = slots_by_person(published(session)).get(person_id, {}), find_told(session, person_id)
    return list({**public, **(told or {})}.values())


def _write_parts(
    session: Session,
    kind: str,
    person_id: PersonId,
    parts: Sequence[OwnPart],
    slots: Sequence[Slot],
    method: Method,
) -> bool:
    """Return whether there is an address to write to."""
    readers = slot_readers(session, standings([person_id], session))
    for reader in readers:
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
    return bool(readers)


def slot_readers(session: Session, points: Iterable[Standpoint]) -> list[SlotReader]:
    """Return those of the people who can be written to."""
    reached = [one for one in points if has_address(one.person.details)]
    written = counts_written(_WITH_SLOTS, "person", session)
    entered = entered_slots(session, [one.person.id for one in reached])
    return [
        SlotReader(
            person=one.person,
            standing=one.standing,
            language=one.language,
            number=1 + written.get(one.person.id, 0),
            entered=entered.get(one.person.id, {}),
        )
        for one in reached
    ]


def send_changes(
    session: Session, reader: SlotReader, changes: SlotChanges, marked: MarkedChanges = NOTHING_MARKED
) -> None:
    """Mail a speaker or chair what they do not know of their slots yet, with what they marked, in their language."""
    with in_language(reader.language):
        orders: list[AttachmentOrder] = []
        if reader.is_coming:
            placed = [one.new for one in (*changes.moved, *changes.renamed)] + list(changes.added)
            orders += _orders(session, reader, placed, Method.REQUEST)
            orders += _orders(session, reader, changes.cancelled, Method.CANCEL)
        write(
            session,
            CHANGED,
            reader.person,
            orders,
            # Two who tell at once find out by the key, should they ever come past the draft's lock.
            once=f"{CHANGED}\0{reader.person.id}\0{reader.number}",
            role_words=ROLE_WORDS,
            changes=changes,
            marked=marked,
            has_entries=bool(orders),
        )


def _orders(
    session: Session, reader: SlotReader, slots: Sequence[Slot], method: Method
) -> list[AttachmentOrder]:
    return slot_orders(
        slots,
        method,
        person=reader.person,
        event=get_event(session),
        sequence=reader.number,
        now=real_now(),
        has_accepted=reader.is_coming,
        entered_as=reader.entered,
    )
