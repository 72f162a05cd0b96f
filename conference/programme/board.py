"""The schedule laid out once, as lines of bookings that are found by time. Pure.

`conference/programme/checking.py` finds conflicts on it, all of them or those of one session anywhere, and
`conference/programme/heat.py` those of one session everywhere.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import TypeVar

from conference.core.ids import PersonId, RoomId, SessionId, TrackId
from conference.event.model import Room
from conference.programme.alone import Named, named_sponsors
from conference.programme.facts import Facts, name_key
from conference.programme.lanes import Booking, Lane, Opening, Slot, in_seconds, seconds
from conference.programme.model import Kind, Part, Programme
from conference.programme.severity import ConflictKind, Severity

K = TypeVar("K", bound=Hashable)


class Board:
    """A programme with its lines. It does not change: after an edit, lay out the new programme.

    Lines that a check may not ask are laid out when one first does.
    """

    def __init__(self, programme: Programme, facts: Facts) -> None:
        self.programme, self.facts = programme, facts
        self.severities = {kind: facts.settings.severity(kind) for kind in ConflictKind}
        # Those that staff do not ignore.
        self.kinds = frozenset(kind for kind, one in self.severities.items() if one is not Severity.IGNORE)
        self.places: Mapping[RoomId, Room] = {room.id: room for room in programme.rooms}
        self.parts = self._real_people()
        parents = {one.id: one.parent_id for one in programme.sessions if one.parent_id is not None}
        self.containers = frozenset(parents.values())
        self.slots = {one.id: Slot(one, _ancestors(one.id, parents)) for one in programme.sessions}
        if self.has_placeholders:
            for slot in self.slots.values():
                slot.needs = tuple(need for need in slot.needs if need[0] in self.parts)
        self.rooms = self._lanes(lambda slot: slot.room_id)
        self.persons = self._person_bookings()
        self.longest_walk_s = 60 * max(facts.walks.values(), default=0)

    def _real_people(self) -> dict[PersonId, Part]:
        """Return everybody by id, as they stand in the first of their sessions; placeholders are nobody."""
        found: dict[PersonId, Part] = {}
        for session in self.programme.sessions:
            for part in session.people:
                found.setdefault(part.person_id, part)
            for talk in session.talks:
                for part in talk.people:
                    found.setdefault(part.person_id, part)
        names = {name_key(name) for name in self.facts.settings.placeholders}
        # Names of people are kept clean, so the cheaper half of the key is enough for the many of them.
        nobody = [person_id for person_id, part in found.items() if part.name.casefold() in names]
        for person_id in nobody:
            del found[person_id]
        self.has_placeholders = bool(nobody)
        return found

    def _lanes(self, by: Callable[[Slot], K | None]) -> dict[K, Lane]:
        """Return a lane of the scheduled sessions for each key that they have."""
        found: dict[K, list[Booking]] = defaultdict(list)
        for slot in self.slots.values():
            key = by(slot)
            if key is not None and slot.start is not None and slot.end is not None:
                found[key].append(Booking(slot.start, slot.end, slot.session_id, slot))
        return {key: Lane(bookings) for key, bookings in found.items()}

    def _person_bookings(self) -> dict[PersonId, list[Booking]]:
        """Return each person's bookings in no order: nearly everybody has one or two."""
        found: dict[PersonId, list[Booking]] = defaultdict(list)
        for slot in self.slots.values():
            start, session_id = slot.start, slot.session_id
            if start is not None:
                for person_id, begins, ends in slot.needs:
                    found[person_id].append(Booking(start + begins, start + ends, session_id, slot))
        return found

    @cached_property
    def tracks(self) -> dict[TrackId, Lane]:
        return self._lanes(lambda slot: slot.stored.track.id if slot.stored.track else None)

    @cached_property
    def plenaries(self) -> Lane:
        found = self._lanes(lambda slot: slot.stored.kind is Kind.PLENARY or None)
        return found.get(True, Lane([]))

    @cached_property
    def emptied(self) -> Lane:
        """All that stands in rooms which plenaries empty."""
        rooms = [room for room in self.places.values() if room.is_emptied_by_plenary]
        lanes = (self.rooms[room.id] for room in rooms if room.id in self.rooms)
        return Lane([booking for lane in lanes for booking in lane.bookings])

    @cached_property
    def openings(self) -> dict[RoomId, Opening]:
        return {room.id: Opening(room) for room in self.places.values() if room.hours}

    @cached_property
    def span_s(self) -> tuple[int, int]:
        span = self.facts.event.span
        return seconds(span.start), seconds(span.end)

    @cached_property
    def absences(self) -> dict[PersonId, list[tuple[int, int]]]:
        times = self.facts.unavailable
        return {person_id: in_seconds(spans) for person_id, spans in times.items() if person_id in self.parts}

    @cached_property
    def undisclosed(self) -> frozenset[PersonId]:
        disclosed = self.facts.disclosed
        return frozenset() if disclosed is None else frozenset(self.parts.keys() - set(disclosed))

    @cached_property
    def sessions_of(self) -> dict[PersonId, list[Slot]]:
        """Return the sessions of each person, scheduled or not, in the order of the programme."""
        found: dict[PersonId, list[Slot]] = defaultdict(list)
        for slot in self.slots.values():
            for person_id in {need[0] for need in slot.needs}:
                found[person_id].append(slot)
        return found

    @cached_property
    def marked(self) -> dict[SessionId, list[tuple[Slot, int]]]:
        """Return the sessions that many have marked beside each, with how many."""
        found: dict[SessionId, list[tuple[Slot, int]]] = defaultdict(list)
        for (one, other), count in self.facts.marks.items():
            if count >= self.facts.settings.many_marks and one in self.slots and other in self.slots:
                found[one].append((self.slots[other], count))
                found[other].append((self.slots[one], count))
        return found

    @cached_property
    def named(self) -> Named:
        return named_sponsors(self.programme.sessions, self.facts.settings.sponsors)

    def walk_s(self, one: RoomId | None, other: RoomId | None) -> int:
        """Return how long a walk takes; nobody knows from a place that is no room."""
        if one is None or other is None or not self.longest_walk_s:
            return 0
        return 60 * self.facts.walks.get((one, other), 0)

    def seats_lack(self, slot: Slot, room_id: RoomId | None) -> tuple[int, int] | None:
        """Return (seats, people) where the room has fewer than are registered or expected; else None."""
        room = None if room_id is None else self.places.get(room_id)
        if room is None or room.seats is None:
            return None
        needed = max(slot.stored.expected_people or 0, self.facts.registered.get(slot.session_id, 0))
        return (room.seats, needed) if needed > room.seats else None


def _ancestors(session_id: SessionId, parents: Mapping[SessionId, SessionId]) -> frozenset[SessionId]:
    """Return what the session stands inside, at every depth. A circle, which no form can make, ends."""
    found: set[SessionId] = set()
    above = parents.get(session_id)
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return frozenset(found)


def never_meet(one: Slot, other: Slot) -> bool:
    """Return whether the two are one session, or one is a container of the other."""
    return one.session_id == other.session_id or one.is_around(other)
