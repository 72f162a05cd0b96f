from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.app import create_app
from conference.db.base import db
from tests.conftest import FreshClient, settings_for


@pytest.fixture
def site(app: Flask, database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of the application in production, whose only name is conference.example."""
    given = settings_for(database_url, tmp_path, BASE_URL="https://conference.example")
    production = create_app(replace(given, mode="production"))
    production.test_client_class = FreshClient
    yield production.test_client()
    with production.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("host", ["conference.example", "conference.example:443", "CONFERENCE.example"])
def test_the_sites_own_name_is_answered(site: FlaskClient, host: str) -> None:
    assert "Precision Medicine" in site.get("/", headers={"Host": host}).text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "conference.example.evil.example",
        "xconference.example",
        "127.0.0.1",
        "",
        "<b>",
        "a b",
        "[::1",
    ],
)
@pytest.mark.parametrize("path", ["/", "/privacy", "/staff/", "/no-such-page"])
def test_another_name_is_refused_in_the_sites_design(site: FlaskClient, host: str, path: str) -> None:
    answer = site.get(path, headers={"Host": host, "X-Forwarded-Host": "conference.example"})
    assert answer.status_code == 400
    assert "This request could not be read" in answer.text
    assert "evil.example" not in answer.text + str(answer.headers)


def test_health_is_told_by_any_name(site: FlaskClient) -> None:
    assert site.get("/healthz", headers={"Host": "10.0.0.7:8000"}).json == {"status": "ok"}


def test_browsers_are_told_to_stay_with_tls_whatever_server_ends_it(site: FlaskClient) -> None:
    """A server in front on another machine: what it says of TLS gunicorn believes from this machine alone."""
    answer = site.get("/", base_url="http://conference.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
