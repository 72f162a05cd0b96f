"""A real schedule with real mistakes in it: 674 events of FOSDEM 2024, people and texts replaced."""

from datetime import date, datetime, timedelta
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, SessionId
from conference.event.model import Room
from conference.programme.board import Board
from conference.programme.checking import check
from conference.programme.model import Kind, Part, PartRole, Programme, Session
from conference.programme.rules import by_time, span_of
from conference.programme.severity import ConflictKind
from tests.factories.programme_values import facts, room
from tests.factories.shared_data import shared_file

SCHEDULE = "fosdem-2024-anonymised.xml"
PATHS = {ConflictKind.ROOM_TAKEN: "room", ConflictKind.PERSON_TWICE: "persons/person"}


def minutes(clock_time: str) -> timedelta:
    hours, _, rest = clock_time.partition(":")
    return timedelta(hours=int(hours), minutes=int(rest))


def events_of(root: ET.Element) -> list[tuple[datetime, timedelta, ET.Element]]:
    """Return (start, length, element) of each event of the file."""
    found = []
    for day in root.iter("day"):
        midnight = datetime.combine(date.fromisoformat(day.attrib["date"]), datetime.min.time(), STOCKHOLM)
        for event in day.iter("event"):
            start = midnight + minutes(event.findtext("start", ""))
            found.append((start, minutes(event.findtext("duration", "")), event))
    return found


def named(event: ET.Element, path: str) -> set[str]:
    return {element.attrib.get("id", element.text or "") for element in event.iterfind(path)}


def as_programme(root: ET.Element) -> tuple[Programme, dict[str, dict[int, str]]]:
    """Return the file as a draft, each event a session, and by the path of the file what each id of ours stands for."""
    events = events_of(root)
    whats = {
        path: sorted({one for _, _, event in events for one in named(event, path)}) for path in PATHS.values()
    }
    numbers = {path: {one: number for number, one in enumerate(every, 1)} for path, every in whats.items()}
    rooms: dict[str, Room] = {name: room(number, name=name) for name, number in numbers["room"].items()}
    sessions = []
    for start, length, event in events:
        people = [Part(person_id=PersonId(numbers["persons/person"][one]), name=one, affiliation="", country="", role=PartRole.SPEAKER) for one in named(event, "persons/person")]  # fmt: skip
        length_min = int(length / timedelta(minutes=1))
        sessions.append(
            Session(
                id=SessionId(int(event.attrib["id"])),
                kind=Kind.PARALLEL,
                title=event.findtext("title", ""),
                abstract="",
                track=None,
                room=next(rooms[one] for one in named(event, "room")),
                span=span_of(start, length_min),
                people=tuple(people),
                talks=(),
                duration_min=length_min,
            )
        )
    made = Programme(
        version=None,
        published_at=None,
        days=(),
        rooms=tuple(rooms.values()),
        tracks=(),
        sessions=by_time(sessions),
    )
    return made, {path: {number: one for one, number in of.items()} for path, of in numbers.items()}


def by_brute_force(root: ET.Element, path: str) -> set[tuple[str, frozenset[int], int]]:
    """Compare all pairs by the definition, with arithmetic of its own."""
    found = set()
    for (start, length, one), (begin, lasts, other) in combinations(events_of(root), 2):
        common = min(start + length, begin + lasts) - max(start, begin)
        if common > timedelta(0):
            pair = frozenset({int(one.attrib["id"]), int(other.attrib["id"])})
            both = named(one, path) & named(other, path)
            found |= {(what, pair, int(common.total_seconds() // 60)) for what in both}
    return found


@pytest.mark.parametrize("kind", PATHS)
def test_conflicts_of_a_real_schedule_are_those_of_brute_force(kind: ConflictKind) -> None:
    root = ET.parse(shared_file(SCHEDULE)).getroot()
    made, names = as_programme(root)
    assert len(made.sessions) > 600
    swept = {
        (names[PATHS[kind]][one.about], frozenset(int(session.id) for session in one.sessions), one.minutes)
        for one in check(Board(made, facts()), {kind})
    }
    assert swept == by_brute_force(root, PATHS[kind])
    assert swept, "the file is known to have such mistakes in it"
