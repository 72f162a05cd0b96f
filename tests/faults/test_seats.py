"""trust.md 1, 2 and 4, with real processes and real connections, on both databases."""

import json
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from conference.db.base import db
from conference.mail.tables import OutboxRow
from conference.people.tables import PersonRow
from conference.registration.category_queries import get_category
from conference.registration.model import Seats, State
from conference.registration.tables import AttemptRow, RegistrationRow
from tests.factories.registration import make_category

PROCESSES = 4
ROOT = Path(__file__).parents[2]


def _start(url: str, instance: Path, fault: str, first: int, count: int) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "tests.faults.registering",
        url,
        str(instance),
        fault,
        str(first),
        str(count),
    ]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _let_go(children: list[subprocess.Popen[str]]) -> list[str]:
    """Start all at one moment; return the line that each prints, "" from one that died."""
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    # Long enough for any machine: a child that hangs is what this is against.
    answers = [child.communicate(timeout=300)[0] for child in children]
    db.session.rollback()
    return answers


def _race(url: str, instance: Path, fault: str, clients: int) -> tuple[int, list[str]]:
    """Return how many were told yes, and the errors that any client saw."""
    share = clients // PROCESSES
    children = [_start(url, instance, fault, 1 + n * share, share) for n in range(PROCESSES)]
    answers = [json.loads(line) for line in _let_go(children)]
    return sum(answer["yes"] for answer in answers), sorted({one for a in answers for one in a["errors"]})


def _states() -> list[str]:
    return list(db.session.scalars(select(RegistrationRow.state).order_by(RegistrationRow.id)))


def _count(table: type[OutboxRow | RegistrationRow | PersonRow | AttemptRow]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_200_clients_for_50_seats(app: Flask, database_url: str, tmp_path: Path) -> None:
    category = make_category(seats=50)
    assert _race(database_url, tmp_path, "pause", 200) == (200, [])
    assert _states() == ["confirmed"] * 50 + ["waiting"] * 150
    numbers = db.session.scalars(
        select(RegistrationRow.waiting_number)
        .where(RegistrationRow.state == State.WAITING)
        .order_by(RegistrationRow.id)
    )
    assert list(numbers) == list(range(1, 151))
    assert get_category(category).ledger == Seats(seats=50, taken=50, waiting=150)
    assert _count(OutboxRow) == 200


def test_the_race_is_real_without_the_guard(app: Flask, database_url: str, tmp_path: Path) -> None:
    make_category(seats=10)
    assert _race(database_url, tmp_path, "naive", 40)[0] == 40
    assert _states().count("confirmed") > 10


def test_one_form_sent_20_times_at_once(app: Flask, database_url: str, tmp_path: Path) -> None:
    category = make_category(seats=50)
    assert _race(database_url, tmp_path, "same", 20) == (20, [])
    assert _states() == ["confirmed"]
    assert get_category(category).ledger.taken == 1
    assert (_count(OutboxRow), _count(PersonRow), _count(AttemptRow)) == (1, 1, 1)


def test_killed_between_insert_and_commit(app: Flask, database_url: str, tmp_path: Path) -> None:
    category = make_category(seats=1)
    assert _let_go([_start(database_url, tmp_path, "before", 1, 1)]) == [""]
    assert (_states(), _count(OutboxRow), _count(PersonRow)) == ([], 0, 0)
    assert get_category(category).ledger == Seats(seats=1, taken=0, waiting=0)
    (answer,) = _let_go([_start(database_url, tmp_path, "none", 1, 1)])
    assert json.loads(answer) == {"yes": 1, "errors": []}
    assert _states() == ["confirmed"]


def test_killed_after_commit_before_the_answer(app: Flask, database_url: str, tmp_path: Path) -> None:
    category = make_category(seats=1)
    assert _let_go([_start(database_url, tmp_path, "after", 1, 1)]) == [""]
    assert (_states(), _count(OutboxRow)) == (["confirmed"], 1)
    (answer,) = _let_go([_start(database_url, tmp_path, "none", 1, 1)])
    assert json.loads(answer) == {"yes": 1, "errors": []}
    assert (_states(), _count(OutboxRow)) == (["confirmed"], 1)
    assert get_category(category).ledger == Seats(seats=1, taken=1, waiting=0)
