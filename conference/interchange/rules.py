"""What an import would do to the draft. Pure: what is known and what was read go in, a plan comes out.

A field is written where the source says something else than it said at the import before, and where the draft has it
differently. So what the office changed after an import stays, until the source itself changes that very field.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, SessionId
from conference.interchange.errors import OtherDaysError, ShiftOutsideError
from conference.interchange.keys import name_key
from conference.interchange.model import (
    Addition,
    Alteration,
    Doubt,
    Known,
    Plan,
    Question,
    ReadPerson,
    ReadSchedule,
    ReadSession,
    Said,
    Wishes,
)
from conference.programme.model import Kind, Session

# Of the sessions that name a person, so that a question can be answered.
MOST_TITLES = 3


def plan(known: Known, read: ReadSchedule, wishes: Wishes) -> Plan:
    """Return what the import would do. Raises OtherDaysError, ShiftOutsideError."""
    starts = shifted(read, wishes.shift_to)
    adopts = _adopted(known, read, starts, is_shifted=wishes.shift_to is not None)
    stored = {session.id: session for session in known.draft.sessions}
    sessions = _known_already(known, read, stored)
    names = _Names(known, read, wishes.answers)
    said = {one.key: said_of(one, starts[one.key]) for one in read.sessions}
    additions = [
        Addition(read=one, start=starts[one.key]) for one in read.sessions if one.key not in sessions
    ]
    alterations: list[Alteration] = []
    for one in read.sessions:
        if one.key in sessions:
            start, session = starts[one.key], stored[sessions[one.key]]
            news = _news(known, one.key, said[one.key])
            fields = tuple(name for name in news if _differs(name, one, start, session, known, names.persons))
            if fields:
                alterations.append(Alteration(read=one, start=start, stored=session, fields=fields))
    gone = _gone(known, read, stored, set(sessions.values()))
    asked = _asked(additions, alterations)
    return Plan(
        source=read.source,
        additions=tuple(additions),
        alterations=tuple(alterations),
        removals=() if wishes.keeps_missing else gone,
        missing=gone if wishes.keeps_missing else (),
        questions=names.questions(asked),
        new_rooms=_new(known.rooms, _needed("room", additions, alterations), () if stored else read.rooms),
        new_tracks=_new(known.tracks, _needed("track", additions, alterations)),
        new_people=names.new(asked),
        persons=names.persons,
        sessions=sessions,
        said=said,
        unchanged=len(read.sessions) - len(additions) - len(alterations),
        adopts=adopts,
    )


def _known_already(
    known: Known, read: ReadSchedule, stored: Mapping[SessionId, Session]
) -> dict[str, SessionId]:
    """Return by external id which of the file's sessions is which of the draft's."""
    return {
        one.key: found
        for one in read.sessions
        if (found := known.sessions.get(one.key) or known.own_sessions.get(one.key)) is not None
        and found in stored
    }


def _news(known: Known, key: str, said: Said) -> list[str]:
    """Return the fields of which the source says something else than it said last."""
    return [name for name, value in said.items() if known.said_of(key, name) != value]


def shifted(read: ReadSchedule, first_day: date | None) -> dict[str, datetime]:
    """Return by key when each session starts, in UTC, once the file's first day is `first_day`, Stockholm time.

    Clock times stay: what began at 09:30 begins at 09:30, whatever summer time does between the two dates.
    """
    if first_day is None:
        return {one.key: one.start for one in read.sessions}
    days = first_day - min(read.days)
    return {
        one.key: (one.start.astimezone(STOCKHOLM) + days).replace(fold=0).astimezone(UTC)
        for one in read.sessions
    }


def _adopted(
    known: Known, read: ReadSchedule, starts: Mapping[str, datetime], *, is_shifted: bool
) -> tuple[date, date] | None:
    """Return the days that the event gets, None where its own hold the whole file."""
    ends = (starts[one.key] + timedelta(minutes=one.duration_min, microseconds=-1) for one in read.sessions)
    first, last = _day(min(starts.values())), max(_day(end) for end in ends)
    if known.first_day <= first and last <= known.last_day:
        return None
    if not known.draft.sessions:
        return first, last
    facts = {"first": first, "last": last, "event_first": known.first_day, "event_last": known.last_day}
    raise (ShiftOutsideError if is_shifted else OtherDaysError)("shift_to", **facts)


def _day(moment: datetime) -> date:
    return moment.astimezone(STOCKHOLM).date()


def text_of(read: ReadSession) -> str | None:
    """Return the abstract with the subtitle before it, None where the file says neither."""
    if read.abstract is None and not read.subtitle:
        return None
    return "\n\n".join(part for part in (read.subtitle, read.abstract or "") if part)


def said_of(read: ReadSession, start: datetime) -> Said:
    """Return by field a digest of what the source says, which tells at the next import what it says anew.

    A digest and not the text, so that no name or abstract lies in a second place.
    """
    values: dict[str, object] = {
        "title": read.title,
        "track_id": read.track,
        "room_id": read.room,
        "starts_at": start.astimezone(UTC).isoformat(),
        "duration_min": read.duration_min,
    }
    if read.kind is not None:
        values["kind"] = read.kind.value
    if (text := text_of(read)) is not None:
        values["abstract"] = text
    if read.people is not None:
        values["people"] = sorted(one.key for one in read.people)
    return {name: hashlib.sha256(repr(value).encode()).hexdigest()[:16] for name, value in values.items()}


def _differs(
    name: str,
    read: ReadSession,
    start: datetime,
    stored: Session,
    known: Known,
    persons: Mapping[str, PersonId],
) -> bool:
    """Return whether the draft has the field differently.

    A file cannot tell what belongs to which talk of a session that has talks, so abstract and people of such a session
    are the office's own. A session that is pinned stays where it is.
    """
    is_ours = stored.talks and name in {"abstract", "people"}
    if is_ours or (stored.is_pinned and name in {"room_id", "starts_at"}):
        return False
    if name == "people":
        theirs = {persons.get(one.key) for one in read.people or ()}
        return theirs != {part.person_id for part in stored.people}
    if name == "track_id":
        return _target(known.tracks, read.track) != (stored.track.id if stored.track else None)
    if name == "room_id":
        return _target(known.rooms, read.room) != (stored.room.id if stored.room else None)
    if name == "starts_at":
        return stored.span is None or stored.span.start != start
    told: dict[str, object] = {
        "title": (read.title, stored.title),
        "kind": (read.kind, stored.kind),
        "abstract": (text_of(read), stored.abstract),
        "duration_min": (read.duration_min, stored.duration_min),
    }
    pair = told[name]
    assert isinstance(pair, tuple)
    return bool(pair[0] != pair[1])


def _target(ids: Mapping[str, int], name: str) -> int | None:
    """Return the id that the name stands for, None for no name, and -1, which no record has, for a new one."""
    return ids.get(name_key(name), -1) if name else None


def _gone(
    known: Known, read: ReadSchedule, stored: Mapping[SessionId, Session], present: set[SessionId]
) -> tuple[Session, ...]:
    """Return the sessions of the draft that came from this source and that the file has no more."""
    keys = {one.key for one in read.sessions}
    gone = {number for key, number in known.sessions.items() if key not in keys} - present
    return tuple(session for number, session in stored.items() if number in gone)


def _asked(additions: Iterable[Addition], alterations: Iterable[Alteration]) -> list[ReadSession]:
    """Return the sessions whose people will be written."""
    return [one.read for one in additions] + [one.read for one in alterations if "people" in one.fields]


def _needed(field: str, additions: Iterable[Addition], alterations: Iterable[Alteration]) -> list[str]:
    """Return the names of rooms or tracks that will be written."""
    reads = [one.read for one in additions]
    reads += [one.read for one in alterations if f"{field}_id" in one.fields]
    return [read.room if field == "room" else read.track for read in reads]


def _new(known: Mapping[str, int], names: Iterable[str], beside: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names that no record has, each once, as it is written first."""
    found: dict[str, str] = {}
    for name in (*beside, *names):
        if name and name_key(name) not in known:
            found.setdefault(name_key(name), name)
    return tuple(found.values())


class _Names:
    """Who each person of the file is: by an answer, by an id, or by a name that one person alone has here and there."""

    def __init__(self, known: Known, read: ReadSchedule, answers: Mapping[str, PersonId | None]) -> None:
        self._people = {one.key: one for session in read.sessions for one in session.people or ()}
        self._titles = defaultdict[str, list[str]](list)
        for session in read.sessions:
            for one in session.people or ():
                self._titles[one.key].append(session.title)
        by_name = defaultdict[str, list[PersonId]](list)
        for person_id, name in known.people.items():
            by_name[name_key(name)].append(person_id)
        self._answers = answers
        self._same = {key: tuple(by_name.get(name_key(one.name), ())) for key, one in self._people.items()}
        self._namesakes = Counter(name_key(one.name) for one in self._people.values())
        self._by_id = {**known.own_people, **known.persons}
        self.persons = {key: found for key in self._people if (found := self._who(key)) is not None}

    def _who(self, key: str) -> PersonId | None:
        if key in self._answers:
            return self._answers[key]
        if key in self._by_id:
            return self._by_id[key]
        return self._same[key][0] if self._is_one(key) else None

    def _is_one(self, key: str) -> bool:
        return len(self._same[key]) == 1 and self._namesakes[name_key(self._people[key].name)] == 1

    def questions(self, sessions: Iterable[ReadSession]) -> tuple[Question, ...]:
        """Return who is not certain among the people of these sessions, those first that have to be answered."""
        keys = dict.fromkeys(one.key for session in sessions for one in session.people or ())
        found = [
            Question(
                person=self._people[key],
                doubt=self._doubt(key),
                is_answered=key in self._answers,
                choices=self._same[key],
                titles=tuple(self._titles[key][:MOST_TITLES]),
            )
            for key in keys
            if key not in self._by_id
        ]
        return tuple(sorted(found, key=lambda one: list(Doubt).index(one.doubt)))

    def _doubt(self, key: str) -> Doubt:
        if not self._same[key]:
            return Doubt.UNKNOWN
        return Doubt.NAMESAKE if self._is_one(key) else Doubt.AMBIGUOUS

    def new(self, sessions: Iterable[ReadSession]) -> tuple[ReadPerson, ...]:
        """Return the people of these sessions who get a record: unknown ones, and those of whom it was said."""
        keys = dict.fromkeys(one.key for session in sessions for one in session.people or ())
        return tuple(
            self._people[key]
            for key in keys
            if key not in self.persons and (key in self._answers or not self._same[key])
        )


def kind_of_new(read: ReadSession) -> Kind:
    """Return the kind of a session that is new here."""
    return read.kind or Kind.PARALLEL
