import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.clock import clock
from conference.core.ids import SessionId, TrackId
from conference.db.work import counted_statements
from conference.programme.model import Kind, PartRole
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now

LITERAL = '<b>Bold</b> <img src="/etc/hostname"> {{7*7}} {x} ' + "long " * 20
PAGES = ("/programme", "/programme/2022-09-22", "/speakers")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def session_id(app: Flask) -> SessionId:
    """A published session with a chair and a talk, after a coffee for all."""
    chair, speaker = make_person("Ελένη", "Παππά"), make_person("Łukasz", "Żółć", "Universität Muster")
    made = make_session(
        "Rare diseases",
        room_id=make_room("Hörsal Muster"),
        start=at("09:30"),
        duration_min=90,
        people=[part(chair, PartRole.CHAIR)],
        track_id=TrackId(3),
        abstract="What is seldom.",
    )
    make_talk(
        made, "A diagnosis", people=[part(speaker, PartRole.PRESENTING_AUTHOR)], abstract="After years."
    )
    make_session("Coffee", kind=Kind.BREAK, start=at("09:00"), duration_min=30)
    publish_now()
    return made


def test_before_the_first_version_the_pages_say_so(client: FlaskClient) -> None:
    for path in ("/programme", "/speakers"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "The programme is not published yet." in answer.text
    for path in ("/programme/2022-09-22", "/programme/session/1", "/programme.ics", "/programme/1/grid.css"):
        assert client.get(path).status_code == 404


def test_a_day_shows_times_rooms_tracks_talks_and_the_version(
    client: FlaskClient, session_id: SessionId
) -> None:
    page = client.get("/programme/2022-09-22")
    text = text_of(page.text)
    for expected in (
        "Version 1, published 5 September 2022, 08:00",
        "Hörsal Muster 100 seats",
        "09:30–11:00 Hörsal Muster Rare diseases Rare diseases Mark “Rare diseases” Chair: Ελένη Παππά",
        "09:30 A diagnosis Łukasz Żółć",
        "09:00–09:30 Coffee",
    ):
        assert expected in text


def test_the_sheet_that_places_the_sessions_is_kept_for_a_year(
    client: FlaskClient, session_id: SessionId
) -> None:
    page = client.get("/programme").text
    address = re.search(r'href="(/programme/1/grid\.css\?key=\w{12})"', page)
    assert address
    answer = client.get(address[1])
    assert (answer.content_type, answer.headers["Cache-Control"]) == (
        "text/css; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    assert f".s{session_id}{{grid-area:3/2/4/3}}" in answer.text
    assert " style=" not in page


def test_a_session_shows_who_does_what_and_links_to_the_people(
    client: FlaskClient, session_id: SessionId
) -> None:
    text = text_of(client.get(f"/programme/session/{session_id}").text)
    for expected in (
        "Thursday 22 September 2022, 09:30–11:00",
        "What is seldom.",
        "09:30–09:50",
        "Łukasz Żółć , Universität Muster (Presenting author)",
        "After years.",
    ):
        assert expected in text


def test_speakers_are_listed_with_affiliation_and_sessions(
    client: FlaskClient, session_id: SessionId
) -> None:
    page = client.get("/speakers").text
    text = text_of(page)
    assert (
        "Łukasz Żółć Universität Muster A diagnosis Presenting author, Thu 22 Sep 09:30 , Hörsal Muster"
        in text
    )
    assert "Ελένη Παππά Hospital of Example Rare diseases Chair, Thu 22 Sep 09:30" in text
    assert f'href="/programme/session/{session_id}#talk-' in page


@pytest.mark.parametrize(
    "path",
    ["/programme/2022-09-24", "/programme/soon", "/programme/session/999", "/programme/7/grid.css"],
)
def test_what_is_not_in_the_version_is_not_found(
    client: FlaskClient, session_id: SessionId, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<title>" in answer.text


def test_an_unpublished_session_is_nowhere(client: FlaskClient, session_id: SessionId) -> None:
    secret = make_session("Not yet decided", room_id=make_room("Annexe"), start=at("12:00"))
    assert client.get(f"/programme/session/{secret}").status_code == 404
    for path in (*PAGES, "/programme.ics", "/programme/1/grid.css"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Not yet decided" not in answer.text
        assert f".s{secret}{{" not in answer.text


def test_a_new_version_is_shown_at_once(client: FlaskClient, session_id: SessionId) -> None:
    assert "Late addition" not in client.get("/programme").text
    make_session("Late addition", room_id=make_room("Annexe"), start=at("12:00"))
    publish_now()
    page = client.get("/programme").text
    assert "Late addition" in page
    assert "Version 2" in page


def test_the_calendar_file_holds_every_session_and_its_sequence_rises_with_a_change(
    client: FlaskClient, session_id: SessionId
) -> None:
    def entries() -> dict[str, tuple[str, int, object, str]]:
        answer = client.get("/programme.ics")
        assert answer.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
        found: list[Any] = list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))
        return {
            str(entry["UID"]): (str(entry["SUMMARY"]), int(entry["SEQUENCE"]), entry["DTSTART"].dt, str(entry["LOCATION"]))
            for entry in found
        }  # fmt: skip

    uid = f"session-{session_id}@localhost"
    assert entries()[uid] == ("Rare diseases", 1, at("09:30"), "Hörsal Muster, Stockholm")
    added = make_session("Added", room_id=make_room("Annexe"), start=at("12:00"))
    publish_now()
    assert {
        key: value[1] for key, value in entries().items() if key != f"session-{session_id + 1}@localhost"
    } == {
        uid: 1,
        f"session-{added}@localhost": 2,
    }


def test_while_the_conference_runs_its_day_comes_first_with_a_way_to_now(
    client: FlaskClient, session_id: SessionId
) -> None:
    clock.begin_at(at("09:40"))
    page = client.get("/programme").text
    assert f'href="#session-{session_id}">Now: Rare diseases' in page
    clock.begin_at(at("08:00", day=23))
    page = client.get("/programme").text
    assert "Nothing is planned on this day yet." in page
    assert "Now:" not in page


def test_texts_of_people_stay_literal(client: FlaskClient, app: Flask) -> None:
    title, name = LITERAL.strip()[:190].strip(), LITERAL.strip()[:115].strip()
    person_id = make_person(name, "")
    made = make_session(
        title, room_id=make_room("Aula"), start=at("09:00"), people=[part(person_id)], abstract=LITERAL
    )
    make_talk(made, title, people=[part(person_id)], abstract=LITERAL)
    publish_now()
    for path in (*PAGES, f"/programme/session/{made}"):
        page = client.get(path).text
        assert "<img" not in page
        assert "<b>" not in page
        assert "&lt;b&gt;Bold&lt;/b&gt; &lt;img src=&#34;/etc/hostname&#34;&gt; {{7*7}} {x} long" in page


def test_the_calendar_file_before_the_first_version_is_not_found_in_words(client: FlaskClient) -> None:
    answer = client.get("/programme.ics")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "The programme is not published yet. It appears here with its first version." in answer.text
    assert 'class="site-head"' in answer.text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", [*PAGES, "/programme.ics"])
def test_pages_take_few_statements_whatever_their_length(
    client: FlaskClient, app: Flask, path: str, count: int
) -> None:
    room_id = make_room("Aula")
    for number in range(count):
        made = make_session(f"Session {number}", room_id=room_id, start=at(f"{9 + number:02}:00"))
        make_talk(made, people=[part(make_person())])
    publish_now()
    clock.shift(timedelta(0))  # a moved clock makes each page anew with the minute
    with counted_statements() as first:
        assert client.get(path).status_code == 200
    with counted_statements() as second:
        assert client.get(path).status_code == 200
    selects = [[s for s in statements if s.startswith("SELECT")] for statements in (first, second)]
    # Made, the page reads the version and the event; some also what people let be shown beside their names, or what
    # was sent to print.
    more = {"/speakers", "/programme", "/programme/2022-09-22"}
    expected = {"/programme.ics": [3, 2]}.get(path, [4 if path in more else 3, 1])
    assert [len(statements) for statements in selects] == expected


def test_the_calendar_file_is_answered_304_until_the_next_version(client: FlaskClient) -> None:
    make_session("One", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    first = client.get("/programme.ics")
    asked = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/programme.ics", headers=asked)
    assert (again.status_code, again.data) == (304, b"")
    make_session("Two", room_id=make_room("Hall"), start=at("10:00"))
    publish_now()
    assert client.get("/programme.ics", headers=asked).status_code == 200
