"""Real schedules written into the draft, held against the plainest reading of their files."""

import time
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from conference.core.clock import STOCKHOLM
from conference.db.work import counted_statements, transact
from conference.event.queries import get_event
from conference.interchange.reading import read_schedule
from conference.interchange.service import Outcome
from conference.programme.conflicts import PersonTwice, RoomTaken
from conference.programme.queries import draft_revision
from tests.factories.schedules import figures, imported, now_in_draft
from tests.factories.shared_data import shared_file

FOSDEM = "fosdem-2024-anonymised.xml"
Bookings = list[tuple[str, str, datetime, datetime]]


def bookings(path: Path) -> Bookings:
    """Return ("room" or "person", which, start, end) and the event's title, by the plainest reading there is."""
    found = []
    for day in ET.parse(path).getroot().iter("day"):
        midnight = datetime.fromisoformat(day.attrib["date"]).replace(tzinfo=STOCKHOLM)
        for one in day.iter("event"):
            hours, minutes = map(int, one.findtext("start", "").split(":"))
            long_hours, long_minutes = map(int, one.findtext("duration", "").split(":"))
            start = midnight + timedelta(hours=hours, minutes=minutes)
            end = start + timedelta(hours=long_hours, minutes=long_minutes)
            title = one.findtext("title", "")
            found.append((f"room {one.findtext('room')}", title, start, end))
            found += [(f"person {person.text}", title, start, end) for person in one.iter("person")]
    return found


def by_brute_force(every: Bookings) -> set[tuple[str, frozenset[str], float]]:
    return {
        (
            what,
            frozenset({title, other_title}),
            (min(end, other_end) - max(start, other_start)).total_seconds() / 60,
        )
        for (what, title, start, end), (other, other_title, other_start, other_end) in combinations(every, 2)
        if what == other and start < other_end and other_start < end
    }


def told(outcome: Outcome) -> set[tuple[str, frozenset[str], float]]:
    found = set()
    for one in outcome.conflicts:
        if not isinstance(one, RoomTaken | PersonTwice):
            continue
        what = f"room {one.room.name}" if isinstance(one, RoomTaken) else f"person {one.person.name}"
        found.add((what, frozenset({one.first.title, one.second.title}), float(one.overlap_min)))
    return found


def test_fosdem_2024_is_imported_with_all_its_mistakes(app: Flask) -> None:
    path = shared_file(FOSDEM)
    content = path.read_bytes()
    began = time.process_time()
    with counted_statements() as statements:
        outcome = imported(content)
    spent_s = time.process_time() - began
    assert figures(outcome) == (674, 0, 0, 0)
    assert spent_s <= 5
    assert len(statements) <= 30 * 674 / 100
    assert transact(get_event).days == (date(2024, 2, 3), date(2024, 2, 4))
    expected = by_brute_force(bookings(path))
    assert {what.split()[0] for what, _, _ in expected} == {"room", "person"}
    assert told(outcome) == expected
    before, revision = now_in_draft(), transact(draft_revision)
    assert (len(before.sessions), len(before.rooms)) == (674, 32)
    assert figures(imported(content)) == (0, 0, 0, 674)
    assert (now_in_draft(), transact(draft_revision)) == (before, revision)
    print(f"{spent_s:.2f} s, {len(statements)} statements")


@pytest.mark.parametrize(
    "name", ["fosdem-2007-anonymised.xml", "31c3-anonymised.xml", "c3voc/pretalx-democon.json"]
)
def test_other_real_schedules_are_imported_twice_and_once(app: Flask, name: str) -> None:
    content = shared_file(name).read_bytes()
    count = len(read_schedule(content).sessions)
    assert figures(imported(content)) == (count, 0, 0, 0)
    assert figures(imported(content)) == (0, 0, 0, count)
