"""Public pages are made once for a version, answered by 304, and change everywhere at once."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from conference.app import create_app
from conference.core.clock import clock
from conference.core.ids import SessionId, TrackId
from conference.db.base import db
from conference.db.standing import renew_token
from conference.db.work import counted_statements, transact
from conference.event.tables import EventRow
from conference.programme.tables import VersionRow
from conference.speakers.model import ConsentKind
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.speakers import choose, make_speaker

ADDRESSES = (
    "/programme",
    "/programme/2022-09-22",
    "/programme/2022-09-22?room=1",
    "/programme/track/1",
    "/programme/person/1",
    "/programme/session/1",
    "/programme/now",
    "/programme/search",
    "/programme/search?q=rare",
    "/programme/booklet",
    "/programme/room/1/door",
    "/programme/mine",
    "/speakers",
)


@contextmanager
def rendered(app: Flask) -> Iterator[list[str]]:
    """Yield a list that grows by the name of each template that is rendered."""
    names: list[str] = []

    def note(_app: Flask, template: object, **_more: object) -> None:
        names.append(str(getattr(template, "name", "")))

    with template_rendered.connected_to(note, app):
        yield names


@pytest.fixture
def session_id(app: Flask) -> SessionId:
    """A published session, and real time: a moved clock stands on each page and makes it anew each minute."""
    clock.shift(timedelta(0))
    speaker = make_person("Åsa", "Exempel")
    made = make_session(
        "Rare diseases", room_id=make_room("Aula"), start=at("09:00"), duration_min=60, track_id=TrackId(1)
    )
    make_talk(made, "A diagnosis", people=[part(speaker)])
    publish_now()
    return made


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_made_once_and_then_answered_by_one_statement(
    app: Flask, client: FlaskClient, session_id: SessionId, address: str
) -> None:
    first = client.get(address)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    assert {one.strip() for one in first.headers["Vary"].split(",")} == {"Accept-Encoding", "Accept-Language"}
    with rendered(app) as names, counted_statements() as statements:
        again = client.get(address)
        has_it = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (200, first.data)
    assert (has_it.status_code, has_it.data, has_it.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Set-Cookie" not in again.headers
    assert (names, len(statements)) == ([], 2)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_hold_nothing_of_who_asked_first(
    app: Flask, client: FlaskClient, session_id: SessionId, address: str
) -> None:
    staff = app.test_client()
    sign_in(staff, Role.ORGANISER)
    with staff.session_transaction() as browser:
        browser["_flashes"] = [("message", "Only for this member of staff")]
        browser["csrf"] = "the-token-of-this-browser"
    asked_first = staff.get(address)
    assert asked_first.data == client.get(address).data
    for word in ("Only for this member", "the-token-of-this-browser", "csrf"):
        assert word not in asked_first.text
    assert "Cookie" not in asked_first.headers["Vary"]


def test_a_publication_counts_at_once_in_every_process(
    app: Flask, client: FlaskClient, session_id: SessionId
) -> None:
    second = create_app(app.extensions["conference.settings"])
    other = second.test_client()
    before = client.get("/programme")
    assert other.get("/programme").data == before.data
    make_session("Late addition", room_id=make_room("Annexe"), start=at("12:00"))
    publish_now()
    for each in (client, other):
        answer = each.get("/programme", headers={"If-None-Match": before.headers["ETag"]})
        assert answer.status_code == 200
        assert "Late addition" in answer.text
    with second.app_context():
        db.engine.dispose()


def test_a_version_that_is_gone_gives_way_to_the_one_before(
    client: FlaskClient, session_id: SessionId
) -> None:
    before = client.get("/programme")
    make_session("A mistake", room_id=make_room("Annexe"), start=at("12:00"))
    publish_now()
    assert "A mistake" in client.get("/programme").text
    transact(lambda session: session.execute(delete(VersionRow).where(VersionRow.number == 2)))
    assert client.get("/programme").data == before.data


def test_what_stands_around_a_page_counts_at_once(client: FlaskClient, session_id: SessionId) -> None:
    assert "Another title" not in client.get("/programme").text

    def rename(session: Session) -> None:
        session.execute(update(EventRow).values(title="Another title"))
        renew_token(session)

    transact(rename)
    assert "Another title" in client.get("/programme").text


def test_a_consent_that_is_taken_back_counts_at_once(client: FlaskClient) -> None:
    clock.shift(timedelta(0))
    person_id = make_speaker()
    choose(person_id, ConsentKind.BIOGRAPHY, biography="Knows a lot.")
    publish_now()
    pages = ["/speakers", f"/programme/person/{person_id}"]
    assert ["Knows a lot." in client.get(page).text for page in pages] == [True, True]
    choose(person_id)
    assert ["Knows a lot." in client.get(page).text for page in pages] == [False, False]


def test_each_language_has_a_page_of_its_own(client: FlaskClient, session_id: SessionId) -> None:
    pages = {client.get("/programme", headers={"Accept-Language": tag}).data for tag in ("en", "sv", "de")}
    assert len(pages) == 3
    chosen = client.get("/programme?lang=sv", headers={"Accept-Language": "de"})
    assert '<html lang="sv">' in chosen.text
    assert "lang=sv" in chosen.text.partition("</main>")[0]


def test_what_the_page_does_not_know_has_no_effect_and_is_not_repeated(
    app: Flask, client: FlaskClient, session_id: SessionId
) -> None:
    plain = client.get("/programme")
    with rendered(app) as names:
        asked = client.get("/programme?utm_source=mail&q=%3Cscript%3E")
    assert (asked.data, names) == (plain.data, [])


def test_of_a_name_that_stands_there_twice_the_first_counts(
    client: FlaskClient, session_id: SessionId
) -> None:
    one, other = (
        client.get(f"/programme/search?{query}").text for query in ("track=1&track=2", "track=2&track=1")
    )
    assert ("1 session found" in one, "1 session found" in other) == (True, False)


def test_a_long_query_is_answered_and_kept_by_nobody(client: FlaskClient, session_id: SessionId) -> None:
    answer = client.get("/programme/search", query_string={"q": "rare " * 400})
    assert answer.status_code == 200
    assert "Only the first 200 characters were searched for." in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_pages_come_packed_to_who_reads_that(client: FlaskClient, session_id: SessionId) -> None:
    plain = client.get("/programme")
    packed = client.get("/programme", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_a_page_that_follows_time_turns_when_a_session_begins(
    client: FlaskClient, session_id: SessionId
) -> None:
    clock.begin_at(at("08:59"))
    assert "It begins on Thursday 22 September 2022 at 09:00." in client.get("/programme/now").text
    clock.begin_at(at("09:00"))
    assert "until 10:00" in client.get("/programme/now").text
    clock.begin_at(at("10:00"))
    assert "The conference is over." in client.get("/programme/now").text


def test_a_moved_clock_tells_the_minute_anew(client: FlaskClient, session_id: SessionId) -> None:
    clock.begin_at(at("08:30"))
    assert "22 September 2022, 08:30" in client.get("/speakers").text
    clock.begin_at(at("08:31"))
    assert "22 September 2022, 08:31" in client.get("/speakers").text
