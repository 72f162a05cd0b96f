"""A real schedule with real mistakes in it: 674 events of FOSDEM 2024, people and texts replaced."""

import os
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conference.core.clock import STOCKHOLM
from conference.core.ids import SessionId
from conference.core.interval import Interval
from conference.programme.rules import Booking, clashes

SCHEDULE = Path(__file__).parents[3].parent / "shared" / "data" / "fosdem-2024-anonymised.xml"


def minutes(clock_time: str) -> timedelta:
    hours, _, rest = clock_time.partition(":")
    return timedelta(hours=int(hours), minutes=int(rest))


def bookings_of(root: ET.Element, path: str) -> list[Booking[str]]:
    """Return each event's bookings of what stands at `path`, its room or its persons."""
    found = []
    for day in root.iter("day"):
        midnight = datetime.fromisoformat(day.attrib["date"]).replace(tzinfo=STOCKHOLM)
        for event in day.iter("event"):
            start = midnight + minutes(event.findtext("start", ""))
            span = Interval(start=start, end=start + minutes(event.findtext("duration", "")))
            number = SessionId(int(event.attrib["id"]))
            whats = {element.attrib.get("id", element.text or "") for element in event.iterfind(path)}
            found += [Booking(what=what, session_id=number, span=span) for what in whats]
    return found


def by_brute_force(bookings: list[Booking[str]]) -> set[tuple[str, frozenset[SessionId], float]]:
    """Compare all pairs by the definition, with arithmetic of its own."""
    found = set()
    for one, other in combinations(bookings, 2):
        if one.what == other.what and one.session_id != other.session_id:
            common = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
            if common > timedelta(0):
                pair = frozenset({one.session_id, other.session_id})
                found.add((one.what, pair, common.total_seconds() / 60))
    return found


@pytest.mark.parametrize("path", ["room", "persons/person"])
def test_conflicts_of_a_real_schedule_are_those_of_brute_force(path: str) -> None:
    if not SCHEDULE.exists():
        assert os.environ.get("CI") != "true", f"{SCHEDULE} is needed in CI"
        pytest.skip(f"NOT TESTED against a real schedule: {SCHEDULE} is missing")
    bookings = bookings_of(ET.parse(SCHEDULE).getroot(), path)
    assert len({booking.session_id for booking in bookings}) > 600
    swept = {
        (what, frozenset({one, other}), float(common))
        for (what, one, other), common in clashes(bookings).items()
    }
    assert swept == by_brute_force(bookings)
    assert swept, "the file is known to have such mistakes in it"
