"""The draft as the editor's page reads it: times as minutes since 1970 in UTC, so that no script reckons with zones."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.core.errors import StaleRevisionError
from conference.core.ids import PersonId, RoomId
from conference.editor.reading import minutes_of, moment_of
from conference.people.queries import people_by_id
from conference.programme.conflict_words import CONFLICT_WORDS, cure, told
from conference.programme.conflicts import Conflict
from conference.programme.heat import Heatmap
from conference.programme.model import Part, PartRole, Programme, Session
from conference.programme.severity import ConflictKind
from conference.programme.words import ROLE_WORDS
from conference.web.language import long_date, short_date

Plain = dict[str, Any]
# Of a day without sessions. A day with sessions begins and ends an hour beside them at the latest.
FIRST_HOUR, LAST_HOUR = 8, 20
MARK_MIN = 30


def plain_session(session: Session) -> Plain:
    """Return a session; `at` is None where it is not scheduled. What is empty is left out: there are a thousand."""
    span = session.span
    found = {
        "id": session.id,
        "revision": session.revision,
        "title": session.title,
        "kind": session.kind.value,
        "minutes": session.duration_min,
        "at": minutes_of(span.start) if span else None,
        "room": session.room.id if session.room else None,
        "track": session.track.id if session.track else None,
        "pinned": session.is_pinned,
        "shares": session.may_share_room,
        "inside": session.parent_id,
        "people": [_part(part) for part in session.people],
        "talks": [
            {
                "id": talk.id,
                "revision": talk.revision,
                "title": talk.title,
                "minutes": talk.duration_min,
                "people": [_part(part) for part in talk.people],
            }
            for talk in session.talks
        ],
    }
    return {name: value for name, value in found.items() if value or name in {"at", "id"}}


def _part(part: Part) -> list[object]:
    return [part.person_id, part.name, part.role.value]


def plain_conflict(conflict: Conflict) -> Plain:
    """Return a conflict in words, with the ids of its sessions."""
    return {
        "severity": conflict.severity.value,
        "kind": conflict.kind.value,
        "sessions": [session.id for session in conflict.sessions],
        "text": told(conflict),
        "cure": cure(conflict),
    }


def plain_sides(error: StaleRevisionError) -> tuple[Plain, Plain]:
    """Return both values of each field that differs: people and talks in words, a line each, all else as it is stored."""
    sides = (error.theirs, error.mine)
    ids = {person_id for side in sides for person_id in _people_of(side)}
    names = {person_id: person.name for person_id, person in people_by_id(ids).items()}
    return _in_words(error.theirs, names), _in_words(error.mine, names)


def _people_of(side: Mapping[str, Any]) -> list[PersonId]:
    of_talks = [person_id for _, _, people in side.get("talks") or () for person_id in people]
    return [person_id for person_id, _ in side.get("people") or ()] + of_talks


def _in_words(side: Mapping[str, Any], names: Mapping[PersonId, str]) -> Plain:
    found = dict(side)
    if "people" in found:
        found["people"] = [
            f"{names.get(person_id, '–')} ({ROLE_WORDS[PartRole(role)]})"
            for person_id, role in side["people"]
        ]
    if "talks" in found:
        found["talks"] = [
            " · ".join([title, f"{minutes} min", *(names.get(one, "–") for one in people)])
            for title, minutes, people in side["talks"]
        ]
    return found


def plain_days(programme: Programme) -> list[Plain]:
    """Return the days: the stretch that is shown, and in it the times of Stockholm each half hour."""
    days = sorted({*programme.days, *(one.day for one in programme.sessions if one.day)})
    return [_day(day, [one for one in programme.on(day) if one.span]) for day in days]


def _day(day: date, sessions: list[Session]) -> Plain:
    first, last = _bounds(day, sessions)
    return {
        "day": day.isoformat(),
        "name": long_date(day),
        "short": short_date(day),
        "from": minutes_of(first),
        "to": minutes_of(last),
        "marks": [
            [minutes_of(moment), f"{moment.astimezone(STOCKHOLM):%H:%M}"] for moment in _marks(first, last)
        ],
    }


def _bounds(day: date, sessions: list[Session]) -> tuple[datetime, datetime]:
    """Return the first and last moment that is shown: whole hours around all sessions, past midnight where one ends there."""
    first = datetime.combine(day, time(FIRST_HOUR), STOCKHOLM)
    last = datetime.combine(day, time(LAST_HOUR), STOCKHOLM)
    spans = [session.span for session in sessions if session.span]
    first = min([first, *(_hour_before(span.start) for span in spans)])
    last = max([last, *(_hour_after(span.end) for span in spans)])
    return first, last


def _hour_before(moment: datetime) -> datetime:
    local = moment.astimezone(STOCKHOLM)
    return moment - timedelta(minutes=local.minute, seconds=local.second)


def _hour_after(moment: datetime) -> datetime:
    floor = _hour_before(moment)
    return floor if floor == moment else floor + timedelta(hours=1)


def _marks(first: datetime, last: datetime) -> Iterable[datetime]:
    # Counted in UTC: an hour that a clock change repeats is there twice, one that it skips is not.
    return (moment_of(minutes) for minutes in range(minutes_of(first), minutes_of(last) + 1, MARK_MIN))


def plain_heat(heat: Heatmap) -> Plain:
    """Return for each room a digit a start: 0 free, 1 warns, 2 blocks publishing, 3 blocks the move.

    `kinds` tells, by room, which kinds of conflict there are from which start on: [number of the first start, kinds].
    """
    return {
        "from": minutes_of(heat.first),
        "step": heat.step_min,
        "levels": {room_id: _digits(heat.levels(room_id)) for room_id in heat.kinds},
        "kinds": {room_id: _runs(heat, room_id) for room_id in heat.kinds},
        "words": {
            kind.value: str(CONFLICT_WORDS[kind])
            for kind in sorted({kind for kinds in heat.kinds.values() for kind in kinds})
        },
    }


def _digits(levels: bytes) -> str:
    return levels.translate(bytes.maketrans(bytes(range(4)), b"0123")).decode()


def _runs(heat: Heatmap, room_id: RoomId) -> list[list[Any]]:
    runs: list[list[Any]] = []
    known: frozenset[ConflictKind] | None = None
    for number in range(heat.count):
        kinds = heat.at(room_id, number)
        if kinds != known:
            runs.append([number, sorted(kind.value for kind in kinds)])
            known = kinds
    return runs
