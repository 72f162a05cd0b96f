"""A database that cannot be reached, or a lock that cannot be had in time: 503 with Retry-After, and no traceback."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.app import create_app
from conference.db import engines
from tests.conftest import settings_for
from tests.factories.registration import make_category
from tests.factories.web import token_of


@pytest.fixture
def stranded(tmp_path: Path) -> FlaskClient:
    """The application before a PostgreSQL that nobody runs."""
    return create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:9/none", tmp_path)).test_client()


@pytest.mark.parametrize("url", ["/", "/register", "/programme", "/r/sometoken"])
def test_a_page_without_its_database_is_a_calm_503(stranded: FlaskClient, url: str) -> None:
    answer = stranded.get(url)
    assert answer.status_code in ({503, 404} if url.startswith("/r/") else {503})
    if answer.status_code == 503:
        assert answer.headers["Retry-After"] == "5"
        assert "The conference office is busy" in answer.text
        assert "Traceback" not in answer.text


def test_the_process_is_well_and_not_ready(stranded: FlaskClient) -> None:
    assert stranded.get("/healthz").status_code == 200
    answer = stranded.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["failed"]["database"] == "OperationalError"


def test_a_lock_not_had_in_time_is_a_503_and_the_form_can_be_sent_again(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr(engines, "BUSY_TIMEOUT_S", 1)
    shutil.copy(sqlite_template, tmp_path / "office.sqlite3")
    app: Flask = create_app(settings_for(f"sqlite:///{tmp_path / 'office.sqlite3'}", tmp_path))
    with app.app_context():
        category = make_category(name="Participant", seats=10)
        client = app.test_client()
        fields = {
            "given_name": "Åsa",
            "family_name": "Exempelsson",
            "email": "asa@demo.example",
            "affiliation": "Example Hospital",
            "country": "SE",
            "category": str(category),
            "csrf_token": token_of(client, "/register"),
            "form_key": "k" * 43,
        }
        with sqlite3.connect(tmp_path / "office.sqlite3", isolation_level=None) as holder:
            holder.execute("BEGIN IMMEDIATE")
            answer = client.post("/register", data=fields)
            holder.execute("ROLLBACK")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert client.post("/register", data=fields).status_code == 303
