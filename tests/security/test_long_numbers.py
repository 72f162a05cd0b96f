"""Numbers that no column takes: unknown addresses and missing revisions, never a fault of the server."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.registration.links import link_of
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import make_person, make_room, make_session
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

LONG = "1" + "0" * 22
SESSION = {"title": "A session", "kind": "panel", "duration_min": "45"}


def test_every_rule_with_an_id_knows_no_long_one(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    rules = [
        rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule and "GET" in (rule.methods or set())
    ]
    assert len(rules) > 10
    for rule in rules:
        for number in (LONG, str(2**31), "0"):
            url = re.sub(r"<int:\w+>", number, rule.rule)
            if "<" not in url:
                assert client.get(url).status_code == 404, url


@pytest.mark.parametrize("number", [LONG, str(2**31), "-1", "1e3"])
def test_a_revision_that_no_record_has_is_refused(app: Flask, client: FlaskClient, number: str) -> None:
    category, person, room = make_category(name="Participant", seats=9), make_person(), make_room("Aula")
    session_id = make_session()
    registration = register_attendee(category)
    sign_in(client, Role.ORGANISER)
    urls = [
        f"/staff/categories/{category}",
        f"/staff/categories/{category}/delete",
        f"/staff/people/{person}/edit",
        f"/staff/people/{person}/delete",
        f"/staff/rooms/{room}",
        f"/staff/programme/session/{session_id}/move",
        f"/staff/programme/session/{session_id}/edit",
        f"/staff/programme/session/{session_id}/delete",
        f"/r/{link_of(registration, 1)}/change",
    ]
    token = token_of(client, f"/r/{link_of(registration, 1)}/change")
    numbers = {"revision": number, "person_revision": number, "seen": number}
    for url in urls:
        answer = client.post(url, data={"csrf_token": token, "name": "x"} | numbers | SESSION)
        assert 400 <= answer.status_code < 500, (url, answer.status_code)
    # The number alone was refused: with the one that the session has, the same form is saved.
    edit = f"/staff/programme/session/{session_id}/edit"
    assert client.post(edit, data={"csrf_token": token, "revision": "1"} | SESSION).status_code == 303
