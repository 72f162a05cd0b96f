import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from conference.core.ids import TrackId
from conference.db.base import db
from conference.event.queries import get_event, organisers, rooms, tracks
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import at, make_room, make_session
from tests.factories.web import token_of

FACTS = {
    "revision": "1",
    "title": "Cutting Edge Implementation of Precision Medicine in Europe",
    "city": "Stockholm",
    "venue": "Aula Ångström",
    "first_day": "2022-09-22",
    "last_day": "2022-09-23",
    "summary": "One.\r\n\r\nTwo.",
    "contact_email": "office@conference.example",
    "contact_phone": "",
}


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_home_says_what_where_when_and_who(client: FlaskClient) -> None:
    page = client.get("/")
    words = text_of(page.text)
    for expected in (
        "Cutting Edge Implementation of Precision Medicine in Europe",
        "Thursday 22 September 2022",
        "Friday 23 September 2022",
        "Stockholm",
        "Genomic Medicine Sweden (GMS) and Centers for Personalized Medicine (ZPM)",
        *(track.name for track in tracks()),
    ):
        assert expected in words
    assert 'class="button" href="/register"' in page.text
    assert 'href="/programme"' in page.text


def test_privacy_notice_names_both_controllers_and_what_is_missing(client: FlaskClient) -> None:
    words = text_of(client.get("/privacy").text)
    assert words.count("the contact point will be named here") == 2
    sign_in(client, Role.ORGANISER)
    for organiser in organisers():
        url = f"/staff/event/organisers/{organiser.id}"
        data = {
            "csrf_token": token_of(client, url),
            "revision": "1",
            "name": organiser.name,
            "short_name": organiser.short_name,
            "country": organiser.country,
            "privacy_contact": f"privacy@{organiser.short_name.lower()}.example",
        }
        assert client.post(url, data=data).status_code == 303
    words = text_of(client.get("/privacy").text)
    assert "Genomic Medicine Sweden (GMS): privacy@gms.example" in words
    assert "Centers for Personalized Medicine (ZPM): privacy@zpm.example" in words
    assert "will be named here" not in words


def test_accessibility_statement_has_a_way_to_report(client: FlaskClient) -> None:
    words = text_of(client.get("/accessibility").text)
    assert "Web Content Accessibility Guidelines 2.2" in words
    assert "An address for reports will be named here" in words
    sign_in(client, Role.ORGANISER)
    token = token_of(client, "/staff/event/facts")
    client.post("/staff/event/facts", data=FACTS | {"csrf_token": token})
    assert "mailto:office%40conference.example" in client.get("/accessibility").text


def test_facts_are_saved_once_and_a_second_editor_sees_both_values(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    url = "/staff/event/facts"
    data = FACTS | {"csrf_token": token_of(client, url)}
    assert client.post(url, data=data).headers["Location"] == "/staff/event"
    stale = client.post(url, data=data | {"venue": "<b>Other</b>"})
    assert stale.status_code == 409
    assert ">Aula Ångström</td>" in stale.text
    assert ">&lt;b&gt;Other&lt;/b&gt;</td>" in stale.text
    assert 'value="&lt;b&gt;Other&lt;/b&gt;"' in stale.text
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', stale.text)
    assert revision
    again = client.post(url, data=data | {"venue": "<b>Other</b>", "revision": revision[1]})
    assert again.status_code == 303
    assert get_event().venue == "<b>Other</b>"


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"revision": ""}, 428, "did not say which version"),
        ({"title": ""}, 400, "Enter the title of the conference."),
        ({"title": "x" * 201}, 400, "This text has 201 characters; 200 fit."),
        ({"title": "a\x07b"}, 400, "U+0007"),
        ({"last_day": "2022-09-21"}, 422, "The last day is before the first."),
        ({"last_day": "2022-13-99"}, 400, "Last day"),
        ({"contact_email": "nobody"}, 400, "Enter an e-mail address"),
        ({"csrf_token": "stale"}, 400, "This page was open too long."),
    ],
)
def test_bad_facts_are_refused_and_nothing_typed_is_lost(
    client: FlaskClient, changed: dict[str, str], status: int, words: str
) -> None:
    sign_in(client, Role.ORGANISER)
    url = "/staff/event/facts"
    answer = client.post(url, data=FACTS | {"csrf_token": token_of(client, url)} | changed)
    assert (answer.status_code, words in unescape(answer.text)) == (status, True)
    assert 'value="Aula Ångström"' in answer.text
    assert get_event().revision == 1


def test_days_ask_before_sessions_lie_outside(client: FlaskClient) -> None:
    make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    sign_in(client, Role.ORGANISER)
    url = "/staff/event/facts"
    data = FACTS | {"csrf_token": token_of(client, url), "first_day": "2022-09-23"}
    asked = client.post(url, data=data)
    assert (asked.status_code, "“Opening”" in asked.text) == (409, True)
    assert 'name="sessions_may_lie_outside"' in asked.text
    assert client.post(url, data=data | {"sessions_may_lie_outside": "y"}).status_code == 303


def test_rooms_by_form(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    new = "/staff/rooms/new"
    data = {"csrf_token": token_of(client, new), "name": "Aula", "seats": "many"}
    wrong = client.post(new, data=data)
    assert (wrong.status_code, 'value="Aula"' in wrong.text) == (400, True)
    assert client.post(new, data=data | {"seats": "-1"}).status_code == 400
    assert client.post(new, data=data | {"seats": "300"}).status_code == 303
    twice = client.post(new, data=data | {"seats": ""})
    assert (twice.status_code, "There is one of this name already." in twice.text) == (422, True)
    (room,) = rooms()
    one = f"/staff/rooms/{room.id}"
    assert client.post(one, data=data | {"seats": "", "revision": "1"}).status_code == 303
    stale = client.post(one, data=data | {"seats": "5", "revision": "1", "name": "Hall"})
    assert (stale.status_code, ">Aula</td>" in stale.text) == (409, True)
    assert client.post(f"{one}/delete", data=data | {"revision": "1"}).status_code == 409
    assert client.post(f"{one}/delete", data={"revision": "2"}).status_code == 400
    assert client.post(f"{one}/delete", data=data | {"revision": "2"}).status_code == 303
    assert client.get(one).status_code == 404
    db.session.remove()
    assert rooms() == ()


def test_a_used_track_is_kept_in_words(client: FlaskClient) -> None:
    make_session("Opening", room_id=make_room("Aula"), start=at("09:00"), track_id=TrackId(1))
    sign_in(client, Role.PROGRAMME)
    url = "/staff/tracks/1"
    answer = client.post(f"{url}/delete", data={"csrf_token": token_of(client, url), "revision": "1"})
    assert (answer.status_code, "still used by: “Opening”" in answer.text) == (409, True)


def test_who_may_only_read_sees_no_way_to_edit(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    page = client.get("/staff/event").text
    assert "Solid tumors" in page
    assert [url in page for url in ("/staff/event/facts", "/staff/tracks/", "/staff/rooms/")] == [False] * 3
