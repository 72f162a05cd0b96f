"""The doctor finds what is wrong, says what to do, and calls nothing well that is not."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from conference.core.clock import real_now
from conference.db.base import db
from conference.running import doctor
from conference.running.doctor import Finding, Level, findings
from conference.web.access import Role
from conference.web.settings import attach_settings
from tests.conftest import settings_for
from tests.factories.accounts import sign_in
from tests.factories.certificates import shown_by_a_server, write_certificate
from tests.factories.mail import make_due, queue_note
from tests.factories.ports import free_port
from tests.factories.registration import make_category, register_attendee


def found(name: str, *, quick: bool = True) -> list[Finding]:
    db.session.rollback()
    return [one for one in findings(quick=quick) if one.name == name]


def said(name: str, *, quick: bool = True) -> str:
    return json.dumps([[one.level, one.said, one.remedy] for one in found(name, quick=quick)])


def test_a_sound_installation_has_nothing_bad(app: Flask) -> None:
    assert [one for one in findings(quick=True) if one.level is Level.BAD] == []
    names = {one.name for one in findings(quick=True)}
    assert names >= {
        "settings",
        "database",
        "migrations",
        "clock",
        "disk",
        "fonts",
        "keys",
        "queue",
        "backups",
    }


def test_each_that_is_not_well_says_what_to_do(app: Flask) -> None:
    assert all(bool(one.remedy) == (one.level is not Level.OK) for one in findings(quick=False))


def test_a_missing_list_of_known_passwords_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("passwords") == []
    monkeypatch.setattr(doctor, "HAS_LIST", False)
    assert "pip install -e '.[breached]'" in said("passwords")


def test_a_database_at_another_migration_is_told(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0030'"))
    assert "run `conference db upgrade`" in said("migrations")


def test_a_database_without_tables_is_told_and_the_rest_goes_on(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
    assert [one.level for one in found("queue")] == [Level.BAD]
    assert "does not answer" in said("queue")
    assert [one.level for one in found("fonts")] == [Level.OK]


def test_seats_that_are_counted_wrongly_are_told(app: Flask) -> None:
    register_attendee(make_category(seats=5))
    assert "invariants were counted anew" in said("data", quick=False)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE category SET taken = 4"))
    assert "Participant has 4 taken and 0 waiting, counted are 1 and 0" in said("data", quick=False)


def test_a_mail_server_that_does_not_answer_is_told(app: Flask) -> None:
    (one,) = found("mail", quick=False)
    assert one.level is Level.BAD
    assert "127.0.0.1:9 cannot be used" in one.said


@pytest.mark.parametrize(("free", "level"), [(10, "ok"), (1, "look"), (0.1, "bad")])
def test_a_disk_that_fills_is_told_in_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch, free: float, level: str
) -> None:
    class Usage:
        def __init__(self, _folder: object) -> None:
            self.free = int(free * 1e9)

    monkeypatch.setattr(shutil, "disk_usage", Usage)
    assert [one.level for one in found("disk")] == [level]


def test_a_folder_that_is_not_there_is_told(app: Flask, database_url: str, tmp_path: Path) -> None:
    attach_settings(app, settings_for(database_url, tmp_path, BACKUP_FOLDER=str(tmp_path / "nowhere")))
    assert "the folder of backups" in said("disk")
    assert "cannot be written" in said("disk")
    assert "no backup was made yet" in said("backups")


def test_a_clock_that_nobody_sets_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer, level in ((False, Level.LOOK), (True, Level.OK), (None, Level.OK)):
        monkeypatch.setattr(doctor, "_is_synchronised", lambda answer=answer: answer)
        assert [one.level for one in found("clock")] == [level]


def test_clocks_of_two_machines_that_differ_are_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "real_now", lambda: real_now() + timedelta(minutes=3))
    is_shared = db.engine.dialect.name == "postgresql"
    assert ("differ by 180 s" in said("clock")) == is_shared


def test_https_without_a_trusted_proxy_is_told(app: Flask, database_url: str, tmp_path: Path) -> None:
    https = {"BASE_URL": "https://conference.example"}
    attach_settings(app, settings_for(database_url, tmp_path, **https))
    assert "no proxy is trusted" in said("proxies")
    attach_settings(app, settings_for(database_url, tmp_path, TRUSTED_PROXIES="127.0.0.1/32", **https))
    assert [one.level for one in found("proxies")] == [Level.OK]


def test_several_encryption_keys_are_to_be_looked_at(app: Flask, database_url: str, tmp_path: Path) -> None:
    keys = f"{'n' * 40},{'o' * 40}"
    attach_settings(app, settings_for(database_url, tmp_path, ENCRYPTION_KEY=keys))
    assert "2 encryption keys are set" in said("keys")
    assert "nnn" not in said("keys")


def test_the_page_says_the_same_to_an_organiser(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/standing").text
    assert "Everything works." in page
    assert "No worker makes any" in page
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0030'"))
    assert "1 thing does not work" in client.get("/staff/standing").text


def test_the_page_writes_as_the_rest_of_the_office(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "real_now", lambda: datetime(2026, 11, 29, 8, 43, 20, tzinfo=UTC))
    monkeypatch.setattr(doctor, "_is_synchronised", lambda: None)
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/standing")
    assert "29 November 2026, 08:43:20 UTC" in page.text or db.engine.dialect.name == "postgresql"
    assert '<th scope="row" data-label="What">Clock</th>' in page.text
    assert ("SQLite " if db.engine.dialect.name == "sqlite" else "PostgreSQL ") in page.text
    assert "The secret key is set\n" in page.text
    assert '<a href="/staff/event">Event</a>' in page.text.partition("<h1>")[0]


def test_mails_that_were_refused_or_held_are_to_be_looked_at_in_the_words_of_mails(
    app: Flask,
) -> None:
    sent, refused, held = (queue_note(app) for _ in range(3))
    make_due(sent, state="done")
    assert [one.level for one in found("queue")] == [Level.OK]
    make_due(refused, state="failed")
    assert [one.level for one in found("queue")] == [Level.LOOK]
    make_due(refused, state="done")
    make_due(held, state="held")
    assert [one.level for one in found("queue")] == [Level.LOOK]
    make_due(refused, state="failed")
    assert "1 sent, 1 refused, 1 held back" in said("queue")
    assert "See under Mails" in said("queue")


def certificate(app: Flask, url: str, folder: Path, port: int) -> tuple[Level, str]:
    address = f"https://localhost:{port}"
    attach_settings(
        app, settings_for(url, folder, BASE_URL=address, TRUSTED_PROXIES="127.0.0.1/32", MODE="production")
    )
    (one,) = found("certificate", quick=False)
    return one.level, f"{one.said} {one.remedy}"


@pytest.mark.parametrize(
    ("days", "level", "told"),
    [
        (60, Level.OK, "issued by Our own authority"),
        (13, Level.LOOK, "Renew it, and see why that does not happen by itself"),
        (-1, Level.BAD, "is over"),
    ],
)
def test_how_long_the_sites_certificate_is_valid_is_told(
    app: Flask,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    level: Level,
    told: str,
) -> None:
    ends_at = real_now() + timedelta(days=days, hours=1)
    trusted, shown = write_certificate(tmp_path, "Our own authority", ends_at)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with shown_by_a_server(shown) as port:
        found_level, said_of_it = certificate(app, database_url, tmp_path, port)
    assert (found_level, told in said_of_it) == (level, True), said_of_it
    assert days < 0 or f"in {days} days" in said_of_it


def test_a_certificate_that_browsers_do_not_trust_is_told(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    _, shown = write_certificate(tmp_path, "Somebody", real_now() + timedelta(days=60))
    with shown_by_a_server(shown) as port:
        level, told = certificate(app, database_url, tmp_path, port)
    assert (level, "is not trusted here" in told, "SSL_CERT_FILE" in told) == (Level.LOOK, True, True)


def test_a_site_that_does_not_answer_is_told(app: Flask, database_url: str, tmp_path: Path) -> None:
    level, told = certificate(app, database_url, tmp_path, free_port())
    assert (level, "does not answer here" in told) == (Level.LOOK, True)


def test_a_site_without_tls_has_no_certificate(app: Flask) -> None:
    assert found("certificate", quick=False) == []
