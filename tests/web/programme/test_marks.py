"""My programme: of an address, and of a registration behind its link."""

import json
import re

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.programme.mark_queries import marks_of, wants_news
from conference.programme.mark_tables import SessionMarkRow
from conference.programme.marking import MOST_MARKS
from conference.registration.links import link_of
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.web import token_of
from tests.web.programme.test_public_programme import text_of

ASKS_JSON = {"Accept": "application/json"}


@pytest.fixture
def own(app: Flask) -> str:
    """The address of somebody's programme, with three sessions to mark, of which the first two overlap."""
    for number, start in enumerate(("09:00", "09:30", "11:00"), 1):
        make_session(
            f"Session {number}", room_id=make_room(f"Room {number}"), start=at(start), duration_min=60
        )
    publish_now()
    return f"/r/{link_of(register_attendee(make_category()), 1)}/programme"


def marks(number: int = 1) -> set[int]:
    db.session.rollback()
    return {int(one) for one in marks_of(RegistrationId(number))}


def send(
    client: FlaskClient, own: str, headers: dict[str, str] | None = None, **fields: object
) -> TestResponse:
    return client.post(own, data={"csrf_token": token_of(client, own), **fields}, headers=headers)


def test_a_form_marks_takes_out_and_says_so(client: FlaskClient, own: str) -> None:
    answer = send(client, own, act="mark", sessions="1.3")
    assert (answer.status_code, answer.location, marks()) == (303, own, {1, 3})
    page = client.get(own)
    assert "Your programme is saved. It holds 2 sessions." in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    send(client, own, act="unmark", sessions="1")
    assert marks() == {3}
    # Once more: what is done twice is done once.
    send(client, own, act="mark", sessions="3")
    assert marks() == {3}


def test_ticking_changes_what_was_ticked_or_unticked_and_nothing_else(client: FlaskClient, own: str) -> None:
    send(client, own, act="mark", sessions="1")
    page = client.get(own).text
    assert re.search(r'id="choose-1"[^>]* checked', page)
    assert not re.search(r'id="choose-2"[^>]* checked', page)
    # Another device marks a third one meanwhile, which this page has never seen.
    send(client, own, act="mark", sessions="3")
    send(client, own, act="choose", before="1", session=["2"])
    assert marks() == {2, 3}


def test_overlaps_stand_at_both_with_their_minutes(client: FlaskClient, own: str) -> None:
    send(client, own, act="mark", sessions="1.2.3")
    text = text_of(client.get(own).text)
    assert "1 pair of your sessions overlaps. It is named at both." in text
    assert "Overlaps by 30 minutes with “Session 2”." in text
    assert "Overlaps by 30 minutes with “Session 1”." in text
    assert "with “Session 3”" not in text


def test_a_device_joins_its_marks_and_the_page_says_it_once(client: FlaskClient, own: str) -> None:
    send(client, own, act="mark", sessions="1")
    answer = send(client, own, act="join", sessions="1.2.3", headers=ASKS_JSON)
    assert (answer.status_code, json.loads(answer.text)["marks"]) == (200, [1, 2, 3])
    assert answer.headers["Cache-Control"] == "private, no-store"
    said = "2 sessions marked on this device were added. It holds 3 sessions."
    assert said in client.get(own).text
    assert said not in client.get(own).text


def test_what_a_device_kept_of_a_session_that_is_gone_is_left_out(client: FlaskClient, own: str) -> None:
    answer = send(client, own, act="keep", sessions="2.77", headers=ASKS_JSON)
    assert (answer.status_code, marks()) == (200, {2})


def test_the_script_is_told_the_marks_and_a_token(client: FlaskClient, own: str) -> None:
    send(client, own, act="mark", sessions="2")
    answer = client.get(own.replace("/programme", "/marks"))
    told = answer.json
    assert told is not None
    assert (told["marks"], answer.headers["Cache-Control"]) == ([2], "private, no-store")
    sent = {"csrf_token": told["csrf_token"], "act": "unmark", "sessions": "2"}
    assert json.loads(client.post(own, data=sent, headers=ASKS_JSON).text)["marks"] == []


def test_looking_changes_nothing(client: FlaskClient, own: str) -> None:
    for address in (own, own + "?act=mark&sessions=1", own.replace("/programme", "/marks"), own + ".ics"):
        assert client.get(address).status_code == 200
    assert marks() == set()
    assert not wants_news(RegistrationId(1))


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"act": "mark", "sessions": "77"}, 409, "This session is not in the programme any more."),
        ({"act": "mark", "sessions": "1,2"}, 400, "This page was sent incompletely."),
        ({"act": "mark", "sessions": "1" * 40}, 400, "This page was sent incompletely."),
        ({"act": "mark", "sessions": "-1"}, 400, "This page was sent incompletely."),
        ({"act": "forget all"}, 400, "This page was sent incompletely."),
        ({"act": "choose", "before": "x"}, 400, "This page was sent incompletely."),
        ({"act": "mark", "sessions": "1", "csrf_token": ""}, 400, "This page was open too long."),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    client: FlaskClient, own: str, fields: dict[str, str], status: int, said: str
) -> None:
    sent = {"csrf_token": token_of(client, own), **fields}
    answer = client.post(own, data=sent)
    assert answer.status_code == status
    assert said in answer.text
    by_script = client.post(own, data=sent, headers=ASKS_JSON)
    assert by_script.status_code == status
    assert said in json.loads(by_script.text)["refused"]
    assert marks() == set()


def test_more_than_anybody_can_go_to_is_refused(client: FlaskClient, own: str) -> None:
    for number in range(1_000, 1_000 + MOST_MARKS):
        db.session.add(SessionMarkRow(registration_id=1, session_id=number))
    db.session.commit()
    answer = send(client, own, act="mark", sessions="1")
    assert answer.status_code == 422
    assert "At most 200 sessions can be marked. Take some out first." in answer.text


def test_what_was_ticked_and_refused_stays_ticked(client: FlaskClient, own: str) -> None:
    sent = {"csrf_token": "another", "act": "choose", "before": "", "session": ["1", "3"]}
    page = client.post(own, data=sent).text
    assert "This page was open too long." in page
    assert re.findall(r'id="choose-(\d)"[^>]* checked', page) == ["1", "3"]


def test_the_wish_to_be_told_is_off_until_it_is_ticked(client: FlaskClient, own: str) -> None:
    assert not re.search(r'name="news"[^>]* checked|checked[^>]* name="news"', client.get(own).text)
    send(client, own, act="news", news="y")
    assert "You get a mail when something that you marked changes." in client.get(own).text
    assert wants_news(RegistrationId(1))
    assert re.search(r'<input checked[^>]* name="news"', client.get(own).text)
    send(client, own, act="news")
    db.session.rollback()
    assert not wants_news(RegistrationId(1))


def test_a_session_that_leaves_the_programme_is_said_and_can_be_forgotten(
    client: FlaskClient, own: str
) -> None:
    send(client, own, act="mark", sessions="1")
    db.session.add(SessionMarkRow(registration_id=1, session_id=50))
    db.session.commit()
    page = client.get(own).text
    assert "1 session that was marked is not in the programme any more." in page
    assert 'name="sessions" value="50"' in page
    send(client, own, act="unmark", sessions="50")
    assert marks() == {1}


def test_the_calendar_holds_what_was_marked_and_no_cache_keeps_it(client: FlaskClient, own: str) -> None:
    send(client, own, act="mark", sessions="1.3")
    answer = client.get(own + ".ics")
    assert (answer.headers["Cache-Control"], answer.mimetype) == ("private, no-store", "text/calendar")
    entries = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert sorted(str(entry["SUMMARY"]) for entry in entries) == ["Session 1", "Session 3"]


@pytest.mark.parametrize("part", ["/programme", "/marks", "/programme.ics"])
def test_false_other_and_dead_links_are_unknown(client: FlaskClient, own: str, part: str) -> None:
    link = own.removesuffix("/programme")
    for token in (link[:-1], link + "A", link.replace("/r/1-", "/r/2-"), link.replace("/r/1-1-", "/r/1-2-")):
        assert client.get(token + part).status_code == 404
        assert client.post(token + part, data={"act": "mark", "sessions": "1"}).status_code in {404, 405}
    withdraw(RegistrationId(1))
    assert client.get(link + part).status_code != 200


def test_an_address_shows_the_sessions_in_it_and_is_kept_by_nobody(client: FlaskClient, own: str) -> None:
    answer = client.get("/programme/mine?sessions=3.1.77")
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = text_of(answer.text)
    assert "Session 1" in text
    assert "Session 2" not in text
    assert "1 session that was marked is not in the programme any more." in text
    assert "/programme/mine.ics?sessions=1.3" in answer.text
    calendar = client.get("/programme/mine.ics?sessions=1.3")
    assert calendar.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("typed", ["x", "1,2", "1..2", ".", "9" * 30, ".".join(["1"] * 2_000)])
def test_an_address_that_is_none_is_not_found(client: FlaskClient, own: str, typed: str) -> None:
    assert client.get(f"/programme/mine?sessions={typed}").status_code == 404


def test_without_a_script_the_way_to_mark_is_said(client: FlaskClient, own: str) -> None:
    page = client.get("/programme/mine").text
    assert "Without scripts, your programme is kept with your registration" in page
    assert f'href="{own}"' in client.get(own.removesuffix("/programme")).text
