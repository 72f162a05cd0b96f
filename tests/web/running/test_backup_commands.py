"""What the commands print, and how they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from conference.cli import main
from conference.db.base import db
from conference.running.commands import backup, deploy, doctor, keys
from conference.running.model import LEFT_OUT
from conference.web.settings import attach_settings
from tests.conftest import settings_for
from tests.factories.registration import make_category, register_attendee


def run(app: Flask, *arguments: str) -> Result:
    """Return what `conference ARGUMENTS` answers on this application; what the group would turn into a sentence is raised."""
    commands = {"backup": backup, "doctor": doctor, "keys": keys, "deploy": deploy}
    db.session.rollback()
    return CliRunner().invoke(
        commands[arguments[0]], arguments[1:], obj=ScriptInfo(create_app=lambda: app), catch_exceptions=True
    )


def test_a_backup_says_what_it_holds_and_what_not(app: Flask, tmp_path: Path) -> None:
    register_attendee(make_category(seats=5))
    out = tmp_path / "office.tar.gz"
    told = run(app, "backup", "--out", str(out))
    assert (told.exit_code, told.exception) == (0, None)
    assert f"{out}: " in told.output
    assert LEFT_OUT in told.output
    verified = run(app, "backup", "verify", str(out))
    assert f"{out} is whole: " in verified.output
    manifest = json.loads(run(app, "backup", "verify", "--json", str(out)).output)["manifest"]
    assert manifest["counts"]["registration"] == 1


def test_a_backup_without_a_place_says_how(app: Flask) -> None:
    told = run(app, "backup")
    assert told.exit_code == 2
    assert "conference backup --out FILE" in told.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("backup", "--scheduled"), "CONFERENCE_BACKUP_FOLDER is not set: say where backups are to lie."),
        (("backup", "--out", "/nowhere/a.tar.gz"), "There is no folder /nowhere: make it first."),
        (("backup", "verify", "/nowhere/a.tar.gz"), "There is no archive /nowhere/a.tar.gz."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(app: Flask, arguments: tuple[str, ...], sentence: str) -> None:
    assert str(run(app, *arguments).exception) == sentence


def test_a_scheduled_one_is_made_when_it_is_due(app: Flask, database_url: str, tmp_path: Path) -> None:
    attach_settings(app, settings_for(database_url, tmp_path, BACKUP_FOLDER=str(tmp_path / "b")))
    assert run(app, "backup", "--scheduled").output == "A backup was made.\n"
    assert run(app, "backup", "--scheduled").output == "No backup is due.\n"


def test_the_doctor_ends_with_one_where_something_does_not_work(app: Flask) -> None:
    told = run(app, "doctor")  # the mail server of the tests is not there
    assert told.exit_code == 1
    assert "BAD   mail: 127.0.0.1:9 cannot be used" in told.output
    assert {"name", "level", "said", "remedy"} == set(json.loads(run(app, "doctor", "--json").output)[0])


def test_keys_tell_what_was_done(app: Flask) -> None:
    told = run(app, "keys", "rotate")
    assert told.exit_code == 0
    assert "answers: 0 sealed anew with the first key." in told.output


def test_files_are_printed_or_written(app: Flask, tmp_path: Path) -> None:
    assert "# ---- conference.conf" in run(app, "deploy", "nginx").output
    told = run(app, "deploy", "systemd", "--out", str(tmp_path / "units"), "--user", "office")
    assert told.output.count("conference-") == 4
    assert "User=office" in (tmp_path / "units" / "conference-web.service").read_text(encoding="utf-8")


def test_each_is_a_command_of_the_program() -> None:
    assert {"backup", "restore", "doctor", "keys", "deploy"} <= set(main.commands)
