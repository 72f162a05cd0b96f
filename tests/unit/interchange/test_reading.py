"""Schedules as XML and JSON: every dialect, and every way in which a file is refused, with its line."""

import gc
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conference.core.clock import STOCKHOLM
from conference.core.errors import DomainError
from conference.interchange import errors
from conference.interchange.model import ReadPerson, ReadSession
from conference.interchange.reading import form_of, read_schedule
from conference.interchange.reading_values import MAX_BYTES
from conference.programme.model import Kind
from tests.factories.schedules import EVENT, document, event, json_document, json_event
from tests.factories.shared_data import SCHEDULES, shared_file

OPENING = ReadSession(
    key="11111111-1111-4111-8111-111111111111",
    line=5,
    title="Opening",
    kind=Kind.PLENARY,
    abstract="All of it.",
    track="Rare diseases",
    room="Aula",
    start=datetime(2022, 9, 22, 7, 30, tzinfo=UTC),
    duration_min=45,
    people=(ReadPerson(key="5", name="Åsa Lind"),),
)

# A reading that looked through the rest for each of many would take hours; a machine with other work, some seconds.
MUCH_S = 60


def test_a_document_of_today_is_read_whole() -> None:
    head = "<conference><acronym>pm22</acronym><title> Precision  Medicine</title></conference>"
    read = read_schedule(document(EVENT, head=head))
    assert read.sessions == (OPENING,)
    assert (read.source, read.title, read.zone) == ("pm22", "Precision Medicine", "Europe/Stockholm")
    assert (read.days, read.rooms, read.tracks) == ((date(2022, 9, 22),), ("Aula",), ("Rare diseases",))
    assert read.notes == ()


def test_in_utf_16_it_says_the_same() -> None:
    text = document(EVENT).decode().replace("UTF-8", "UTF-16")
    assert read_schedule(text.encode("utf-16")).sessions == (OPENING,)


def test_the_room_may_be_a_child_element_alone() -> None:
    bare = f'<schedule><day date="2007-02-25">{event(room="Chavanne")}</day></schedule>'.encode()
    (only,) = read_schedule(bare).sessions
    assert (only.room, only.key, only.start) == ("Chavanne", "1", datetime(2007, 2, 25, 8, 30, tzinfo=UTC))


def test_a_time_without_offset_is_of_the_files_zone_or_of_the_one_that_is_wished() -> None:
    head = "<conference><title>X</title><time_zone_name>Europe/Helsinki</time_zone_name></conference>"
    content = document(event(), head=head)
    assert read_schedule(content).sessions[0].start == datetime(2022, 9, 22, 6, 30, tzinfo=UTC)
    assert read_schedule(content, zone="Europe/London").sessions[0].start.hour == 8
    assert read_schedule(content, zone="Europe/London").zone == "Europe/London"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<conference><day_change>05:00:00</day_change></conference>", 'date="2022-09-22"'),
        ("", 'date="2022-09-22" start="2022-09-22T11:00:00+02:00"'),
    ],
)
def test_a_start_after_midnight_is_on_the_next_day(head: str, day: str) -> None:
    read = read_schedule(document(event(start="00:15"), event(2, start="11:00"), head=head, day=day))
    assert [one.start.astimezone(STOCKHOLM).day for one in read.sessions] == [23, 22]


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset() -> None:
    dates = ("2022-10-30T02:30:00+02:00", "2022-10-30T02:30:00+01:00")
    read = read_schedule(document(*(event(n, date=one) for n, one in enumerate(dates, 1))))
    assert read.sessions[1].start - read.sessions[0].start == timedelta(hours=1)


def test_markup_in_a_field_leaves_its_words() -> None:
    (only,) = read_schedule(document(event(abstract="One <em>two</em> three", room="<b>Aula</b>"))).sessions
    assert (only.abstract, only.room) == ("One two three", "Aula")


def test_abstract_and_description_are_one_text_and_what_is_not_said_is_none() -> None:
    both, same, neither = read_schedule(
        document(event(1, abstract="A", description="B"), event(2, abstract="A", description="A"), event(3))
    ).sessions
    assert (both.abstract, same.abstract, neither.abstract, neither.kind) == ("A\n\nB", "A", None, None)


def test_people_are_each_named_once_and_nobody_is_nobody() -> None:
    (only,) = read_schedule(document(event(persons={"1": "Bo", "": "李", "2": " "}))).sessions
    assert only.people == (ReadPerson(key="1", name="Bo"), ReadPerson(key="~李", name="李"))


def test_marks_that_turn_the_direction_are_taken_out_with_a_note() -> None:
    title = "\u202eevil\u202c محمد"
    read = read_schedule(document(event(title=title)))
    assert read.sessions[0].title == "evil محمد"
    assert [str(note) for note in read.notes] == [
        "Line 5: characters that cannot be seen were taken out of the title (U+202E, U+202C)."
    ]


def test_one_talk_in_two_slots_is_two_sessions() -> None:
    read = read_schedule(
        document(
            event(7, title="Tour"),
            event(7, title="Tour", start="14:00"),
            event(7, title="Tour", start="16:00"),
        )
    )
    assert [one.key for one in read.sessions] == ["7", "7#2", "7#3"]


def test_one_id_with_different_guids_is_two_sessions() -> None:
    guids = [f"{number}1111111-1111-4111-8111-111111111111" for number in (1, 2)]
    read = read_schedule(document(*(event(7, guid=guid) for guid in guids)))
    assert [one.key for one in read.sessions] == guids


GUID = "11111111-1111-4111-8111-111111111111"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<schedule><day date="2022-09-22">'
    f"{event(title='&b;')}</day></schedule>"
)
REFUSED: list[tuple[bytes, type[DomainError], dict[str, object]]] = [
    (b"x" * (MAX_BYTES + 1), errors.ScheduleTooLargeError, {"megabytes": 10, "sessions": 5000}),
    (LAUGHS.encode(), errors.DeclarationError, {"line": 1}),
    (
        b'<?xml version="1.0"?>\n\n<!DOCTYPE s SYSTEM "file:///etc/hostname">\n<schedule/>',
        errors.DeclarationError,
        {"line": 3},
    ),
    (document(event(title="&secret;")), errors.MalformedError, {"line": 5, "reason": "undefined entity"}),
    (document("<event>"), errors.MalformedError, {"line": 6, "reason": "mismatched tag"}),
    (document(event())[:-20], errors.MalformedError, {"line": 6, "reason": "no element found"}),
    (document(event(title="\x01")), errors.MalformedError, {"line": 5, "reason": "not well-formed (invalid token)"}),
    (b'<?xml version="1.0" encoding="klingon"?><schedule/>', errors.MalformedError, {"line": 1, "reason": "unknown encoding: klingon"}),
    (document("<<<<<<< HEAD", event(), "=======", event(2), ">>>>>>> other"), errors.ConflictMarkersError, {"line": 5}),
    (b"<<<<<<< HEAD\n" + document(event()), errors.ConflictMarkersError, {"line": 1}),
    (document("<a>" * 40 + "</a>" * 40), errors.TooDeepError, {"line": 5, "most": 30}),
    (b"<html/>", errors.ScheduleUnreadableError, {}),
    (b"title,start\nA,09:00\n", errors.ScheduleUnreadableError, {}),
    (b"", errors.ScheduleUnreadableError, {}),
    (document(), errors.NoSessionsError, {}),
    (document(event(title="")), errors.ValueMissingError, {"line": 5, "name": "title"}),
    (document(event(title="x" * 2000)), errors.TextTooLongError, {"line": 5, "name": "title", "length": 2000, "limit": 200}),
    (document(event(room="x" * 101)), errors.TextTooLongError, {"line": 5, "name": "room", "length": 101, "limit": 100}),
    (document(event(abstract="x" * 20_001)), errors.TextTooLongError, {"line": 5, "name": "abstract", "length": 20_001, "limit": 20_000}),
    (document(event(persons={"1": "x" * 201})), errors.TextTooLongError, {"line": 5, "name": "person", "length": 201, "limit": 200}),
    (document(event(persons={str(n): f"P{n}" for n in range(51)})), errors.TextTooLongError, {"line": 5, "name": "persons", "length": 51, "limit": 50}),
    (document(event(guid="x" * 201)), errors.TextTooLongError, {"line": 5, "name": "guid", "length": 201, "limit": 200}),
    (document(event(start="")), errors.ValueMissingError, {"line": 5, "name": "start"}),
    (document(event(start="25:00")), errors.ValueRefusedError, {"line": 5, "name": "start", "value": "25:00", "example": "09:30"}),
    (document(event(date="soon:")), errors.ValueRefusedError, {"line": 5, "name": "date", "value": "soon:", "example": "2022-09-22T09:30:00+02:00"}),
    (document(event(date="0001-01-01T00:00:00+02:00")), errors.ValueRefusedError, {"line": 5, "name": "date", "value": "0001-01-01T00:00:00+02:00", "example": "2022-09-22T09:30:00+02:00"}),
    (document(event(), day='date="22.9.2022"'), errors.ValueRefusedError, {"line": 3, "name": "date", "value": "22.9.2022", "example": "2022-09-22"}),
    (document(event(duration="")), errors.ValueMissingError, {"line": 5, "name": "duration"}),
    (document(event(duration="an hour")), errors.ValueRefusedError, {"line": 5, "name": "duration", "value": "an hour", "example": "00:45"}),
    (document(event(duration="00:00")), errors.DurationRefusedError, {"line": 5, "minutes": 0}),
    (document(event(duration="25:00")), errors.DurationRefusedError, {"line": 5, "minutes": 1500}),
    (document(event(1, guid=GUID), event(2, guid=GUID, start="14:00")), errors.RepeatedIdError, {"line": 6, "key": GUID, "first": 5}),
    (document(event(1), event(1, title="Another")), errors.RepeatedIdError, {"line": 6, "key": "1", "first": 5}),
    (document(event(1), event(1)), errors.RepeatedIdError, {"line": 6, "key": "1", "first": 5}),
    (document(event(), head="<conference><time_zone_name>Mars/Base</time_zone_name></conference>"), errors.ZoneUnknownError, {"zone": "Mars/Base"}),
    (b'{\n "schedule": {,', errors.MalformedError, {"line": 2, "reason": "Expecting property name enclosed in double quotes"}),
    (b'{"a": 1,\n "b": "\xff"}', errors.MalformedError, {"line": 2, "reason": "not UTF-8"}),
    (b'{\n<<<<<<< HEAD\n "a": 1}', errors.ConflictMarkersError, {"line": 2}),
    (b'{"a": ' * 100_000, errors.ScheduleUnreadableError, {}),
    (b'{"a": ' + b"9" * 5000 + b"}", errors.ScheduleUnreadableError, {}),
    (b"[]", errors.ScheduleUnreadableError, {}),
    (b'{"schedule": {"conference": {"days": 3}}}', errors.ScheduleUnreadableError, {}),
    (json_document(), errors.NoSessionsError, {}),
    (json_document(json_event(), json_event(2, duration="1 h")), errors.ValueRefusedError, {"line": 23, "name": "duration", "value": "1 h", "example": "00:45"}),
    (json_document(json_event(1), json_event(1, title="B")), errors.RepeatedIdError, {"line": 23, "key": "00000001-1111-4111-8111-111111111111", "first": 15}),
    (json_document(json_event(title={"en": "A"})), errors.ValueRefusedError, {"line": 15, "name": "title", "value": '{"en": "A"}', "example": '"a text"'}),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind", "facts"), REFUSED)
def test_a_file_is_refused_with_its_line(
    content: bytes, kind: type[DomainError], facts: dict[str, object]
) -> None:
    with pytest.raises(kind) as refusal:
        read_schedule(content)
    assert (type(refusal.value), refusal.value.facts) == (kind, facts)
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (document(*(event(number) for number in range(5001))), errors.ScheduleTooLargeError),
        (json_document(*(json_event(1, guid=str(n)) for n in range(5001))), errors.ScheduleTooLargeError),
        (document("<event>" * 9_000), errors.TooDeepError),
        (document("<event/>" * 900_000), errors.ScheduleTooLargeError),
        (document(f"<event><persons>{'<person/>' * 900_000}</persons></event>"), errors.TooManyError),
        (document(event(), "</room>", "<room/>" * 9, *(f'<room name="R{n}"></room>' for n in range(501)), "<room>"), errors.TooManyError),
        (document(event(), "</room>", f'<room name="{"x" * 101}">'), errors.TextTooLongError),
    ],
    ids=["sessions", "of JSON", "deep", "events", "persons", "rooms", "a room"],
)  # fmt: skip
def test_more_than_any_conference_has_is_refused_soon(content: bytes, kind: type[DomainError]) -> None:
    began = time.process_time()
    with pytest.raises(kind):
        read_schedule(content)
    assert time.process_time() - began < MUCH_S


def test_names_and_ids_are_known_by_keys_that_fit() -> None:
    """One character may be eighteen once it is folded, and an id of JSON may hold what no database takes."""
    names = [f"{'ﷺ' * 199}{end}" for end in "ab"]
    plain = [
        json_event(
            n, title=name, guid=None, id=None, persons=[{"id": "a\u0000b", "name": "X"}, {"name": name}]
        )
        for n, name in enumerate(names, 1)
    ]
    sessions = read_schedule(json_document(*plain)).sessions
    keys = [one.key for one in sessions] + [one.people[1].key for one in sessions if one.people]
    assert (len(set(keys)), max(map(len, keys)) <= 200) == (2, True)
    assert sessions[0].people is not None
    assert sessions[0].people[0].key == "ab"


def test_one_long_token_is_read_in_time() -> None:
    began = time.process_time()
    with pytest.raises(errors.TextTooLongError):
        read_schedule(document(event(title="x" * 9_000_000)))
    with pytest.raises(errors.MalformedError):
        read_schedule(b'<schedule a="' + b"x" * 9_000_000)
    assert time.process_time() - began < MUCH_S


def test_ten_times_the_sessions_take_about_ten_times_as_long() -> None:
    """A reading that looked through the file for each session would take a hundred times as long."""

    def seconds(count: int) -> float:
        content = json_document(*({**json_event(), "guid": f"g{n}", "id": n} for n in range(count)))
        return min(reading_s(content, count) for _ in range(3))

    assert seconds(4000) < 40 * max(seconds(400), 0.002)


def reading_s(content: bytes, count: int) -> float:
    """Return the CPU seconds of one reading, without the collector, which walks the whole test process's heap."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        assert len(read_schedule(content).sessions) == count
        return time.process_time() - began
    finally:
        gc.enable()


def test_json_says_the_same_as_xml() -> None:
    plain = json_event(
        guid=OPENING.key, date="2022-09-22T09:30:00+02:00", duration="00:45", title="Opening", type="keynote",
        track="Rare diseases", abstract="All of it.", persons=[{"id": 5, "public_name": "Åsa Lind"}],
    )  # fmt: skip
    (only,) = read_schedule(json_document(plain)).sessions
    assert only.line == 15
    assert {name: getattr(only, name) for name in ReadSession.__slots__ if name != "line"} == {
        name: getattr(OPENING, name) for name in ReadSession.__slots__ if name != "line"
    }


def test_json_may_say_the_end_instead_of_the_duration_and_nothing_at_all() -> None:
    plain = json_event(end="2022-09-22T10:15:00+02:00", subtitle=None, track=None)
    del plain["duration"], plain["persons"]
    (only,) = read_schedule(json_document(plain)).sessions
    assert (only.duration_min, only.track, only.people, only.kind) == (75, "", None, None)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b" \n<schedule>", "xml"), (b"\xef\xbb\xbf<?xml", "xml"), ("\ufeff<a/>".encode("utf-16-le"), "xml"),
        (b"{}", "json"), (b"PK\x03\x04", "table"), (b"id,title", "table"), (b"", "table"),
    ],
)  # fmt: skip
def test_the_form_is_told_by_the_content(head: bytes, form: str) -> None:
    assert form_of(head) == form


def _counted(path: Path) -> Counter[tuple[str, str, str, str]]:
    """Return what a file's events say, read in the plainest way."""
    return Counter(
        (
            one.findtext("title", ""),
            one.findtext("room", ""),
            one.findtext("start", ""),
            one.findtext("duration", "")[:5],
        )
        for one in ET.parse(path).getroot().iter("event")
    )


@pytest.mark.parametrize("name", SCHEDULES)
def test_real_schedules_are_read_whole(name: str) -> None:
    path = shared_file(name)
    read = read_schedule(path.read_bytes())
    told = Counter(
        (
            one.title,
            one.room,
            f"{one.start.astimezone(STOCKHOLM):%H:%M}",
            f"{one.duration_min // 60:02}:{one.duration_min % 60:02}",
        )
        for one in read.sessions
    )
    assert told == _counted(path)
    assert len(told) > 100
    assert read.notes == ()


def test_the_nights_of_31c3_belong_to_the_day_after() -> None:
    read = read_schedule(shared_file("31c3-anonymised.xml").read_bytes())
    nights = [
        one.start.astimezone(STOCKHOLM).day
        for one in read.sessions
        if one.start.astimezone(STOCKHOLM).hour < 6
    ]
    assert set(nights) == {28, 29, 30}


def test_pretalxs_json_is_read_whole() -> None:
    read = read_schedule(shared_file("c3voc/pretalx-democon.json").read_bytes())
    assert (read.source, len(read.sessions), read.rooms, read.zone) == (
        "democon",
        36,
        ("Gray Room", "Tan Room"),
        "UTC",
    )
    assert read.sessions[0].start == datetime(2020, 12, 14, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["www.trap.example", "Free gift: trap.com/x", "a@trap.example"])
def test_a_person_whose_name_could_become_a_link_is_left_out_and_told_by_line(name: str) -> None:
    """The import does not fail for one name; the forms refuse it likewise."""
    read = read_schedule(document(event(1, persons={"1": "Åsa Lind", "2": name})))
    assert [one.name for one in read.sessions[0].people or ()] == ["Åsa Lind"]
    (note,) = read.notes
    assert str(note).startswith(f"Line {read.sessions[0].line}: “{name}” is left out, because “")
    assert str(note).endswith("Correct the name in the file, or put a space after the dot.")


def test_a_title_before_a_name_is_no_link() -> None:
    read = read_schedule(document(event(1, persons={"1": "Prof.Dr.med. Åsa Lind"})))
    assert ([one.name for one in read.sessions[0].people or ()], read.notes) == (
        ["Prof.Dr.med. Åsa Lind"],
        (),
    )
