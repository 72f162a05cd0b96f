"""`migrations`: a filled database goes down, up, down and up again, and every row is as it was (trust.md 28).

Down step by step from the newest migration to `--to`, 0036 unless another is named: all that came with issue 7. Then up to
the newest, down at once, and up once more. Each table has a checksum of all its rows before, below and after, over
the columns that both ends know. What only the newer end knows cannot survive below, and is named as `lost`: its tables, and its
columns of others. Rows that hold nothing but such facts go with them: a session that waits for its second factor, an
account that came in by a desk's code; none of either is in this database. Below 0003 states, and below 0009 places held for
invitations, are written as the nearest that the older release knows; this database has none of those either.

For each database one line: the `steps` with the seconds down and up, which are also how long PostgreSQL may hold its locks;
`slow`, those that took longer than the five seconds after which a form that waits for a lock is answered with 503; the
`checksums` before, below and after, each 12 hexadecimal digits; and whether all is `sound`.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import flask_migrate
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, insert, inspect, make_url, select, text

from conference.app import create_app
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import clock
from conference.db.base import db
from conference.db.engines import BUSY_TIMEOUT_S
from conference.db.work import transact
from conference.registration.tables import AnswerRow, ConsentRow
from conference.web.access import Role
from tests.conftest import settings_for
from tests.factories.accounts import make_member
from tests.factories.questions import make_question
from tests.faults.backup import fill
from tests.faults.mail import fresh_postgresql

BELOW = "0036"
Columns = Mapping[str, frozenset[str]]
Sums = dict[str, str]


def fill_all(count: int) -> None:
    """Write so many registrations, each with a mail, a choice, an answer, and an entry of the audit with its values."""
    fill(count)
    for role in (Role.ORGANISER, Role.VIEWER):
        make_member(role, f"{role}@staff.example")
    question, now = make_question("Topic"), clock.now()
    first = (db.session.scalar(select(func.max(EntryRow.id))) or 0) + 1
    db.session.rollback()
    numbers = range(1, count + 1)
    about = {"at": now, "actor_kind": "form", "action": "registered", "record_type": "registration"}
    beside: dict[Any, list[dict[str, Any]]] = {
        ConsentRow: [
            {"registration_id": one, "kind": "list", "wording": "List me", "given_at": now} for one in numbers
        ],
        AnswerRow: [
            {"registration_id": one, "question_id": question, "value": f"Åsa {one}", "given_at": now}
            for one in numbers
        ],
        EntryRow: [about | {"id": first + one, "record_id": one, "fields": ["state"]} for one in numbers],
        PayloadRow: [{"entry_id": first + one, "values": {"state": [None, "confirmed"]}} for one in numbers],
    }
    transact(lambda session: [session.execute(insert(table), rows) for table, rows in beside.items()])


def columns() -> Columns:
    """Return the columns of each table that is there now."""
    seen = inspect(db.engine)
    return {
        name: frozenset(str(one["name"]) for one in seen.get_columns(name))
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def common(one: Columns, other: Columns) -> Columns:
    return {name: one[name] & other[name] for name in one.keys() & other.keys()}


def lost(newer: Columns, older: Columns) -> list[str]:
    """Return what only the newer end knows: its tables, and its columns of tables that both know, as table.column."""
    tables = [name for name in newer if name not in older]
    return sorted(
        tables + [f"{name}.{one}" for name in newer if name in older for one in newer[name] - older[name]]
    )


def checksums(of: Columns) -> Sums:
    """Return a checksum of these columns of all rows of each table, empty ones left out; rows count in any order."""
    found = {}
    with db.engine.connect() as connection:
        for name, wanted in sorted(of.items()):
            # No model and no types: what the driver itself reads.
            chosen = ", ".join(f'"{one}"' for one in sorted(wanted))
            rows = sorted(
                repr(tuple(row)) for row in connection.execute(text(f'SELECT {chosen} FROM "{name}"'))
            )
            if rows:
                found[name] = sha256("\n".join(rows).encode()).hexdigest()[:12]
    return found


def _revisions(below: str) -> list[str]:
    """Return the migrations above this one, the newest first."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    return [one.revision for one in script.iterate_revisions("head", below)]


def go(direction: str, revision: str) -> float:
    """Migrate "up" or "down" to this revision; return the seconds."""
    begun = time.perf_counter()
    (flask_migrate.upgrade if direction == "up" else flask_migrate.downgrade)(revision=revision)
    return round(time.perf_counter() - begun, 2)


def trial(url: str, folder: Path, count: int, below: str) -> dict[str, Any]:
    """Return the line of so many registrations on this database, which is empty, or migrated and without rows of its own."""
    begun = time.monotonic()
    with create_app(settings_for(url, folder)).app_context():
        flask_migrate.upgrade()
        newer = columns()
        go("down", below)
        older = columns()
        go("up", "head")
        fill_all(count)
        figures = tried(below, newer, older)
        db.session.remove()
        db.engine.dispose()
    return {
        "name": "migrations",
        "database": make_url(url).get_backend_name(),
        "registrations": count,
        **figures,
        "seconds": round(time.monotonic() - begun, 1),
    }


def tried(below: str, newer: Columns, older: Columns) -> dict[str, Any]:
    """Return the figures of the application's database, filled and at its newest migration."""
    both, revisions = common(newer, older), _revisions(below)
    steps: dict[str, list[float]] = {}
    before = checksums(both)
    for revision, lower in zip(revisions, [*revisions[1:], below], strict=True):
        steps[revision] = [go("down", lower)]
    beneath = checksums(both)
    for revision in reversed(revisions):
        steps[revision].append(go("up", revision))
    after = checksums(both)
    at_once = [go("down", below), go("up", "head")]
    last = checksums(both)
    return {
        "from": revisions[0],
        "to": below,
        "steps": steps,
        "at_once_s": at_once,
        "slow": [name for name, seconds in steps.items() if max(seconds) > BUSY_TIMEOUT_S],
        "lost": lost(newer, older),
        "checksums": {name: [sums.get(name) for sums in (before, beneath, after)] for name in before},
        "sound": before == beneath == after == last and columns() == newer,
    }


def main(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield one line for SQLite and one for PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults migrations", description=__doc__)
    parser.add_argument("--registrations", type=int, default=50_000)
    parser.add_argument("--to", default=BELOW, help="the migration to go down to")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args(arguments)
    if given.database != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/office.sqlite3"
            yield trial(url, Path(folder), given.registrations, given.to)
    if given.database != "sqlite":
        with tempfile.TemporaryDirectory() as folder, fresh_postgresql() as url:
            yield trial(url, Path(folder), given.registrations, given.to)
