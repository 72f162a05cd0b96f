"""Who does not know yet what a version changed for them: speakers and chairs, and registrations that marked sessions.

Each is told the difference between what they were told last and what is public now, in one mail; what they know then
is written in the same transaction. A mail to who cannot be reached is not written, and they stay untold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.core.text import address_key
from conference.event.calendar import Method
from conference.mail.bounces import marked_addresses
from conference.mail.previewing import Previewed, previewing
from conference.mail.queries import counts_written
from conference.people.model import Person
from conference.people.queries import people_by_id
from conference.programme.model import Letter, Programme, Untold
from conference.programme.queries import draft
from conference.programme.registry import wished_news
from conference.registration.model import Registration
from conference.registration.queries import live_registrations
from conference.speakers.knowing import forget_other_marks, known_marks, remember, remember_marks, told_slots
from conference.speakers.marked_letters import MARKED, send_marked
from conference.speakers.model import Standpoint
from conference.speakers.queries import standings
from conference.speakers.rules import has_address
from conference.speakers.slot_letters import (
    COMING,
    NOTHING_MARKED,
    TOLD,
    SlotReader,
    send_changes,
    slot_readers,
)
from conference.speakers.slots import Slot, SlotChanges, slots_by_person
from conference.speakers.told import (
    MarkedChanges,
    MarkedSession,
    known_after,
    marked_changes,
    marked_states,
    not_known,
    own_sessions,
    still_drafted,
    with_baseline,
)

_NOBODY: Mapping[str, Slot] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A speaker or chair with what is new to them; `told` is what they knew before, `drafted` of it by the draft."""

    point: Standpoint
    changes: SlotChanges
    told: Mapping[str, Slot]
    drafted: frozenset[str]

    @property
    def person(self) -> Person:
        return self.point.person


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    """A registration with what is new of the sessions that it marked."""

    registration: Registration
    person: Person
    changes: MarkedChanges
    wanted: frozenset[SessionId]


@dataclass(kw_only=True, slots=True)
class _Due:
    """Who is to be mailed; a speaker who also marked sessions is told of both in one mail."""

    parts: list[tuple[_Part, _Mark | None]] = field(default_factory=list)
    marks: list[_Mark] = field(default_factory=list)
    without_address: list[str] = field(default_factory=list)
    came_back: list[str] = field(default_factory=list)

    @property
    def all_marks(self) -> list[_Mark]:
        return [*self.marks, *(mark for _, mark in self.parts if mark is not None)]


class SpeakersTeller:
    """The speakers' answer to `programme.registry.Teller`."""

    def preview(self, session: Session, now: Programme) -> Untold:
        """Return who would be told and what, by name. Some twenty statements, however many there are."""
        due = _find(session, now)
        with previewing(session) as mails:
            _write(session, due)
        return Untold(
            letters=tuple(map(_letter, mails)),
            without_address=tuple(dict.fromkeys(due.without_address)),
            came_back=tuple(dict.fromkeys(due.came_back)),
        )

    def count(self, session: Session, now: Programme) -> int:
        """Return how many would be mailed."""
        due = _find(session, now)
        return len(due.parts) + len(due.marks)

    def tell(self, session: Session, now: Programme) -> int:
        """Write to everybody who can be reached, and return how many mails that made."""
        due = _find(session, now)
        _write(session, due)
        for part, _ in due.parts:
            after = known_after(part.told, part.changes)
            remember(session, part.person.id, after, still_drafted(part.drafted, part.changes))
        states = marked_states(now)
        known = {one.registration.id: {key: states.get(key) for key in one.wanted} for one in due.all_marks}
        remember_marks(session, known)
        return len(due.parts) + len(due.marks)


def _write(session: Session, due: _Due) -> None:
    marks = {part.person.id: mark for part, mark in due.parts}
    by_id = {part.person.id: part for part, _ in due.parts}
    for reader in _readers(session, due):
        mark = marks[reader.person.id]
        marked = NOTHING_MARKED if mark is None else mark.changes
        send_changes(session, reader, by_id[reader.person.id].changes, marked)
    written = counts_written({MARKED}, "registration", session) if due.marks else {}
    for one in due.marks:
        number = 1 + written.get(one.registration.id, 0)
        send_marked(session, one.registration, one.person, one.changes, number)


def _readers(session: Session, due: _Due) -> list[SlotReader]:
    return slot_readers(session, [part.point for part, _ in due.parts]) if due.parts else []


def _letter(mail: Previewed) -> Letter:
    methods = [order.facts.get("method") for order in mail.attachments]
    return Letter(
        name=mail.name,
        address=mail.recipient,
        language=mail.language,
        subject=mail.subject,
        text=mail.text,
        entered=methods.count(Method.REQUEST.value),
        taken_out=methods.count(Method.CANCEL.value),
    )


def _find(session: Session, now: Programme) -> _Due:
    told = told_slots(session)
    present = slots_by_person(now)
    found = list(_parts(session, told, present))
    wishes = wished_news(session)
    own = {
        one: own_sessions({**told.get(one, (_NOBODY, ()))[0], **present.get(one, {})})
        for one in told.keys() | present
    }
    marks = list(_marks(session, now, wishes, own)) if wishes else []
    return _sorted_out(found, marks, marked_addresses(session))


def _parts(
    session: Session,
    told: Mapping[PersonId, tuple[dict[str, Slot], frozenset[str]]],
    present: Mapping[PersonId, Mapping[str, Slot]],
) -> Iterator[_Part]:
    """Yield who was told of a part, or comes, and does not know all of it. Names in the order of ids."""
    drafted = any(keys for _, keys in told.values())
    to_come = slots_by_person(draft(session)) if drafted else {}
    points = standings(told.keys() | present.keys(), session)
    for point in sorted(points, key=lambda one: one.person.id):
        person_id = point.person.id
        slots, ahead = told.get(person_id, ({}, frozenset[str]()))
        changes = not_known(
            slots,
            present.get(person_id, {}),
            is_coming=point.standing in COMING,
            to_come=to_come.get(person_id, {}),
            drafted=ahead,
        )
        if changes and point.standing in TOLD:
            yield _Part(point=point, changes=changes, told=slots, drafted=ahead)


def _marks(
    session: Session,
    now: Programme,
    wishes: Mapping[RegistrationId, frozenset[SessionId]],
    own: Mapping[PersonId, frozenset[SessionId]],
) -> Iterator[_Mark]:
    """Yield the live registrations that asked for news, and of whose marked sessions something is new."""
    states: Mapping[SessionId, MarkedSession] = marked_states(now)
    known, found = known_marks(session, wishes.keys()), live_registrations(wishes, session)
    people = people_by_id({one.person_id for one in found.values()}, session)
    for registration_id, registration in sorted(found.items()):
        wanted = wishes[registration_id]
        others = wanted - own.get(registration.person_id, frozenset())
        changes = marked_changes(known.get(registration_id, {}), states, others)
        if changes and registration.person_id in people:
            person = people[registration.person_id]
            yield _Mark(registration=registration, person=person, changes=changes, wanted=wanted)


def _sorted_out(parts: Sequence[_Part], marks: Sequence[_Mark], came_back: frozenset[str]) -> _Due:
    """Return who can be mailed, each once, and by name who cannot."""
    due, by_person = _Due(), {one.registration.person_id: one for one in marks}
    for part in parts:
        if not has_address(part.person.details):
            due.without_address.append(part.person.name)
        elif address_key(part.person.details.email) in came_back:
            due.came_back.append(part.person.name)
        else:
            due.parts.append((part, by_person.pop(part.person.id, None)))
    for mark in by_person.values():
        if not mark.registration.email:
            due.without_address.append(mark.person.name)
        elif address_key(mark.registration.email) in came_back:
            due.came_back.append(mark.person.name)
        else:
            due.marks.append(mark)
    return due


teller = SpeakersTeller()


def note_marks(session: Session, old: Programme | None, _new: Programme | None) -> None:
    """Keep, before the public sees another version, how sessions were that somebody has marked since the last one.

    Whoever marks a session knows it as the public version shows it then. What they unmarked is forgotten.
    """
    wishes = wished_news(session)
    # Who asks for no news any more, or unmarked all, begins anew with the next mark.
    forget_other_marks(session, wishes)
    if not wishes:
        return
    before, known = marked_states(old), known_marks(session, wishes)
    after = {one: with_baseline(known.get(one, {}), before, wanted) for one, wanted in wishes.items()}
    remember_marks(session, {one: states for one, states in after.items() if states != known.get(one, {})})
