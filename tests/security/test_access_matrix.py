"""Every route for every role and for nobody, by a table written by hand (trust.md 20). A route not in it fails."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from conference.web.access import Role, declared_access
from tests.factories.accounts import await_link, sign_in
from tests.factories.records import make_records
from tests.security.api_matrix import ANYONE, READS_REGISTRATIONS
from tests.security.matrix import LINK, MATRIX

# Addresses of nothing: who may not open what exists is not told either whether it does.
NOTHING = {
    "figure": "heights",
    "upload": "x",
    "token": "x",
    "key": "0",
    "name": "nothing.css",
    "day": "2022-09-24",
    "kind": "nothing",
    "tag": "xx",
}


def address_of_nothing(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: NOTHING.get(name, 987654) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def routes(app: Flask, address: Callable[[Flask, Rule], str]) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, address) of every route."""
    return sorted(
        (rule.endpoint, method, address(app, rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    )


def expected(endpoint: str, method: str, role: Role | None) -> str:
    who = MATRIX[endpoint]
    if who == READS_REGISTRATIONS:
        return "signed out"
    if isinstance(who, str) or role in who:
        return "open"
    if role is None:
        return "to sign-in" if method == "GET" else "signed out"
    return "wrong role"


REFUSED = {401: "signed out", 403: "wrong role"}


def misses_its_token(answer: TestResponse) -> bool:
    """Return whether one of the schedule's scripts is told so, with the status of a wrong role but not as one."""
    return answer.status_code == HTTPStatus.FORBIDDEN and "What you changed last is not saved" in answer.text


def refusal(answer: TestResponse) -> str | None:
    """Return how the server refuses the right, or None where it does not."""
    if answer.status_code == 303 and answer.headers["Location"].startswith("/staff/sign-in?next="):
        return "to sign-in"
    return None if misses_its_token(answer) else REFUSED.get(answer.status_code)


def answered(client: FlaskClient, method: str, address: str) -> str:
    """Return "open" for a page, a way on, or a form that misses its token; without one nothing is ever changed."""
    answer = client.open(address, method=method)
    fine = {200, 303} if method == "GET" else {303, 400}
    is_open = answer.status_code in fine or misses_its_token(answer)
    return refusal(answer) or ("open" if is_open else answer.status)


def test_the_matrix_has_every_route_and_no_other(app: Flask) -> None:
    assert set(MATRIX) == {rule.endpoint for rule in app.url_map.iter_rules()}


def test_declarations_equal_the_matrix(app: Flask) -> None:
    declared: dict[str, str | frozenset[Any] | None] = {}
    for endpoint, view in app.view_functions.items():
        access = declared_access(view)
        names = {"public": ANYONE, "link": LINK, "token": access.scopes if access else ""}
        declared[endpoint] = None if access is None else names.get(access.kind, access.roles)
    assert declared == MATRIX


EVERYBODY = pytest.mark.parametrize(
    "role", [None, *Role], ids=lambda role: role.value if role else "anonymous"
)


@EVERYBODY
def test_answers_for_what_exists_equal_the_matrix(
    app: Flask, client: FlaskClient, tmp_path: Path, role: Role | None
) -> None:
    records = make_records(tmp_path)
    if role is not None:
        sign_in(client, role)
        await_link(records.values["token"])
    every = routes(app, records.address)
    seen = {(endpoint, method): answered(client, method, address) for endpoint, method, address in every}
    assert seen == {(endpoint, method): expected(endpoint, method, role) for endpoint, method, _ in every}


@EVERYBODY
def test_refusals_for_what_does_not_exist_are_the_same(
    app: Flask, client: FlaskClient, role: Role | None
) -> None:
    if role is not None:
        sign_in(client, role)
    every = routes(app, address_of_nothing)
    seen = {
        (endpoint, method): refusal(client.open(address, method=method)) or "open"
        for endpoint, method, address in every
    }
    assert seen == {(endpoint, method): expected(endpoint, method, role) for endpoint, method, _ in every}


def test_what_does_not_exist_is_not_taken_for_an_answer(app: Flask, client: FlaskClient) -> None:
    """The control: a route whose record is missing would not pass for open."""
    sign_in(client, Role.ORGANISER)
    assert answered(client, "GET", "/staff/people/987654") == "404 NOT FOUND"
    assert answered(client, "GET", "/speaker/x") == "404 NOT FOUND"


def test_a_view_without_a_declaration_is_refused_and_found(app: Flask, client: FlaskClient) -> None:
    """The control of the tests above: what they look for is there when a declaration is missing."""
    sign_in(client, Role.ORGANISER)
    app.view_functions["planted"] = lambda: "secret"
    app.url_map.add(Rule("/planted", endpoint="planted"))
    assert client.get("/planted").status_code == 403
    with pytest.raises(AssertionError):
        test_the_matrix_has_every_route_and_no_other(app)
    with pytest.raises(AssertionError):
        test_declarations_equal_the_matrix(app)
