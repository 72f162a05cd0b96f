"""The office's page of tokens: made once, shown once, revoked by any organiser."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.api.model import Scope
from conference.api.tokens import tokens
from conference.core.clock import real_now
from conference.db.base import db
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.api import a_token, bearer
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

PAGE = "/staff/api-tokens"
LIST = "/api/v1/registrations"


def make(client: FlaskClient, **sent: str) -> tuple[int, str]:
    """Send the form, filled in but for what is given, and return the answer."""
    values = {"name": "Door signs", "scopes": Scope.LIST.value} | sent
    answer = client.post(PAGE, data=values | {"csrf_token": token_of(client, PAGE)})
    return answer.status_code, answer.text


def words_in(page: str) -> str:
    found = re.search(r'value="(cfo_[\w-]{43})"', page)
    assert found
    return found.group(1)


def test_a_token_is_shown_once_and_works(app: Flask, client: FlaskClient) -> None:
    register_attendee(make_category())
    sign_in(client, Role.ORGANISER)
    status, page = make(client)
    words = words_in(page)
    assert status == 200
    assert words not in client.get(PAGE).text
    assert "never" in client.get(PAGE).text
    told = client.get(LIST, headers=bearer(words))
    assert told.status_code == 200
    assert told.json is not None
    assert told.json["items"][0]["contact"] is None
    again = client.get(PAGE).text
    assert words[:8] in again
    assert '<td data-label="Last used">never' not in again


def test_a_token_is_revoked_by_another_organiser(app: Flask, client: FlaskClient) -> None:
    maker = make_member(Role.ORGANISER, "other@staff.example")
    token_id, words = a_token(staff_id=maker)
    sign_in(client, Role.ORGANISER)
    page = f"{PAGE}/{token_id}"
    for _ in range(2):  # a second press, or an old page's, changes nothing
        sent = {"csrf_token": token_of(client, PAGE)}
        assert client.post(f"{page}/revoke", data=sent).status_code == 303
    shown = client.get(page).text
    assert shown.count("Token revoked") == 1
    assert "Revoke this token" not in shown
    assert client.get(LIST, headers=bearer(words)).status_code == 401


def test_the_page_tells_what_was_read(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    for n in range(3):
        register_attendee(category, email=f"{n}@x.example")
    token_id, words = a_token()
    client.get(LIST, headers=bearer(words))
    sign_in(client, Role.ORGANISER)
    shown = client.get(f"{PAGE}/{token_id}").text
    assert "Registrations read" in shown
    assert re.search(r'data-label="Registrations">3<', shown)


def test_a_single_reading_stands_in_the_registrations_history(app: Flask, client: FlaskClient) -> None:
    one = register_attendee(make_category())
    client.get(f"{LIST}/{one}", headers=bearer(a_token(name="Door signs")[1]))
    sign_in(client, Role.DESK)
    assert "Read by a program: Door signs" in client.get(f"/staff/registrations/{one}").text


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"name": " "}, 400, "Enter which program gets the token, as in Badge printer."),
        ({"name": "x" * 101}, 400, "This text has 101 characters; 100 fit. Shorten it."),
        ({"scopes": ""}, 400, "Choose what the token may read."),
        ({"scopes": "everything:write"}, 400, "not a valid choice"),
        ({"last_day": "2022-13-01"}, 400, "Not a valid date value"),
        ({"last_day": "2022-09-05"}, 422, "Choose a day from today on, at most ten years ahead, or leave the field empty."),
        ({"last_day": "9999-12-31"}, 422, "Choose a day from today on, at most ten years ahead, or leave the field empty."),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_and_kept(
    app: Flask, client: FlaskClient, sent: dict[str, str], status: int, words: str
) -> None:
    sign_in(client, Role.ORGANISER)
    answered, page = make(client, **sent)
    assert answered == status
    assert words in page
    for name, value in ({"name": "Door signs"} | sent).items():
        if name != "scopes":
            assert value.strip() in page
    assert tokens(real_now()) == []


def test_a_last_day_lasts_to_its_end(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    today = real_now().date()
    status, page = make(client, last_day=(today + timedelta(days=30)).isoformat())
    assert status == 200
    assert "Valid until" in page
    made = tokens(real_now())[0]
    assert made.expires_at is not None
    assert timedelta(days=29) < made.expires_at - real_now() < timedelta(days=31, hours=1)


def test_a_token_whose_maker_is_no_organiser_any_more_says_so(app: Flask, client: FlaskClient) -> None:
    a_token(staff_id=make_member(Role.DESK))
    db.session.rollback()
    sign_in(client, Role.ORGANISER)
    assert "Not valid: its maker is no organiser" in client.get(PAGE).text
