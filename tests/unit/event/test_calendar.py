from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from conference.core.clock import STOCKHOLM
from conference.event.calendar import CalendarEntry, calendar_file

START = datetime(2022, 9, 22, 7, tzinfo=UTC)


def entry(**changes: object) -> CalendarEntry:
    values = {
        "uid": "day-1@conference.example",
        "sequence": 3,
        "start": START,
        "end": START + timedelta(hours=8),
        "summary": "Conference",
    }
    return CalendarEntry(**(values | changes))  # type: ignore[arg-type]  # the changes are the test's


def read(content: bytes) -> list[dict[str, object]]:
    calendar: Any = Calendar.from_ical(content)
    return [
        {
            "uid": str(event["UID"]),
            "sequence": int(event["SEQUENCE"]),
            "start": event["DTSTART"].dt,
            "summary": str(event["SUMMARY"]),
            "location": str(event.get("LOCATION", "")),
        }
        for event in calendar.walk("VEVENT")
    ]


def test_an_entry_comes_back_as_it_was() -> None:
    content = calendar_file([entry(location="Stockholm, Aula; 1")], stamp=START, name="Conference")
    local = datetime(2022, 9, 22, 9, tzinfo=STOCKHOLM)
    assert read(content) == [
        {
            "uid": "day-1@conference.example",
            "sequence": 3,
            "start": local,
            "summary": "Conference",
            "location": "Stockholm, Aula; 1",
        }
    ]
    assert b"METHOD:PUBLISH\r\n" in content
    assert b"DTSTART;TZID=Europe/Stockholm:20220922T090000\r\n" in content


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs"))))
def test_any_text_comes_back_literally(text: str) -> None:
    assert read(calendar_file([entry(summary=text)], stamp=START, name="n"))[0]["summary"] == text


@given(st.text())
def test_no_text_can_add_a_line_or_overlong_one(text: str) -> None:
    content = calendar_file(
        [entry(summary=text, location=text, description=text, url=text)], stamp=START, name="n"
    )
    plain = calendar_file([entry()], stamp=START, name="n")
    lines = content.decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = [line for line in lines if not line.startswith(" ")]
    assert len(unfolded) <= len(plain.decode().split("\r\n")) + 3
    assert "\n" not in content.decode().replace("\r\n", "")


def test_a_name_with_a_line_break_stays_in_its_line() -> None:
    content = calendar_file([entry(summary="A\r\nATTENDEE:mailto:x@y.example")], stamp=START, name="n")
    assert b"\r\nATTENDEE" not in content
    assert b"SUMMARY:A\\nATTENDEE:mailto:x@y.example\r\n" in content
