"""Slots of a version and their files, read back by two parsers that know nothing of each other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from icalendar import Calendar

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId
from conference.event.calendar import LINE_OCTETS, Method
from conference.mail.model import Attachment
from conference.people.model import Person, PersonDetails
from conference.programme.model import PartRole
from conference.speakers.slot_calendar import make_slot, slot_orders
from conference.speakers.slots import SlotChanges, changes_between, slots_by_person
from tests.factories.every_mail import EVENT
from tests.factories.programme_values import NINE, person, programme, session

NASTY = 'Åsa "the, one"; \\ x\r\nATTENDEE:mailto:evil@x.example'
NOW = datetime(2022, 9, 7, 12, 0, tzinfo=UTC)
PERSON = Person(
    id=PersonId(7),
    details=PersonDetails(given_name=NASTY, email="åsa+talk@lab.example"),
    link_version=1,
    revision=1,
)
HERS = PersonId(1)


def test_a_persons_slots_are_talks_and_whole_sessions_with_all_their_roles() -> None:
    both = [person(1, PartRole.CHAIR), person(1, PartRole.MODERATOR)]
    found = slots_by_person(
        programme(session(3, room_number=1, people=both, talks=[(20, [person(2)]), (20, [person(1)])]))
    )
    assert {
        who: [(s.key, s.roles, s.span.start) for s in slots.values()] for who, slots in found.items()
    } == {
        PersonId(1): [
            ("session-3", (PartRole.CHAIR, PartRole.MODERATOR), NINE),
            ("talk-301", (PartRole.SPEAKER,), NINE + timedelta(minutes=20)),
        ],
        PersonId(2): [("talk-300", (PartRole.SPEAKER,), NINE)],
    }
    assert slots_by_person(None) == {}


def changes_of(old: dict[str, Any] | None, new: dict[str, Any] | None) -> SlotChanges | None:
    """Return what becomes of person 1 when one session is replaced by the other, None for nothing."""
    before, after = (
        slots_by_person(programme(session(3, **values)) if values is not None else programme()).get(HERS, {})
        for values in (old, new)
    )
    return changes_between(before, after) or None


SPEAKING: dict[str, Any] = {"room_number": 1, "talks": [(20, [person(1)])]}


@pytest.mark.parametrize("change", [{"room_number": 2}, {"start_min": 60}, {"talks": [(30, [person(1)])]}])
def test_another_room_time_or_length_moves_a_slot(change: dict[str, Any]) -> None:
    found = changes_of(SPEAKING, SPEAKING | change)
    assert found is not None
    assert ([one.new.key for one in found.moved], found.added, found.cancelled) == (["talk-300"], (), ())


@pytest.mark.parametrize("change", [{}, {"title": "Another title"}, {"duration_min": 90}])
def test_what_leaves_time_and_room_is_no_change_of_the_slot(change: dict[str, Any]) -> None:
    assert changes_of(SPEAKING, SPEAKING | change) is None


@pytest.mark.parametrize("new", [None, {"room_number": 1}, SPEAKING | {"talks": [(20, [person(2)])]}])
def test_a_session_a_talk_or_a_person_that_goes_cancels_the_slot(new: dict[str, Any] | None) -> None:
    found = changes_of(SPEAKING, new)
    assert found is not None
    assert ([slot.key for slot in found.cancelled], found.added, found.moved) == (["talk-300"], (), ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"room_number": 1, "people": [person(1)], "title": "A"}, {"title": "B"}),
        (SPEAKING, {"talks": [(20, [person(1, PartRole.PRESENTING_AUTHOR)])]}),
    ],
)
def test_another_title_or_role_renames_a_slot(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = changes_of(old, old | new)
    assert found is not None
    assert (len(found.renamed), found.moved, found.added, found.cancelled) == (1, (), (), ())


def test_all_is_new_in_a_first_version() -> None:
    found = changes_of(None, SPEAKING)
    assert found is not None
    assert ([slot.key for slot in found.added], found.moved, found.cancelled) == (["talk-300"], (), ())


def made(method: Method, sequence: int = 3, *, title: str = "Straße; a, b \\ c") -> Attachment:
    programme_now = programme(session(3, room_number=1, people=[person(1, PartRole.CHAIR)], title=title))
    (order,) = slot_orders(
        list(slots_by_person(programme_now)[HERS].values()),
        method,
        person=PERSON,
        event=EVENT,
        sequence=sequence,
        now=NOW,
        has_accepted=True,
        entered_as={},
    )
    return make_slot(order.facts)


EXPECTED: dict[str, object] = {
    "method": "REQUEST",
    "uid": "session-3-person-7@localhost",
    "sequence": "3",
    "start": NINE.astimezone(STOCKHOLM),
    "end": NINE.astimezone(STOCKHOLM) + timedelta(hours=1),
    "summary": "Chair: Straße; a, b \\ c",
    "status": "CONFIRMED",
    "attendee": "mailto:%C3%A5sa+talk@lab.example",
    "name": "Åsa 'the, one'; \\ x ATTENDEE:mailto:evil@x.example",
    "rsvp": "FALSE",
    "partstat": "ACCEPTED",
    "organiser": "mailto:office@conference.example",
}


def test_a_request_reads_back_in_icalendar(app: Flask) -> None:
    file = made(Method.REQUEST)
    assert (file.is_beside, file.content_type) == (True, "text/calendar; charset=utf-8; method=REQUEST")
    calendar = Calendar.from_ical(file.content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.walk("VEVENT")
    parameters = event["ATTENDEE"].params
    assert {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": str(event["SEQUENCE"]),
        "start": event.decoded("DTSTART"),
        "end": event.decoded("DTEND"),
        "summary": str(event["SUMMARY"]),
        "status": str(event["STATUS"]),
        "attendee": str(event["ATTENDEE"]),
        "name": str(parameters["CN"]),
        "rsvp": str(parameters["RSVP"]),
        "partstat": str(parameters["PARTSTAT"]),
        "organiser": str(event["ORGANIZER"]),
    } == EXPECTED


def test_a_request_reads_back_in_vobject(app: Flask) -> None:
    calendar = vobject.readOne(made(Method.REQUEST).content.decode())
    event = calendar.vevent
    parameters = event.attendee.params
    assert {
        "method": calendar.method.value,
        "uid": event.uid.value,
        "sequence": event.sequence.value,
        "start": event.dtstart.value,
        "end": event.dtend.value,
        "summary": event.summary.value,
        "status": event.status.value,
        "attendee": event.attendee.value,
        "name": parameters["CN"][0],
        "rsvp": parameters["RSVP"][0],
        "partstat": parameters["PARTSTAT"][0],
        "organiser": event.organizer.value,
    } == EXPECTED
    assert [zone.tzid.value for zone in calendar.vtimezone_list] == ["Europe/Stockholm"]


def test_no_line_is_longer_than_75_octets_and_no_name_begins_one(app: Flask) -> None:
    lines = made(Method.REQUEST, title="Å" * 200).content.split(b"\r\n")
    assert max(len(line) for line in lines) <= LINE_OCTETS
    assert sum(line.startswith(b"ATTENDEE") for line in lines) == 1


def test_a_cancellation_names_the_same_entry_with_a_higher_sequence(app: Flask) -> None:
    request, cancel = made(Method.REQUEST), made(Method.CANCEL, 4)
    first, last = (vobject.readOne(file.content.decode()) for file in (request, cancel))
    assert (last.method.value, last.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert (last.vevent.uid.value, last.vevent.attendee.value) == (
        first.vevent.uid.value,
        first.vevent.attendee.value,
    )
    assert int(first.vevent.sequence.value) < int(last.vevent.sequence.value)
