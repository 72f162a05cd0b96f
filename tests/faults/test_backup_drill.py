"""trust.md 28: a backup that is taken while others write is one state of the database, and passes every invariant.

Another process registers people, four at a time, as fast as it can. The copy is held up until more of them were told yes,
of a third process that begins only then, so that they certainly write while it is made, however slow the machine is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.mail.tables import OutboxRow
from conference.registration.category_queries import get_category
from conference.registration.tables import RegistrationRow
from conference.running import postgres_copy, sqlite_copy
from conference.running.backup import back_up
from conference.running.restore import restore
from tests.conftest import opened
from tests.factories.forked import begun, listened
from tests.factories.places import empty_place
from tests.factories.registration import make_category
from tests.faults.registering import CATEGORY, clients

PEOPLE, EARLY = 200, 150
BEFORE, MEANWHILE = 20, 40


@dataclass
class HeldUp:
    """How many were registered when the copy went on, and the lines of those who begin when it is held up."""

    seen: list[int] = field(default_factory=list)
    lines: list[Connection] = field(default_factory=list)


def registered() -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(RegistrationRow)) or 0


def wait_for(count: int) -> None:
    """Return once so many are registered; a writer that died would hang here, and so would its own test."""
    until = real_now().timestamp() + 300
    while registered() < count:
        assert real_now().timestamp() < until, "nobody registers any more"


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> HeldUp:
    """Let each copy wait in its middle for others' writes."""
    found = HeldUp()

    def wait() -> None:
        if not found.seen:
            enough = registered() + MEANWHILE
            for line in found.lines:
                line.send("go")
            wait_for(enough)
            found.seen.append(registered())

    def first(real: Callable[..., Any]) -> Callable[..., Any]:
        def held(*arguments: Any) -> Any:
            wait()
            return real(*arguments)

        return held

    # SQLite's copy waits between its steps, PostgreSQL's between the snapshot and pg_dump.
    monkeypatch.setattr(sqlite_copy, "_PAGES", 40)
    monkeypatch.setattr(sqlite_copy, "copied", _stepping(sqlite_copy.copied, wait))
    monkeypatch.setattr(postgres_copy, "_run", first(postgres_copy._run))
    return found


def _stepping(real: Callable[..., Any], wait: Callable[[], None]) -> Callable[..., Any]:
    def copied(url: str, target: Path, say: Callable[[int], None]) -> Any:
        def step(more: int) -> None:
            wait()
            say(more)

        return real(url, target, step)

    return copied


def test_a_backup_during_writes_is_one_state(
    app: Flask, database_url: str, tmp_path: Path, held_up: HeldUp
) -> None:
    assert make_category(seats=120) == CATEGORY
    early, line = begun(clients, database_url, tmp_path, "none", 1, EARLY)
    late, other = begun(clients, database_url, tmp_path, "none", EARLY + 1, PEOPLE - EARLY)
    assert [listened(one) for one in (line, other)] == ["ready", "ready"]
    held_up.lines.append(other)
    line.send("go")
    wait_for(BEFORE)
    manifest = back_up(tmp_path / "a.tar.gz", lambda _bytes: None)
    assert listened(line) == {"yes": EARLY, "errors": []}
    assert listened(other) == {"yes": PEOPLE - EARLY, "errors": []}
    early.join()
    late.join()
    saved = manifest.counts["registration"]
    # Others wrote while it was made, and it holds none of that.
    assert BEFORE <= saved <= held_up.seen[0] - MEANWHILE < PEOPLE
    with empty_place(database_url, tmp_path / "new"):
        done = restore(tmp_path / "a.tar.gz", [], lambda _bytes: None, lambda _text: None)
        assert done.broken == []
        assert_sound(saved)
    with opened(database_url, tmp_path):
        assert_sound(PEOPLE)


def assert_sound(people: int) -> None:
    """Every registration has its seat or its place in the queue, and its one mail."""
    numbers = list(db.session.scalars(select(RegistrationRow.id).order_by(RegistrationRow.id)))
    mails = db.session.scalars(select(OutboxRow.about_id).where(OutboxRow.about_type == "registration"))
    assert len(numbers) == people
    assert sorted(mails) == [RegistrationId(one) for one in numbers]
    ledger = get_category(CATEGORY).ledger
    assert ledger.taken == min(people, 120)
    assert ledger.taken + ledger.waiting == people
    db.session.rollback()
