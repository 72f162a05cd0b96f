"""Every answer has the headers, whatever went wrong and whoever answers; cookies are for this site's pages alone (trust.md 24)."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidHeader, InvalidRequestLine, LimitRequestHeaders, LimitRequestLine
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from conference.accounts.attempts import SIGN_IN_ADDRESS
from conference.app import create_app
from conference.db.base import db
from conference.web.access import Role, public
from conference.web.headers import ALWAYS, TLS_ALONE
from conference.web.server_refusals import SafeRefusals, refusal
from tests.conftest import FreshClient, settings_for
from tests.factories.accounts import sign_in, use_up
from tests.factories.records import make_records
from tests.factories.web import token_of
from tests.security.crawl_checks import faults_of
from tests.security.matrix import MATRIX

HERE = "127.0.0.1"


class TlsClient(FreshClient):
    """Asks by https and the site's name."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"base_url": "https://conference.example"} | kwargs)


def _fails() -> str:
    raise RuntimeError("planted")


def _away() -> str:
    raise OperationalError("SELECT secret", {}, Exception("the server closed the connection"))


@pytest.fixture
def site(app: Flask, database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser of the application in production, with a page that fails and one whose database is away."""
    given = settings_for(database_url, tmp_path, BASE_URL="https://conference.example")
    production = create_app(replace(given, mode="production"))
    production.test_client_class = TlsClient
    views: dict[str, Callable[[], Any]] = {
        "fails": _fails,
        "away": _away,
        "too-large": lambda: abort(413),
        "moved": lambda: redirect("/privacy", 301),
    }
    for name, view in views.items():
        production.view_functions[name] = public(view)
        production.url_map.add(Rule(f"/planted/{name}", endpoint=name))
    yield production.test_client()
    with production.app_context():
        db.engine.dispose()


def answers(site: FlaskClient) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Yield the status that is expected, method, address, and what is sent."""
    yield 400, "GET", "/", {"headers": {"Host": "evil.example"}}
    yield 400, "POST", "/register", {"data": {}}
    yield 401, "POST", "/staff/accounts/invite", {"data": {}}
    yield 404, "GET", "/no-such-page", {}
    yield 404, "GET", "/assets/x/none.css", {}
    yield 404, "GET", "/r/1-1-xxxxxxxxxxxxxxxxxxxxxxxxxxx", {}
    yield 405, "POST", "/healthz", {}
    yield 405, "DELETE", "/", {}
    yield 413, "POST", "/register", {"data": {"given_name": "x" * 1_100_000}}
    yield 413, "GET", "/planted/too-large", {}
    yield 429, "POST", "/staff/sign-in", {"data": {"email": "a@x.example", "password": "x"}}
    yield 500, "GET", "/planted/fails", {}
    yield 503, "GET", "/planted/away", {}
    yield 200, "GET", "/assets/x/theme.css", {}
    yield 200, "GET", "/assets/x/regular-latin.woff2", {}
    yield 200, "GET", "/healthz", {}
    yield 200, "OPTIONS", "/", {}
    yield 301, "GET", "/planted/moved", {}
    yield 303, "GET", "/staff/", {}
    yield 308, "GET", "/staff", {}
    yield 401, "GET", "/api/v1/registrations", {}


def test_every_answer_has_the_headers_whatever_went_wrong(site: FlaskClient) -> None:
    use_up(SIGN_IN_ADDRESS, HERE)
    db.session.remove()
    token = token_of(site, "/staff/sign-in")
    wrong, seen = {}, []
    for status, method, address, sent in answers(site):
        typed = (
            {"data": sent["data"] | {"csrf_token": token}} if status == HTTPStatus.TOO_MANY_REQUESTS else sent
        )
        answer = site.open(address, method=method, **typed)
        seen.append((address, answer.status_code))
        # That it went wrong is what was asked for; the rest is held to what each answer must keep to.
        meant = {("broke", str(status)), ("leads away", "https://conference.example/staff/")}
        faults = [fault for fault in faults_of("", None, method, answer) if fault not in meant]
        if answer.headers.get("Strict-Transport-Security") != TLS_ALONE:
            faults.append(("header", "Strict-Transport-Security"))
        if faults:
            wrong[f"{method} {address}"] = faults
    assert wrong == {}
    assert seen == [(address, status) for status, _, address, _ in answers(site)]


def test_papers_and_files_have_them_too(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    records = make_records(tmp_path)
    sign_in(client, Role.ORGANISER)
    kinds = {}
    for endpoint in (
        "printing.badges",
        "printing.public_programme",
        "registration.export",
        "printing.own_ticket",
        "interchange.xlsx_file",
    ):
        rule = next(app.url_map.iter_rules(endpoint))
        answer = client.get(records.address(app, rule), follow_redirects=endpoint == "printing.badges")
        assert list(faults_of(endpoint, MATRIX[endpoint], "GET", answer)) == []
        kinds[endpoint] = answer.mimetype
    assert {"application/pdf", "text/csv"} <= set(kinds.values())


def test_cookies_are_sent_by_tls_alone_and_no_script_reads_them(site: FlaskClient) -> None:
    (cookie,) = site.get("/staff/sign-in").headers.getlist("Set-Cookie")
    told = {part.strip().partition("=")[0] for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite"} <= told
    assert "SameSite=Lax" in cookie
    assert "Domain" not in told


def test_a_demonstration_without_tls_keeps_its_cookies(client: FlaskClient) -> None:
    """A browser would drop a Secure cookie of http://127.0.0.1:8000, and nobody could sign in."""
    (cookie,) = client.get("/staff/sign-in").headers.getlist("Set-Cookie")
    assert ("Secure" in cookie, "HttpOnly" in cookie, "SameSite=Lax" in cookie) == (False, True, True)


# Below the application: what the web server itself answers to what is no request


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidRequestLine("<script>q7q()</script>"), 400),
        (InvalidHeader("<script>q7q()</script>"), 400),
        (LimitRequestLine(9000, 4094), 414),
        (LimitRequestHeaders("limit"), 431),
        (RuntimeError("planted"), 500),
    ],
    ids=["request line", "header", "long line", "long headers", "fault"],
)
def test_the_web_servers_own_answers_have_them_and_repeat_nothing(error: Exception, status: int) -> None:
    def nothing(*_: object) -> None: ...

    worker = object.__new__(SafeRefusals)
    worker.log = SimpleNamespace(warning=nothing, exception=nothing, debug=nothing, access=nothing)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker.handle_error(None, ours, ("192.0.2.7", 5000), error)
        ours.shutdown(socket.SHUT_WR)
        answer = theirs.makefile("rb").read().decode()
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n")
    assert {f"{name}: {value}" for name, value in ALWAYS} <= set(head.split("\r\n"))
    assert f"Content-Length: {len(body.encode())}" in head
    assert "q7q" not in answer
    assert body.endswith(".\n")


def test_who_is_gone_is_no_fault() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        SafeRefusals._send(ours, refusal(400) * 1000)
