"""trust.md 27: five rounds of `python -m tests.faults app` on each database, and what the check says of an office that lies."""

import json
import os
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.conftest import MEMORY
from tests.faults import __main__ as command
from tests.faults import app as trial_of_app
from tests.faults import hasty
from tests.faults.app import is_sound, place, trial
from tests.faults.offices import Loaded

ROUNDS = 5
MEMORY_IF_ANY = MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None


def assert_nothing_lost(line: dict[str, Any]) -> None:
    # A text: of a dictionary pytest would leave out the end, where the faults are.
    assert line["sound"], json.dumps(line)
    told = line["answered_yes"]
    assert told >= ROUNDS * trial_of_app.YESES_A_ROUND
    same = ("present", "registrations", "mails", "mails_in_all")
    assert [line[name] for name in same] == [told] * len(same)
    assert line["seats_taken"] == line["seats_counted"] == ROUNDS * trial_of_app.SEATS_A_ROUND
    assert line["faults"] == []


def test_five_rounds_of_kills_on_sqlite_lose_nothing(sqlite_template: Path) -> None:
    with place("sqlite", MEMORY_IF_ANY) as (url, folder, server):
        shutil.copy(sqlite_template, str(make_url(url).database))
        line = trial(url, folder, ROUNDS, Loaded, server)
    assert_nothing_lost(line)
    assert line["how"] == {"all web processes": 2, "one web process": 2, "the office": 1}


def test_five_rounds_of_kills_of_processes_and_server_lose_nothing() -> None:
    with place("postgresql", MEMORY_IF_ANY) as (url, folder, server):
        line = trial(url, folder, ROUNDS, Loaded, server)
    assert_nothing_lost(line)
    assert line["how"] == {
        "all web processes": 2,
        "one web process": 2,
        "postgresql -9": 2,
        "postgresql -m immediate": 3,
        "the office": 1,
    }


def test_an_office_that_answers_before_it_commits_is_found_out(sqlite_template: Path) -> None:
    """The control: the same kills, and the same check."""
    with place("sqlite", MEMORY_IF_ANY) as (url, folder, _):
        shutil.copy(sqlite_template, str(make_url(url).database))
        line = trial(url, folder, 2, partial(Loaded, bear=hasty.bear))
    assert not line["sound"]
    assert line["present"] < line["answered_yes"]


SOUND = {
    "answered_yes": 3,
    "present": 3,
    "registrations": 3,
    "seats_taken": 2,
    "seats_counted": 2,
    "mails": 3,
    "mails_in_all": 3,
    "faults": [],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"present": 2},
        {"registrations": 4},
        {"seats_taken": 3},
        {"mails": 2},
        {"mails_in_all": 4},
        {"faults": ["client1@x.example: 500 Something broke on our side"]},
    ],
    ids="-".join,
)
def test_each_figure_that_differs_is_not_sound(wrong: dict[str, Any]) -> None:
    assert is_sound(SOUND)
    assert not is_sound(SOUND | wrong)


@pytest.mark.parametrize(("is_right", "code"), [(True, 0), (False, 1)])
def test_the_command_ends_with_1_for_a_line_that_is_not_sound(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, is_right: bool, code: int
) -> None:
    monkeypatch.setattr(trial_of_app, "main", lambda _arguments: iter([{"name": "app", "sound": is_right}]))
    monkeypatch.setattr("sys.argv", ["faults", "app"])
    assert command.main() == code
    assert json.loads(capsys.readouterr().out) == {"name": "app", "sound": is_right}
