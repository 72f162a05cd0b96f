"""The published version in every form: against the schemas, by other readers, and read back by our own."""

import csv
import io
import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import jsonschema
import pytest
import xmlschema
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from conference.audit.model import BY_SYSTEM
from conference.core.clock import STOCKHOLM
from conference.core.ids import SessionId, TrackId
from conference.db.work import transact
from conference.interchange.model import ReadSchedule, Wishes
from conference.interchange.reading import read_schedule
from conference.interchange.reading_tables import read_schedule_table
from conference.interchange.service import Outcome, import_schedule
from conference.interchange.writing_data import SCHEMA
from conference.programme import service
from conference.programme.model import Kind, MoveSession, PartRole
from conference.programme.queries import draft, get_session
from conference.programme.rules import seen_mark
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.schedules import document, event
from tests.factories.shared_data import shared_file

FILES = (
    "schedule.xml",
    "schedule.json",
    "programme.xcs",
    "programme.csv",
    "programme.xlsx",
    "programme.json",
    "programme.rss",
)
# What a formula would be, what XML and CSV read as their own, and what XML cannot hold at all.
ODD = '=1+1 <b>"Gene", & "]]>" \ufffe Ψ'


@pytest.fixture
def session_id(app: Flask) -> SessionId:
    """A published session with a chair and a talk, and a coffee for all in no room."""
    chair, speaker = make_person("Ελένη", "Παππά"), make_person("Łukasz", "Żółć", "Universität Muster")
    made = make_session(
        ODD,
        room_id=make_room("Hörsal & <Muster>"),
        start=at("09:30"),
        duration_min=90,
        people=[part(chair, PartRole.CHAIR)],
        track_id=TrackId(3),
        abstract="What is seldom.\nAnd what is not.",
    )
    make_talk(
        made, "A diagnosis", people=[part(speaker, PartRole.PRESENTING_AUTHOR)], abstract="After years."
    )
    make_session("Coffee", kind=Kind.BREAK, start=at("09:00"), duration_min=30)
    make_session("In the draft only")
    publish_now(name=ODD)
    return made


def got(client: FlaskClient, name: str) -> bytes:
    answer = client.get(f"/{name}")
    assert answer.status_code == 200
    content: bytes = answer.data
    return content


def again(read: ReadSchedule) -> Outcome:
    return transact(
        lambda session: import_schedule(session, read, Wishes(), actor=BY_SYSTEM, may_set_days=False)
    )


@pytest.mark.parametrize("name", [*FILES, "programme/formats", "programme/mine.ics?sessions=1"])
def test_before_the_first_version_there_is_no_file(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/{name}")
    assert (answer.status_code, "not published yet" in answer.text) == (404, True)


@pytest.mark.parametrize("name", FILES)
def test_who_has_the_file_hears_that_nothing_is_new(
    client: FlaskClient, session_id: SessionId, name: str
) -> None:
    first = client.get(f"/{name}")
    tag = first.headers["ETag"]
    same = client.get(f"/{name}", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    make_session("Later", room_id=make_room("Annexe"), start=at("13:00"))
    # The draft is nobody's business.
    assert client.get(f"/{name}").data == first.data
    publish_now()
    renewed = client.get(f"/{name}", headers={"If-None-Match": tag})
    assert (renewed.status_code, renewed.headers["ETag"] != tag) == (200, True)


def xsd_errors(content: bytes) -> list[str]:
    schema = xmlschema.XMLSchema(str(shared_file("c3voc/schedule.xml.xsd")))
    return [str(error) for error in schema.iter_errors(io.BytesIO(content))]


def json_errors(plain: Any) -> list[str]:
    schema = json.loads(shared_file("c3voc/schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    return [error.message for error in checker.iter_errors(plain)]


def test_the_schemas_themselves_tell_good_from_bad() -> None:
    bad = json.loads(shared_file("c3voc/invalid-example.json").read_text(encoding="utf-8"))
    assert json_errors(bad)
    assert xsd_errors(document(event()))


def test_schedule_xml_satisfies_the_schema(client: FlaskClient, session_id: SessionId) -> None:
    content = got(client, "schedule.xml")
    assert xsd_errors(content) == []
    root = ET.fromstring(content)
    rooms = [
        (room.attrib["name"], [one.findtext("title") for one in room])
        for room in root.iter("room")
        if len(room)
    ]
    assert rooms == [("Hörsal & <Muster>", [ODD.replace("\ufffe", "")]), ("–", ["Coffee"])]
    found = next(one for one in root.iter("event") if one.attrib["id"] == str(session_id))
    assert found.findtext("date") == "2022-09-22T09:30:00+02:00"
    assert found.findtext("description") == "09:30 A diagnosis (Łukasz Żółć)"
    assert found.findtext("url") == f"http://localhost/programme/session/{session_id}"
    assert [person.text for person in found.iter("person")] == ["Ελένη Παππά", "Łukasz Żółć"]


def test_schedule_json_satisfies_the_schema(client: FlaskClient, session_id: SessionId) -> None:
    plain = json.loads(got(client, "schedule.json"))
    assert json_errors(plain) == []
    conference = plain["schedule"]["conference"]
    assert (conference["daysCount"], conference["acronym"]) == (2, "ceiopmie2022")
    (found,) = conference["days"][0]["rooms"]["Hörsal & <Muster>"]
    assert (found["title"], found["duration"], found["track"]) == (ODD, "01:30", "Rare diseases")
    guids = {one.attrib["guid"] for one in ET.fromstring(got(client, "schedule.xml")).iter("event")}
    assert found["guid"] in guids


def test_programme_json_is_what_its_schema_says(client: FlaskClient, session_id: SessionId) -> None:
    plain = json.loads(got(client, "programme.json"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(plain, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert json.loads(got(client, "programme.schema.json")) == SCHEMA
    _, found = plain["sessions"]
    assert (found["id"], found["people"][0]["role"]) == (session_id, "chair")
    assert found["talks"][0]["people"][0]["affiliation"] == "Universität Muster"
    assert (plain["version"], plain["made_at"][:16], plain["made_at"][19:]) == (
        1,
        "2022-09-05T08:00",
        "+02:00",
    )


def test_xcal_says_the_same_as_the_calendar_file(client: FlaskClient, session_id: SessionId) -> None:
    space = "{urn:ietf:params:xml:ns:icalendar-2.0}"
    root = ET.fromstring(got(client, "programme.xcs"))
    of_xml = {
        one.findtext(f"{space}uid/{space}text"): (
            one.findtext(f"{space}summary/{space}text"),
            datetime.fromisoformat(one.findtext(f"{space}dtstart/{space}date-time", "")),
        )
        for one in root.iter(f"{space}properties")
        if one.find(f"{space}uid") is not None
    }
    calendar = icalendar.Calendar.from_ical(got(client, "programme.ics"))
    of_file = {
        str(one["UID"]): (str(one["SUMMARY"]).replace("\ufffe", ""), one.decoded("DTSTART"))
        for one in calendar.walk("VEVENT")
    }
    assert of_xml == of_file
    assert len(of_file) == 2


def test_tables_are_inert_and_whole(client: FlaskClient, session_id: SessionId) -> None:
    text = got(client, "programme.csv").decode("utf-8-sig")
    head, coffee, found = csv.reader(io.StringIO(text))
    assert head[:6] == ["Id", "Title", "Start", "End", "Duration", "Room"]
    assert (found[1], found[2], found[4]) == (f"'{ODD}", "2022-09-22 09:30", "90")
    assert (coffee[1], coffee[5], coffee[7]) == ("Coffee", "", "break")
    assert found[8] == "Ελένη Παππά; Łukasz Żółć"
    sheet = load_workbook(io.BytesIO(got(client, "programme.xlsx"))).active
    assert sheet is not None
    cell = sheet["B3"]
    assert (cell.value, cell.data_type) == (ODD.replace("\ufffe", ""), "s")


@pytest.mark.parametrize("name", ["schedule.xml", "schedule.json", "programme.csv", "programme.xlsx"])
def test_what_was_exported_and_is_imported_again_changes_nothing(
    client: FlaskClient, session_id: SessionId, tmp_path: Path, name: str
) -> None:
    content = got(client, name)
    before = transact(draft)
    if name.startswith("schedule"):
        read = read_schedule(content)
    else:
        (tmp_path / name).write_bytes(content)
        read = read_schedule_table(tmp_path / name, source="ours")
    made = again(read).plan
    # XML has no sign for one of the title's characters, so the title alone comes back as another.
    changed = [one.fields for one in made.alterations]
    assert changed == ([] if name == "schedule.json" or name.endswith("csv") else [("title",)])
    assert (made.additions, made.removals, made.new_people) == ((), (), ())
    if not changed:
        assert transact(draft) == before


def test_guids_of_an_import_are_given_on(client: FlaskClient) -> None:
    guid = "11111111-1111-4111-8111-111111111111"
    again(read_schedule(document(event(guid=guid))))
    publish_now()
    (found,) = ET.fromstring(got(client, "schedule.xml")).iter("event")
    assert found.attrib["guid"] == guid


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("track/3", [ODD]),
        ("room/{room}", [ODD]),
        ("person/{person}", [ODD]),
        ("mine.ics?sessions={session}.{other}.999", [ODD, "Coffee"]),
        ("mine.ics?sessions=", []),
    ],
)
def test_calendars_of_a_part_hold_that_part(
    client: FlaskClient, session_id: SessionId, path: str, titles: list[str]
) -> None:
    stored = get_session(transact(draft), session_id)
    other = next(one.id for one in transact(draft).sessions if one.title == "Coffee")
    assert stored.room is not None
    person = stored.talks[0].people[0].person_id
    address = path.format(room=stored.room.id, person=person, session=session_id, other=other)
    address = address if "?" in address else f"{address}.ics"
    answer = client.get(f"/programme/{address}")
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert sorted(str(one["SUMMARY"]) for one in found) == sorted(titles)
    assert answer.headers["Content-Disposition"].endswith('.ics"')


@pytest.mark.parametrize(
    "path",
    ["track/99.ics", "room/99.ics", "person/99.ics", "mine.ics?sessions=1,2",
     "mine.ics?sessions=" + ".".join("1" * 300)],
)  # fmt: skip
def test_a_calendar_of_what_there_is_not_is_not_found(
    client: FlaskClient, session_id: SessionId, path: str
) -> None:
    assert client.get(f"/programme/{path}").status_code == 404


def items(client: FlaskClient, language: str = "en") -> list[dict[str, str]]:
    root = ET.fromstring(client.get("/programme.rss", headers={"Accept-Language": language}).data)
    assert root.findtext("channel/language") == language
    return [{one.tag: one.text or "" for one in item} for item in root.iter("item")]


def test_the_feed_tells_what_each_version_changed(client: FlaskClient, session_id: SessionId) -> None:
    (first,) = items(client)
    assert (first["title"], first["description"]) == (
        "The programme is published",
        "Version 1 is the first one.",
    )
    annexe = make_room("Annexe", place=2)
    revision = get_session(transact(draft), session_id).revision
    move = MoveSession(session_id=session_id, room_id=annexe, start=at("11:00"), expected_revision=revision)
    transact(lambda session: service.move_session(session, move, actor=BY_SYSTEM))
    coffee = next(one for one in transact(draft).sessions if one.title == "Coffee")
    mark = seen_mark(coffee)
    transact(lambda session: service.delete_session(session, coffee.id, mark, actor=BY_SYSTEM))
    publish_now()
    moved, gone, still = items(client)
    assert (moved["title"], gone["title"], still["guid"]) == (
        f"Moved in time, Moved in room: {ODD.replace(chr(0xFFFE), '')}",
        "Cancelled: Coffee",
        first["guid"],
    )
    assert moved["description"] == (
        "Before: Thursday 22 September 2022, 09:30–11:00, Hörsal & <Muster>. "
        "Now: Thursday 22 September 2022, 11:00–12:30, Annexe."
    )
    assert moved["link"].endswith(f"/programme/session/{session_id}")
    assert gone["description"] == "It would have been: Thursday 22 September 2022, 09:00–09:30."
    assert parsedate_to_datetime(moved["pubDate"]).astimezone(STOCKHOLM).hour == 8
    assert items(client, "sv")[0]["title"].startswith("Annan tid")


def test_the_programme_leads_to_its_other_forms(client: FlaskClient, session_id: SessionId) -> None:
    assert 'href="/programme/formats"' in client.get("/programme").text
    page = client.get("/programme/formats").text
    for name in (*FILES, "programme.ics", "programme.schema.json"):
        assert f'href="/{name}"' in page
    assert page.count('.ics"') == 1 + 1 + 1 + 2
    assert 'hreflang="sv"' in page or "lang=sv" in page
