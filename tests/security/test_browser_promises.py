"""What a browser is asked to hold to: cookies bound to the host, TLS alone, nothing kept of the office (ASVS 3.3, 3.4, 14.3)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.app import create_app
from conference.db.base import db
from conference.printing.paper_routes import _cookie_name
from conference.web.access import Role, declared_access
from conference.web.headers import POLICY
from tests.conftest import FreshClient, settings_for
from tests.factories.accounts import sign_in
from tests.factories.records import make_records
from tests.factories.web import token_of
from tests.security.test_access_matrix import routes

SITE = "https://conference.example"


@pytest.fixture
def site(app: Flask, database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of the application in production, over TLS."""
    given = settings_for(database_url, tmp_path, BASE_URL=SITE)
    production = create_app(replace(given, mode="production"))
    production.test_client_class = FreshClient
    yield production.test_client()
    with production.app_context():
        db.engine.dispose()


def cookies_of(answer: TestResponse) -> SimpleCookie:
    found = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return found


def test_the_sessions_cookie_is_bound_to_this_host_over_tls(site: FlaskClient) -> None:
    cookie = cookies_of(site.get("/register", base_url=SITE))["__Host-conference"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_the_devices_sheet_has_a_cookie_for_tls_alone(app: Flask) -> None:
    """A cookie of one path cannot have the other prefix."""

    app.config["SESSION_COOKIE_SECURE"] = True
    assert _cookie_name() == "__Secure-badge-sheet"
    app.config["SESSION_COOKIE_SECURE"] = False
    assert _cookie_name() == "badge-sheet"


@pytest.mark.parametrize("path", ["/", "/staff/", "/nothing-here", "/api/v1", "/healthz", "/programme.ics"])
def test_every_answer_keeps_browsers_to_tls_for_a_year(site: FlaskClient, path: str) -> None:
    assert (
        site.get(path, base_url=SITE).headers["Strict-Transport-Security"]
        == "max-age=31536000; includeSubDomains"
    )


def test_the_policy_lets_in_what_is_ours_alone() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    # object-src and whatever else is not named falls back to the first.
    assert (rules["default-src"], rules["base-uri"], rules["frame-ancestors"]) == (
        "'none'",
        "'none'",
        "'none'",
    )
    assert rules["form-action"] == "'self'"
    assert "object-src" not in rules
    assert not any("unsafe" in value or "*" in value or "http" in value for value in rules.values())
    assert set(rules["script-src"].split()) == {"'self'"}


def wrong_with(answer: TestResponse, *, is_staffs: bool) -> list[str]:
    """Return what the answer lacks that every answer has, or every page that only staff may open."""
    said, kind = answer.headers, answer.mimetype or ""
    is_text = kind.startswith("text/") or kind.endswith("xml")
    is_page = is_staffs and answer.mimetype == "text/html" and answer.status_code == 200
    is_framed = is_page and 'class="site-head"' in answer.text
    cookies = said.getlist("Set-Cookie")
    checks = {
        "type": not answer.data or bool(answer.mimetype),
        "charset": not answer.data or not is_text or "charset=utf-8" in said["Content-Type"].lower(),
        "nosniff": said["X-Content-Type-Options"] == "nosniff",
        "referrer": said["Referrer-Policy"] in {"same-origin", "no-referrer"},
        "other origins": "Access-Control-Allow-Credentials" not in said,
        "stays here": re.match(r"/(?!/)|http://localhost/", said.get("Location", "/")) is not None,
        "embedded": "frame-ancestors" in said["Content-Security-Policy"],
        "cookies": all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies),
        "small cookies": all(len(one.partition(";")[0]) <= 4096 for one in cookies),
        "kept": not is_page or "no-store" in said["Cache-Control"],
        "way out": not is_framed or 'action="/staff/sign-out"' in answer.text,
    }
    return [name for name, holds in checks.items() if not holds]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_answer_holds_what_browsers_are_promised(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    records = make_records(tmp_path)
    sign_in(client, Role.ORGANISER)
    wrong, cookies = {}, set()
    for endpoint, method, address in routes(app, records.address):
        if endpoint.startswith("demo."):
            continue  # not there in production
        answer = client.open(address, method=method)
        access = declared_access(app.view_functions[endpoint])
        cookies |= {line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")}
        if found := wrong_with(answer, is_staffs=access is not None and access.kind == "staff"):
            wrong[f"{method} {address}"] = found
    assert wrong == {}, "\n".join(f"{where}: {what}" for where, what in wrong.items())
    assert "conference" in cookies <= {"conference", "badge-sheet"}


def test_an_answer_that_lacks_something_is_seen(app: Flask) -> None:
    """The planted one: a text of no character set that may be framed, read from elsewhere, and leads away."""
    bare = app.response_class(b"x", content_type="text/plain")
    bare.headers.extend(
        {
            "X-Content-Type-Options": "sniff",
            "Referrer-Policy": "unsafe-url",
            "Access-Control-Allow-Credentials": "true",
            "Location": "//other.example",
            "Content-Security-Policy": "default-src *",
            "Set-Cookie": f"a={'x' * 5000}",
        }
    )
    found = wrong_with(bare, is_staffs=False)  # type: ignore[arg-type]  # what is looked at is alike
    assert set(found) == {
        "charset", "nosniff", "referrer", "other origins", "stays here", "embedded", "cookies", "small cookies",
    }  # fmt: skip


def test_signing_out_lets_the_browser_forget_the_offices_pages(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    answer = client.post("/staff/sign-out", data={"csrf_token": token_of(client, "/staff/me")})
    assert answer.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("path", ["/", "/staff/", "/api/v1", "/assets/", "/healthz"])
def test_a_trace_is_answered_by_no_route(client: FlaskClient, path: str) -> None:
    answer = client.open(path, method="TRACE", headers={"X-Secret": "told-back"})
    assert answer.status_code in {404, 405}
    assert "told-back" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/pyproject.toml",
        "/conference/config.py",
        "/assets/",
        "/assets/../app.py",
        "/instance/conference.sqlite3",
    ],
)
def test_no_file_of_the_program_and_no_listing_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
