"""Schemathesis sends to each address what the API's own document allows and what it forbids, and holds each answer to it.

On both databases; PostgreSQL gets fewer drawn examples, since the boundaries of each parameter are sent in any case.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from conference.api import public_routes, shapes
from conference.api.model import Room
from conference.api.operations import OPERATIONS
from tests.conftest import opened
from tests.factories.api import a_token, bearer
from tests.factories.conformance import held_to_its_document
from tests.factories.databases import Pool
from tests.factories.records import make_records

Reading = tuple[Flask, dict[str, str]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """An application with a record of each kind, and the header of a token that reads everything."""
    folder = tmp_path_factory.mktemp("api")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "conference.sqlite3")
        yield from _opened(f"sqlite:///{folder / 'conference.sqlite3'}", folder)
        return
    pool: Pool = request.getfixturevalue("postgres_pool")
    database = pool.take()
    yield from _opened(database.url, folder)
    pool.give_back(database)


def _opened(url: str, folder: Path) -> Iterator[Reading]:
    with opened(url, folder) as app:
        make_records(folder)
        yield app, bearer(a_token()[1])


@pytest.fixture(autouse=True)
def without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """More requests come in a run than a token may send in a minute."""
    monkeypatch.setattr("conference.api.tokens.MOST_A_MINUTE", 10**6)


def test_each_address_keeps_to_the_document_with_a_token(reading: Reading) -> None:
    app, token = reading
    is_lite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    run = held_to_its_document(app, token, examples=8 if is_lite else 2)
    assert run.failures == frozenset()
    assert set(run.asked) == {f"GET {one.path}" for one in OPERATIONS}
    assert min(run.asked.values()) >= 3
    # Every kind of answer was among them: records, unknown ones, wrong parameters, other methods.
    assert set(run.statuses) == {200, 204, 400, 401, 404, 405}


def test_what_needs_a_token_keeps_to_the_document_without_one(reading: Reading) -> None:
    run = held_to_its_document(reading[0], only="/registrations")
    assert run.failures == frozenset()
    assert set(run.statuses) == {204, 401, 405}


def _wrong_type(room: Any) -> Any:
    number: Any = str(room.id)
    return Room(id=number, name=room.name, seats=room.seats)


def _takes_any_number(text: str, least: int, most: int) -> int | None:
    return min(max(least, int(text)), most) if text.lstrip("-").isdigit() else None


@pytest.mark.parametrize(
    ("module", "name", "planted", "check"),
    [
        (public_routes, "room_of", _wrong_type, "response_schema_conformance"),
        (shapes, "_integer", _takes_any_number, "negative_data_rejection"),
    ],
    ids=["an answer of another type", "a number out of bounds"],
)
def test_a_planted_violation_is_found(
    module: Any,
    name: str,
    planted: Callable[..., Any],
    check: str,
    reading: Reading,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the runs above."""
    monkeypatch.setattr(module, name, planted)
    run = held_to_its_document(reading[0], only="/rooms", examples=2)
    assert {told.split(": ")[1] for told in run.failures} == {check}
