"""`backup`: how long it takes to save and to put back so many registrations, each with its mail, on each database.

A line for each database: the `registrations`, the archive's `mb`, the seconds to back up, to verify and to restore, whether the
restore took under five minutes, and whether each table but the outbox has the same `checksums` before and after.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import flask_migrate
from flask import current_app
from sqlalchemy import Table, insert, select, update

from conference.app import create_app
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.registration.tables import CategoryRow
from conference.running.archive import verified
from conference.running.backup import back_up
from conference.running.restore import NOTED, restore
from conference.tables import metadata
from tests.benchmarks.registration_rows import fill_rows
from tests.conftest import settings_for
from tests.factories.mail import queue_note
from tests.factories.places import empty_place
from tests.factories.registration import make_category
from tests.faults.mail import fresh_postgresql

LIMIT_S = 300
# What a restore itself writes: it holds mails, and gives every process new standing facts.
_WRITTEN = {"outbox", "standing_token", "erasure_salt"}


def _quiet(_what: object) -> None:
    """Tell nobody."""


def fill(count: int) -> None:
    """Write so many registrations, each with its mail, into the application's database."""
    category = make_category(seats=count)
    fill_rows(category, count)
    mail_id = queue_note(current_app, "one@demo.example")
    mails = cast("Table", OutboxRow.__table__)
    with db.engine.connect() as connection:
        one = dict(connection.execute(select(mails).where(mails.c.id == mail_id)).mappings().one())
    rows = [
        one | {"id": mail_id + n, "message_id": f"<{n}@demo.example>", "about_type": "registration", "about_id": n, "state": "done"}
        for n in range(1, count + 1)
    ]  # fmt: skip
    transact(lambda session: session.execute(insert(mails), rows))
    transact(lambda session: session.execute(update(CategoryRow).values(taken=count)))


def checksums() -> dict[str, str]:
    """Return a checksum of the rows of each table that a restore leaves as they were."""
    found = {}
    with db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name not in _WRITTEN:
                digest = sha256()
                rows = select(table).order_by(*table.primary_key.columns)
                if table.name == "audit_entry":  # the restore notes itself
                    rows = rows.where(table.c.action != NOTED)
                for row in connection.execute(rows):
                    digest.update(repr(tuple(row)).encode())
                found[table.name] = digest.hexdigest()
    return found


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), round(time.perf_counter() - began, 1)


def _trial(url: str, folder: Path, count: int) -> dict[str, Any]:
    app = create_app(settings_for(url, folder))
    archive = folder / "a.tar.gz"
    with app.app_context():
        flask_migrate.upgrade()
        fill(count)
        before = checksums()
        _, saved_s = _timed(lambda: back_up(archive, _quiet))
        db.session.remove()
        db.engine.dispose()
    found, verified_s = _timed(lambda: verified(archive, _quiet))
    with empty_place(url, folder / "new"):
        done, restored_s = _timed(lambda: restore(archive, [], _quiet, _quiet))
        is_same = checksums() == before
    return {
        "database": found.manifest.database,
        "registrations": found.manifest.counts["registration"],
        "mb": round(found.size_bytes / 1e6, 1),
        "backup_s": saved_s,
        "verify_s": verified_s,
        "restore_s": restored_s,
        "under_5_min": restored_s < LIMIT_S,
        "checksums_equal": is_same,
        "broken": done.broken,
    }


def main(argv: list[str]) -> Iterator[dict[str, Any]]:
    """Yield one line for SQLite and one for PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults backup", description=__doc__)
    parser.add_argument("--registrations", type=int, default=50_000)
    count = parser.parse_args(argv).registrations
    with tempfile.TemporaryDirectory() as folder:
        yield _trial(f"sqlite:///{folder}/office.sqlite3", Path(folder), count)
    with tempfile.TemporaryDirectory() as folder, fresh_postgresql() as url:
        yield _trial(url, Path(folder), count)
