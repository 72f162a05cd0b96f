from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from conference.core.clock import STOCKHOLM
from conference.event.calendar import CalendarEntry, Method, calendar_file

STAMP = datetime(2022, 9, 5, 6, 0, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="session-7@conference.example",
    sequence=3,
    start=datetime(2022, 9, 22, 7, 0, tzinfo=UTC),
    end=datetime(2022, 9, 22, 8, 30, tzinfo=UTC),
    summary="Opening; welcome,\u00a0all\u200c",
    location="Aula Ångström",
    description="Line one\nLine two \\ end",
    url="https://conference.example/programme/session/7",
)


def parsed(content: bytes) -> Calendar:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    return calendar


def test_file_reads_back_with_every_value() -> None:
    calendar = parsed(calendar_file([ENTRY], stamp=STAMP, name="The conference"))
    (event,) = calendar.walk("VEVENT")
    assert {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": str(event["SEQUENCE"]),
        "stamp": event.decoded("DTSTAMP"),
        "start": event.decoded("DTSTART"),
        "end": event.decoded("DTEND"),
        "summary": str(event["SUMMARY"]),
        "location": str(event["LOCATION"]),
        "description": str(event["DESCRIPTION"]),
        "url": str(event["URL"]),
    } == {
        "method": "PUBLISH",
        "uid": ENTRY.uid,
        "sequence": "3",
        "stamp": STAMP,
        "start": ENTRY.start.astimezone(STOCKHOLM),
        "end": ENTRY.end.astimezone(STOCKHOLM),
        "summary": ENTRY.summary,
        "location": ENTRY.location,
        "description": ENTRY.description,
        "url": ENTRY.url,
    }


def test_the_zone_in_the_file_gives_the_offsets_of_summer_and_winter() -> None:
    (zone,) = parsed(calendar_file([], stamp=STAMP, name="x")).walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    rules = zone.to_tz()
    summer, winter = datetime(2022, 9, 22, 9, tzinfo=rules), datetime(2022, 12, 22, 9, tzinfo=rules)
    assert [summer.utcoffset(), winter.utcoffset()] == [timedelta(hours=2), timedelta(hours=1)]


def test_no_value_can_begin_a_line_of_its_own() -> None:
    nasty = "x\r\nEND:VEVENT\u2028BEGIN:VALARM\x0bATTACH:file\x00"
    entry = replace(ENTRY, summary=nasty, location=nasty, description=nasty, url=nasty, uid=nasty)
    lines = calendar_file([entry], stamp=STAMP, name=nasty).decode().split("\r\n")
    assert lines.count("END:VEVENT") == 1
    assert [line for line in lines if line.startswith(("BEGIN:VALARM", "ATTACH"))] == []
    assert "\x00" not in "".join(lines)


def test_empty_values_have_no_lines() -> None:
    bare = replace(ENTRY, location="", description="", url="")
    content = calendar_file([bare], stamp=STAMP, name="x")
    assert [key in content for key in (b"LOCATION", b"DESCRIPTION", b"URL")] == [False] * 3


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"], include_characters=" "), max_size=300))
def test_lines_are_folded_between_characters_and_read_back(text: str) -> None:
    content = calendar_file([replace(ENTRY, summary=text)], stamp=STAMP, name="x")
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
    (event,) = parsed(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == text
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_whole_day_has_no_hours() -> None:
    midnight = datetime(2022, 9, 22, tzinfo=STOCKHOLM)
    entry = CalendarEntry(
        uid="d@x",
        sequence=0,
        start=midnight,
        end=midnight + timedelta(days=1),
        summary="Day",
        is_all_day=True,
    )
    lines = calendar_file([entry], stamp=STAMP, name="n").decode().split("\r\n")
    assert "DTSTART;VALUE=DATE:20220922" in lines
    assert "DTEND;VALUE=DATE:20220923" in lines


def test_a_cancellation_names_the_same_entry_its_organiser_and_its_end() -> None:
    entry = replace(ENTRY, sequence=4, organiser="office@conference.example\r\nATTENDEE:x")
    calendar = parsed(calendar_file([entry], stamp=STAMP, name="x", method=Method.CANCEL))
    (event,) = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == "CANCEL"
    assert [str(event[key]) for key in ("UID", "SEQUENCE", "STATUS", "ORGANIZER")] == [
        ENTRY.uid,
        "4",
        "CANCELLED",
        "mailto:office@conference.exampleATTENDEE:x",
    ]


def test_a_second_parser_reads_every_value_of_an_attendees_days() -> None:
    day = datetime(2022, 9, 22, tzinfo=STOCKHOLM)
    entries = [
        replace(
            ENTRY,
            uid=f"day-{n}",
            start=day + timedelta(days=n),
            end=day + timedelta(days=n + 1),
            is_all_day=True,
        )
        for n in range(2)
    ]
    calendar = vobject.readOne(calendar_file(entries, stamp=STAMP, name="The conference").decode())
    assert calendar.method.value == "PUBLISH"
    assert [
        (event.uid.value, event.dtstart.value, event.summary.value, event.description.value)
        for event in calendar.vevent_list
    ] == [(f"day-{n}", date(2022, 9, 22 + n), ENTRY.summary, ENTRY.description) for n in range(2)]
    assert not any("attendee" in event.contents for event in calendar.vevent_list)
