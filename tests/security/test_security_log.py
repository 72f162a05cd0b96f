"""Who came in and what was refused stands in the log, under one name, and says nothing of people (ASVS 16.3)."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.accounts.attempts import SIGN_IN_ADDRESS, forget_attempts
from conference.accounts.passwords import hash_password
from conference.accounts.service import change_password
from conference.core.clock import real_now
from conference.db.work import transact
from conference.web.access import Role
from conference.web.logs import JsonLines
from tests.factories.accounts import add_app, app_code, make_member, sign_in, use_up
from tests.factories.web import token_of

Lines = list[dict[str, Any]]
EMAIL, PASSWORD = "viewer@staff.example", "a sentence that nobody else has"


@pytest.fixture
def lines(app: Flask, caplog: pytest.LogCaptureFixture) -> Iterator[Lines]:
    """What `conference.security` writes, as a collector reads it, in a list that grows."""
    found: Lines = []

    class Reader(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(JsonLines().format(record)))

    reader, logger = Reader(), logging.getLogger("conference.security")
    logger.addHandler(reader)
    with caplog.at_level(logging.INFO, "conference.security"):
        yield found
    logger.removeHandler(reader)


def with_password() -> int:
    me = make_member(Role.VIEWER)
    hashed = hash_password(PASSWORD)
    transact(lambda session: change_password(session, me, hashed, now=real_now()))
    return me


def enter(client: FlaskClient, password: str = PASSWORD, email: str = EMAIL) -> int:
    data = {"csrf_token": token_of(client, "/staff/sign-in"), "email": email, "password": password}
    return client.post("/staff/sign-in", data=data).status_code


def told(line: dict[str, Any], *names: str) -> list[Any]:
    return [line.get(name) for name in names]


def test_who_comes_in_and_goes_is_told_with_the_means(client: FlaskClient, lines: Lines) -> None:
    me = with_password()
    assert enter(client) == 303
    (line,) = lines
    assert told(line, "message", "level", "staff", "means") == ["signed in", "info", me, "password"]
    assert line["request_id"]
    assert line["at"].endswith("+00:00")
    client.post("/staff/sign-out", data={"csrf_token": token_of(client, "/staff/me")})
    assert told(lines[-1], "message", "staff", "route") == ["signed out", me, "/staff/sign-out"]


def test_a_second_factor_is_told_when_asked_for_missed_and_given(client: FlaskClient, lines: Lines) -> None:
    me = with_password()
    secret, _ = add_app(me)  # type: ignore[arg-type]  # an id is a number
    assert enter(client) == 303
    for code in ("000000", app_code(secret)):
        client.post(
            "/staff/second-step", data={"csrf_token": token_of(client, "/staff/second-step"), "code": code}
        )
    assert [line["message"] for line in lines] == ["second factor asked", "refused", "signed in"]
    assert told(lines[1], "why", "route") == ["WrongCodeError", "/staff/second-step"]
    assert told(lines[2], "staff", "means") == [me, "totp"]


def test_a_wrong_password_and_too_many_are_told(client: FlaskClient, lines: Lines) -> None:
    with_password()
    assert enter(client, "wrong") == 401
    transact(lambda session: forget_attempts(session, SIGN_IN_ADDRESS, "127.0.0.1"))
    use_up(SIGN_IN_ADDRESS, "127.0.0.1")
    assert enter(client, "wrong") == 429
    assert [told(line, "level", "why", "status") for line in lines] == [
        ["warning", "SignInRefusedError", 401],
        ["warning", "TooManyAttemptsError", 429],
    ]


def test_what_a_role_may_not_is_told_with_the_account(client: FlaskClient, lines: Lines) -> None:
    me = sign_in(client, Role.VIEWER)
    assert client.get("/staff/accounts").status_code == 403
    assert told(lines[-1], "message", "staff", "role", "route") == [
        "refused",
        me,
        "viewer",
        "/staff/accounts",
    ]


def test_links_and_tokens_that_open_nothing_are_told(client: FlaskClient, lines: Lines) -> None:
    assert client.get("/r/1-1-AAAAAAAAAAAAAAAAAAAAAAAAAAA").status_code == 404
    assert client.get("/staff/link/AAAA").status_code == 410
    assert client.get("/api/v1/registrations", headers={"Authorization": "Bearer x"}).status_code == 401
    assert [told(line, "message", "route") for line in lines] == [
        ["link opens nothing", "/r/<token>"],
        ["link opens nothing", "/staff/link/<token>"],
        ["refused", "/api/v1/registrations"],
    ]


def test_a_form_without_its_token_is_told(client: FlaskClient, lines: Lines) -> None:
    assert client.post("/register", data={"given_name": "Eva"}).status_code == 400
    assert told(lines[0], "message", "route") == ["form without its token", "/register"]


def test_no_line_tells_who_typed_what_from_where(client: FlaskClient, lines: Lines) -> None:
    with_password()
    enter(client, "hunter2-hunter2", "erik.svensson@example.org")
    client.get("/r/1-1-AAAAAAAAAAAAAAAAAAAAAAAAAAA")
    whole = json.dumps(lines)
    for secret in ("hunter2", "erik", "example.org", "127.0.0.1", "AAAAAAAA"):
        assert secret not in whole


def test_lines_of_one_visitor_are_found_together(client: FlaskClient, lines: Lines) -> None:
    for peer in ("198.51.100.1", "198.51.100.1", "198.51.100.2"):
        client.get("/r/1-1-AAAAAAAAAAAAAAAAAAAAAAAAAAA", environ_overrides={"REMOTE_ADDR": peer})
    first, again, other = (line["visitor"] for line in lines)
    assert first == again != other
    assert len(first) == 10


def test_reading_a_page_is_no_event(client: FlaskClient, lines: Lines) -> None:
    """The control: what nobody refused is in the log of requests alone."""
    sign_in(client, Role.VIEWER)
    for page in ("/", "/register", "/staff/", "/nothing-here"):
        client.get(page)
    assert lines == []
