"""trust.md 1, 2 and 4, with real processes and real connections, on both databases."""

from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from conference.db.base import db
from conference.mail.tables import OutboxRow
from conference.people.tables import PersonRow
from conference.registration.category_queries import get_category
from conference.registration.model import Seats, State
from conference.registration.tables import AttemptRow, RegistrationRow
from tests.factories.forked import begun, listened
from tests.factories.registration import make_category
from tests.faults.registering import clients

PROCESSES = 4


def _start(url: str, instance: Path, fault: str, first: int, count: int) -> Connection:
    _, line = begun(clients, url, instance, fault, first, count)
    return line


def _let_go(children: list[Connection]) -> list[Any]:
    """Start all at one moment; return what each says at last, None from one that died."""
    for line in children:
        assert listened(line) == "ready"
    for line in children:
        line.send("go")
    answers = [listened(line) for line in children]
    db.session.rollback()
    return answers


def _race(url: str, instance: Path, fault: str, people: int) -> tuple[int, list[str]]:
    """Return how many were told yes, and the errors that any client saw."""
    share = people // PROCESSES
    children = [_start(url, instance, fault, 1 + n * share, share) for n in range(PROCESSES)]
    answers = _let_go(children)
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
    assert _let_go([_start(database_url, tmp_path, "before", 1, 1)]) == [None]
    assert (_states(), _count(OutboxRow), _count(PersonRow)) == ([], 0, 0)
    assert get_category(category).ledger == Seats(seats=1, taken=0, waiting=0)
    (answer,) = _let_go([_start(database_url, tmp_path, "none", 1, 1)])
    assert answer == {"yes": 1, "errors": []}
    assert _states() == ["confirmed"]


def test_killed_after_commit_before_the_answer(app: Flask, database_url: str, tmp_path: Path) -> None:
    category = make_category(seats=1)
    assert _let_go([_start(database_url, tmp_path, "after", 1, 1)]) == [None]
    assert (_states(), _count(OutboxRow)) == (["confirmed"], 1)
    (answer,) = _let_go([_start(database_url, tmp_path, "none", 1, 1)])
    assert answer == {"yes": 1, "errors": []}
    assert (_states(), _count(OutboxRow)) == (["confirmed"], 1)
    assert get_category(category).ledger == Seats(seats=1, taken=1, waiting=0)
