"""Who must be told what of a version, worked out from the tables alone: no part of the product compares here."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from conference.db.work import transact

# Of a part: begin and end in UTC, room, title, role. By the key of what it is a part of.
Facts = dict[str, tuple[str, str, int, str, str]]
# Of a session as a whole: begin, end, room, title.
Place = tuple[str, str, int, str]

_SLOTS = text(
    """
    SELECT r.person_id, 'session', s.id, s.starts_at, s.duration_min, 0, s.duration_min, s.room_id, s.title, r.role
    FROM session_role r JOIN session s ON s.id = r.session_id
    WHERE s.starts_at IS NOT NULL AND s.room_id IS NOT NULL
    UNION ALL
    SELECT r.person_id, 'talk', t.id, s.starts_at, s.duration_min,
      (SELECT COALESCE(SUM(b.duration_min), 0) FROM talk b WHERE b.session_id = t.session_id AND b.place < t.place),
      t.duration_min, s.room_id, t.title, r.role
    FROM talk_role r JOIN talk t ON t.id = r.talk_id JOIN session s ON s.id = t.session_id
    WHERE s.starts_at IS NOT NULL AND s.room_id IS NOT NULL
    """
)
_PLACES = text(
    "SELECT id, starts_at, duration_min, room_id, title FROM session"
    " WHERE starts_at IS NOT NULL AND room_id IS NOT NULL"
)


def minutes(moment: Any) -> int:
    """Return minutes since midnight of the first day, UTC, of what either database answers."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return int((aware - datetime(2022, 9, 22, tzinfo=UTC)).total_seconds() // 60)


def drafted_slots() -> dict[int, Facts]:
    """Return the parts of everybody in the draft that have time and room."""
    found: dict[int, Facts] = {}
    for person, what, number, start, _, before, length, room, title, role in transact(
        lambda s: s.execute(_SLOTS).all()
    ):
        begin = minutes(start) + before
        found.setdefault(person, {})[f"{what}-{number}"] = (
            str(begin),
            str(begin + length),
            room,
            title,
            role,
        )
    return found


def drafted_places() -> dict[int, Place]:
    rows = transact(lambda s: s.execute(_PLACES).all())
    return {
        number: (str(minutes(start)), str(minutes(start) + length), room, title)
        for number, start, length, room, title in rows
    }


def written() -> Counter[tuple[str, int]]:
    """Return how many mails tell of versions, by kind and record."""
    found = text("SELECT kind, about_id FROM outbox WHERE kind IN ('slot_changed', 'marked_changed')")
    return Counter((kind, about) for kind, about in transact(lambda s: s.execute(found).all()))


@dataclass
class Public:
    number: int
    slots: dict[int, Facts]
    places: dict[int, Place]


@dataclass
class Oracle:
    """What each should know, by the letter of the rules and nothing else."""

    coming: set[int]
    invited: set[int]
    asked: dict[int, set[int]]
    standing: list[Public] = field(default_factory=list)
    told: dict[int, Facts] = field(default_factory=dict)
    drafted: dict[int, set[str]] = field(default_factory=dict)
    known: dict[int, dict[int, Place | None]] = field(default_factory=dict)
    numbers: int = 0

    @property
    def public(self) -> Public | None:
        return self.standing[-1] if self.standing else None

    def changes(self, old: Public | None) -> None:
        """The public is about to see another version: marks made so far were made of the old one."""
        for one, wanted in self.asked.items():
            known = self.known.setdefault(one, {})
            for session in wanted - known.keys():
                if old and session in old.places:
                    known[session] = old.places[session]

    def tell(self) -> Counter[tuple[str, int]]:
        """Return the mails that telling of the public version has to write."""
        mails: Counter[tuple[str, int]] = Counter()
        now, to_come = self.standing[-1], drafted_slots()
        for person in self.coming:
            after = now.slots.get(person, {})
            if self.told.get(person, {}) != after:
                mails["slot_changed", person] += 1
                self.told[person] = dict(after)
        for person in self.invited:
            if self._tell_invited(person, now.slots.get(person, {}), to_come.get(person, {})):
                mails["slot_changed", person] += 1
        for asked, wanted in self.asked.items():
            known = self.known.setdefault(asked, {})
            states = {session: now.places.get(session) for session in wanted}
            if any(known[session] != states[session] for session in wanted & known.keys()):
                mails["marked_changed", asked] += 1
                self.known[asked] = states
        return mails

    def _tell_invited(self, person: int, now: Facts, to_come: Facts) -> bool:
        told, drafted = self.told[person], self.drafted[person]
        news = {
            key
            for key, slot in told.items()
            if now.get(key) != slot
            and not (key in drafted and key in to_come and to_come[key][:3] == slot[:3])
        }
        if not news:
            return False
        self.told[person] = {key: now.get(key, slot) if key in news else slot for key, slot in told.items()}
        for key in news - now.keys():
            del self.told[person][key]
        self.drafted[person] = set()
        return True
