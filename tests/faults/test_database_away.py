"""A database that cannot be reached, or a lock that cannot be had in time: 503 with Retry-After, and no traceback."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.app import create_app
from conference.core.links import sign
from conference.db import engines
from conference.registration.links import PURPOSE
from tests.conftest import SECRET, settings_for
from tests.factories.registration import make_category
from tests.factories.web import REGISTRATION_FORM, token_of


@pytest.fixture
def stranded(tmp_path: Path) -> FlaskClient:
    """The application before a PostgreSQL that nobody runs."""
    return create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:9/none", tmp_path)).test_client()


def _is_calm(answer: TestResponse) -> bool:
    return (
        (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
        and "The conference office is busy" in answer.text
        and "Traceback" not in answer.text
    )


@pytest.mark.parametrize("url", ["/", "/register", "/programme"])
def test_a_page_without_its_database_is_a_calm_503(stranded: FlaskClient, url: str) -> None:
    assert _is_calm(stranded.get(url))


@pytest.mark.parametrize("page", ["", "/change", "/withdraw", "/calendar.ics"])
def test_a_true_personal_link_waits_for_the_database(stranded: FlaskClient, page: str) -> None:
    link = sign(SECRET, PURPOSE, 1, 1)
    assert _is_calm(stranded.get(f"/r/{link}{page}"))
    assert stranded.get(f"/r/9{link}{page}").status_code == 404  # a false one needs no database


@pytest.mark.parametrize("url", ["/staff/registrations", "/staff/mails", "/staff/badges.pdf"])
def test_a_staff_page_without_its_database_is_a_calm_503(stranded: FlaskClient, url: str) -> None:
    with stranded.session_transaction() as cookie:
        cookie["staff"] = "a-token-that-only-the-database-knows"
    assert _is_calm(stranded.get(url))


def test_a_form_sent_without_its_database_is_a_calm_503(stranded: FlaskClient) -> None:
    with stranded.session_transaction() as cookie:
        cookie["csrf"] = "t" * 32
    sent = {**REGISTRATION_FORM, "category": "1", "csrf_token": "t" * 32}
    assert _is_calm(stranded.post("/register", data=sent))


def test_the_process_is_well_and_not_ready(stranded: FlaskClient) -> None:
    assert stranded.get("/healthz").status_code == 200
    answer = stranded.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["failed"]["database"] == "OperationalError"


def test_a_lock_not_had_in_time_is_a_503_and_the_form_can_be_sent_again(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_S", 1)
    shutil.copy(sqlite_template, tmp_path / "office.sqlite3")
    app: Flask = create_app(settings_for(f"sqlite:///{tmp_path / 'office.sqlite3'}", tmp_path))
    with app.app_context():
        category = make_category(name="Participant", seats=10)
        client = app.test_client()
        fields = {**REGISTRATION_FORM, "category": str(category), "csrf_token": token_of(client, "/register")}
        with sqlite3.connect(tmp_path / "office.sqlite3", isolation_level=None) as holder:
            holder.execute("BEGIN IMMEDIATE")
            answer = client.post("/register", data=fields)
            holder.execute("ROLLBACK")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert client.post("/register", data=fields).status_code == 303
