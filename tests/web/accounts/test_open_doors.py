"""No page shows a link or a form to whoever asks that is refused them by their role, or because they are limited to tracks."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from conference.event.queries import tracks
from conference.web.access import Role, declared_access, sends_within_tracks
from tests.factories.accounts import sign_in
from tests.factories.programme import make_session, make_talk
from tests.factories.records import make_records
from tests.security.matrix import MATRIX
from tests.security.test_access_matrix import routes
from tests.web.accounts.test_track_limits import limit_to

HOST = "http://localhost"
# Where a page leads out of the session, or shows what is somebody else's to see.
LEFT_OUT = {"demo.mailbox", "demo.letter", "demo.html_part", "demo.attachment"}


class Doors(HTMLParser):
    """Where a page leads: (method, address) of each link and of each form that can be sent."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self._address, self._form, self._closed = address, ("", ""), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self._add("GET", given["href"] or "")
        elif tag == "fieldset" and (self._closed or "disabled" in given):
            self._closed += 1
        elif tag == "form":
            self._form = ((given.get("method") or "get").upper(), given.get("action") or self._address)
        elif tag == "button" and not self._closed and "disabled" not in given and self._form[1]:
            self._add(self._form[0], given.get("formaction") or self._form[1])

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset" and self._closed:
            self._closed -= 1
        elif tag == "form":
            self._form = ("", "")

    def _add(self, method: str, target: str) -> None:
        whole = urljoin(HOST + self._address, target)
        if whole.startswith(HOST + "/"):
            self.found.add((method, urlsplit(whole).path))


def doors(app: Flask, client: FlaskClient, address: str) -> Iterator[tuple[str, str, str]]:
    """Yield (method, address, endpoint) of what the page leads to."""
    answer = client.get(address)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return
    reader = Doors(address)
    reader.feed(answer.text)
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        for method, path in sorted(reader.found):
            try:
                endpoint, _ = urls.match(path, method=method)
            except HTTPException:
                continue
            yield method, path, endpoint


@pytest.mark.parametrize("who", [*(role.value for role in Role), "limited"])
def test_what_a_page_shows_is_open_to_who_sees_it(
    app: Flask, client: FlaskClient, tmp_path: Path, who: str
) -> None:
    records = make_records(tmp_path)
    role = Role.PROGRAMME if who == "limited" else Role(who)
    me = sign_in(client, role)
    if who == "limited":
        limit_to(me, tracks()[-1].id)
    shut = set()
    for endpoint, method, address in routes(app, records.address):
        if method != "GET" or not isinstance(MATRIX[endpoint], frozenset) or role not in MATRIX[endpoint]:
            continue
        for way, _, target in doors(app, client, address):
            view = app.view_functions[target]
            access = declared_access(view)
            assert access is not None
            is_shut = not access.allows(role) and access.kind == "staff"
            if who == "limited" and way == "POST" and access.kind == "staff":
                is_shut = is_shut or not sends_within_tracks(view, access)
            if is_shut:
                shut.add((endpoint, way, target))
    assert sorted(shut) == []


WHY = "What is grey on this page is for an organiser"


@pytest.mark.parametrize(("mine", "is_open"), [(True, True), (False, False)])
def test_forms_of_sessions_of_other_tracks_are_closed_and_say_why(
    app: Flask, client: FlaskClient, mine: bool, is_open: bool
) -> None:
    own, other = tracks()[:2]
    session_id = make_session("Tumour boards", track_id=(own if mine else other).id)
    talk_id = make_talk(session_id, "A talk")
    limit_to(sign_in(client, Role.PROGRAMME), own.id)
    with app.test_request_context():
        pages = [
            app.url_for("programme.edit_session", session_id=session_id),
            app.url_for("programme.new_talk", session_id=session_id),
            app.url_for("programme.edit_talk", talk_id=talk_id),
        ]
    for page in pages:
        ways = {(way, path) for way, path, _ in doors(app, client, page) if way == "POST"}
        text = client.get(page).text
        assert (("POST", page) in ways, WHY in text) == (is_open, not is_open)
        assert text.count(own.name) >= (not is_open)
    # One's own account is nobody's track, and the way out is always open.
    assert ("POST", "/staff/sign-out") in {(way, path) for way, path, _ in doors(app, client, pages[0])}


def test_without_a_track_that_is_said_and_nothing_of_others_is_rewritten(client: FlaskClient) -> None:
    me = sign_in(client, Role.PROGRAMME)
    page = client.get("/staff/rooms/new")
    assert (page.status_code, "disabled" in page.text, WHY in page.text) == (200, False, False)
    limit_to(me)
    shut = client.get("/staff/rooms/new").text
    assert ("Your account edits no track at the moment" in shut, "<button disabled" in shut) == (True, True)


def test_the_editor_is_told_which_tracks_are_its_readers(client: FlaskClient) -> None:
    me = sign_in(client, Role.PROGRAMME)
    assert client.get("/staff/schedule/data").get_json()["own_tracks"] is None
    chosen = [one.id for one in tracks()[:2]]
    limit_to(me, *chosen)
    assert client.get("/staff/schedule/data").get_json()["own_tracks"] == chosen
