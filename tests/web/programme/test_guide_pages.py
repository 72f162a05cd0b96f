"""The programme by track, person, words, filters and zone, as it is now, and on the screen at a door."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.clock import clock
from conference.core.ids import SessionId, TrackId
from conference.programme.model import Kind
from conference.speakers.model import ConsentKind
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.speakers import choose, make_speaker, publish_portrait
from tests.web.programme.test_public_programme import text_of


@pytest.fixture
def session_id(app: Flask) -> SessionId:
    """Two sessions of two tracks in two rooms, a workshop, and a break."""
    hall, annexe = make_room("Hörsal Muster"), make_room("Annexe")
    speaker = make_person("Jürgen", "Łukasz", "Universität Muster")
    made = make_session(
        "Rare diseases", room_id=hall, start=at("09:00"), duration_min=60, track_id=TrackId(3)
    )
    make_talk(made, "A diagnosis", people=[part(speaker)], abstract="After years.")
    make_session("Tumours", room_id=annexe, start=at("09:30"), duration_min=60, track_id=TrackId(1))
    make_session("Hands on", room_id=annexe, start=at("11:00"), duration_min=60, kind=Kind.WORKSHOP)
    make_session("Coffee", start=at("10:30"), duration_min=30, kind=Kind.BREAK)
    publish_now()
    return made


def titles(page: str) -> list[str]:
    return [text_of(one).strip() for one in re.findall(r"<h3>(.*?)</h3>", page, re.DOTALL)]


def test_a_track_shows_its_sessions_by_day_and_no_other(client: FlaskClient, session_id: SessionId) -> None:
    page = client.get("/programme/track/3").text
    assert titles(page) == ["Rare diseases"]
    assert "09:00–10:00 Hörsal Muster Rare diseases" in text_of(page)
    assert "/programme/track/3.ics" in page
    assert "No session of this track is in the programme." in client.get("/programme/track/2").text


def test_a_person_shows_what_they_do_in_the_version(client: FlaskClient, session_id: SessionId) -> None:
    page = client.get("/programme/person/1").text
    text = text_of(page)
    assert "Jürgen Łukasz Universität Muster" in text
    assert "Thu 22 Sep 09:00–09:20 Hörsal Muster A diagnosis Speaker in: Rare diseases" in text
    assert "/programme/person/1.ics" in page


def test_a_person_is_shown_as_the_version_froze_them(client: FlaskClient, session_id: SessionId) -> None:
    later = make_session("Not public", room_id=make_room("Third"), start=at("14:00"))
    make_talk(later, "Secret", people=[part(make_person("Nobody", "Knows"))])
    assert client.get("/programme/person/2").status_code == 404
    assert "Secret" not in client.get("/programme/person/1").text


def test_portrait_and_biography_each_need_their_consent(client: FlaskClient) -> None:
    person_id = make_speaker()
    publish_now()
    address = f"/programme/person/{person_id}"
    assert "portrait" not in client.get(address).text.partition("<main")[2].partition("</main>")[0]
    publish_portrait(person_id)
    page = client.get(address).text
    assert "/speakers/portraits/" in page
    choose(person_id, ConsentKind.BIOGRAPHY, biography="Knows <b>a lot</b>.")
    assert "Knows &lt;b&gt;a lot&lt;/b&gt;." in client.get(address).text


@pytest.mark.parametrize(
    "address",
    [
        "/programme/track/99",
        "/programme/person/99",
        "/programme/room/99/door",
        "/programme/person/x",
        "/programme/nowhere",
    ],
)
def test_what_is_not_in_the_version_is_not_found(
    client: FlaskClient, session_id: SessionId, address: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "private, no-cache")


@pytest.mark.parametrize("address", ["/programme/now", "/programme/search", "/programme/mine"])
def test_before_the_first_version_the_pages_say_so(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "The programme is not published yet." in answer.text
    for gone in (
        "/programme/track/1",
        "/programme/person/1",
        "/programme/room/1/door",
        "/programme/mine?sessions=1",
    ):
        assert client.get(gone).status_code == 404


def test_now_and_next_tells_each_room(client: FlaskClient, session_id: SessionId) -> None:
    clock.begin_at(at("09:40"))
    text = text_of(client.get("/programme/now").text)
    for expected in (
        "For everybody Now Nothing Next 10:30–11:00 Coffee",
        "Now until 10:00 Rare diseases",
        "Next Nothing more",
        "Now until 10:30 Tumours",
        "Next 11:00–12:00 Hands on",
    ):
        assert expected in text


def test_between_sessions_it_says_that_nothing_is_on(client: FlaskClient) -> None:
    make_session("Early", room_id=make_room("Aula"), start=at("09:00"), duration_min=60)
    make_session("Tomorrow", room_id=make_room("Annexe"), start=at("09:00", day=23), duration_min=60)
    publish_now()
    clock.begin_at(at("12:00"))
    text = text_of(client.get("/programme/now").text)
    assert "Nothing is on at this moment. Below is what comes next." in text
    assert "Next Fri 23 Sep, 09:00–10:00 Tomorrow" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=lukasz", ["Rare diseases"]),
        ("q=universitaet", ["Rare diseases"]),
        ("q=annexe", ["Tumours", "Hands on"]),
        ("q=annexe&kind=workshop", ["Hands on"]),
        ("kind=workshop", ["Hands on"]),
        ("track=3", ["Rare diseases"]),
        ("q=coffee&track=3", []),
        ("track=3&room=2", []),
        ("q=nowhere", []),
        ("", []),
    ],
)
def test_words_and_filters_combine_in_the_address(
    client: FlaskClient, session_id: SessionId, query: str, expected: list[str]
) -> None:
    page = client.get(f"/programme/search?{query}").text
    assert titles(page) == expected
    nothing = query and not expected
    assert (("No session matches." in page) or ("Nothing matches." in page)) == bool(nothing)
    assert ("Clear the filter" in page) == any(name in query for name in ("track", "kind", "room"))


def test_a_search_names_the_people_it_finds(client: FlaskClient, session_id: SessionId) -> None:
    page = client.get("/programme/search?q=juergen").text
    assert '<a href="/programme/person/1"><bdi>Jürgen Łukasz</bdi></a>' in page
    assert "1 session found" in page


def test_a_search_keeps_what_was_typed_and_stays_literal(client: FlaskClient, session_id: SessionId) -> None:
    page = client.get("/programme/search", query_string={"q": '"><b>{{7*7}}'}).text
    assert 'value="&#34;&gt;&lt;b&gt;{{7*7}}"' in page
    assert "Nothing matches." in page


def test_a_search_refuses_marks_that_turn_text(client: FlaskClient, session_id: SessionId) -> None:
    page = client.get("/programme/search", query_string={"q": "rare\u202e"}).text
    assert (
        "Your search holds a character that cannot be printed (U+202E). Delete it and type the words again."
        in page
    )
    assert titles(page) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("track=3", ["Rare diseases"]),
        ("room=2", ["Tumours", "Hands on"]),
        ("room=2&kind=workshop", ["Hands on"]),
        ("track=77", []),
    ],
)
def test_a_day_is_filtered_by_its_address(
    client: FlaskClient, session_id: SessionId, query: str, expected: list[str]
) -> None:
    page = client.get(f"/programme/2022-09-22?{query}").text
    assert titles(page) == expected
    assert ("No session of this day matches." in page) == (not expected)
    assert '<a href="/programme/2022-09-22">Clear the filter</a>' in page
    # The other day, and each language, keep the filter.
    assert 'href="/programme/2022-09-23?' in page
    assert 'class="timetable' not in page


def test_times_are_stockholms_and_say_so(client: FlaskClient, session_id: SessionId) -> None:
    for address in (
        "/programme",
        f"/programme/session/{session_id}",
        "/programme/track/3",
        "/programme/now",
        "/speakers",
    ):
        assert "All times are Stockholm time (CEST)." in text_of(client.get(address).text), address


def test_another_zone_is_told_on_its_page_only(client: FlaskClient, session_id: SessionId) -> None:
    page = client.get(f"/programme/session/{session_id}?zone=America/New_York").text
    text = text_of(page)
    assert "All times on this page are in America/New York (EDT), not in Stockholm." in text
    assert "03:00 there is 09:00 in Stockholm (CEST)." in text
    assert "Thursday 22 September 2022, 03:00–04:00 (EDT)" in text
    links = re.findall(r'href="([^"]+)"', page.partition("<main")[2].partition("</main>")[0])
    assert [link for link in links if "zone=" in link] == []
    assert f"/programme/session/{session_id}" in links
    assert "09:00–10:00" in client.get(f"/programme/session/{session_id}").text


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../../etc/passwd", "<b>", "x" * 2_000])
def test_a_zone_that_does_not_exist_is_said_and_stockholms_is_shown(
    client: FlaskClient, session_id: SessionId, zone: str
) -> None:
    answer = client.get("/programme/2022-09-22", query_string={"zone": zone})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "private, no-cache")
    assert "Choose one of the list below. The times here are Stockholm's." in answer.text.replace(
        "&#39;", "'"
    )
    assert "<b>”" not in answer.text
    assert '<details class="zone-chooser" open>' in answer.text
    assert "09:00–10:00" in answer.text


def test_the_door_tells_what_is_on_and_what_comes(client: FlaskClient, session_id: SessionId) -> None:
    clock.begin_at(at("09:05"))
    page = client.get("/programme/room/1/door").text
    text = text_of(page)
    assert "Now 09:00–10:00 Rare diseases 09:00 A diagnosis Jürgen Łukasz" in text
    assert "Next Nothing more in this room" in text
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page
    assert "Register" not in page
    assert "Next 09:30–10:30 Tumours" in text_of(client.get("/programme/room/2/door").text)


def test_the_door_shows_a_publication_at_its_next_question(
    client: FlaskClient, session_id: SessionId
) -> None:
    clock.begin_at(at("09:05"))
    client.get("/programme/room/1/door")
    make_session("Moved in", room_id=make_room("Hörsal Neu"), start=at("09:00"), duration_min=30)
    make_session("Next here", room_id=1, start=at("10:00"), duration_min=30)  # type: ignore[arg-type]  # the first room
    publish_now()
    assert "Next 10:00–10:30 Next here" in text_of(client.get("/programme/room/1/door").text)


def test_the_door_names_two_of_several_with_their_times_and_counts_the_rest(client: FlaskClient) -> None:
    hall = make_room("Hall")
    for number in range(4):
        start = at(f"09:{10 * number:02}")
        make_session(
            f"Wall {number}",
            room_id=hall,
            start=start,
            duration_min=60,
            kind=Kind.EXHIBITION,
            may_share_room=True,
        )
    publish_now()
    clock.begin_at(at("09:45"))
    text = text_of(client.get(f"/programme/room/{hall}/door").text)
    assert "Now 09:00–10:00 Wall 0 09:10–10:10 Wall 1 and 2 more sessions Next" in text


def test_after_the_last_session_the_door_says_so(client: FlaskClient, session_id: SessionId) -> None:
    clock.begin_at(at("20:00", day=23))
    assert "The conference is over." in client.get("/programme/room/1/door").text
