"""Two upgrades at once are one: the second waits, says so, and finds nothing left to do."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from conference.db import migrating
from conference.db.migrating import UpgradeBusyError, one_at_a_time
from tests.factories.forked import ENDS_WITHIN_S, command_begun
from tests.factories.places import empty_url


def environment(url: str, folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    return clean | {"CONFERENCE_DATABASE_URL": url, "CONFERENCE_INSTANCE": str(folder)}


def wait_for(path: Path, words: str) -> None:
    until = time.monotonic() + ENDS_WITHIN_S
    while not path.exists() or words not in path.read_text(encoding="utf-8"):
        assert time.monotonic() < until, "it never said so"


def test_two_upgrades_at_once(database_url: str, tmp_path: Path) -> None:
    with empty_url(database_url, tmp_path) as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with one_at_a_time(engine):
            children = [
                command_begun(
                    ["db", "upgrade"], environment(url, tmp_path), tmp_path / f"out{n}", tmp_path / f"err{n}"
                )
                for n in (1, 2)
            ]
            for n in (1, 2):
                wait_for(
                    tmp_path / f"err{n}",
                    "Another upgrade of this database is running; this one waits for it.",
                )
            # Neither has begun anything.
            assert inspect(engine).get_table_names() == []
        for child in children:
            child.join(ENDS_WITHIN_S)
            assert child.exitcode == 0
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
            assert connection.scalar(text("SELECT count(*) FROM organiser")) == 2
        engine.dispose()


def test_one_that_hangs_is_not_waited_for_without_end(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "WAITS_AT_MOST_S", -1.0)
    engine = create_engine(sqlite_url)
    with (
        one_at_a_time(engine),
        pytest.raises(UpgradeBusyError, match="look at it, and end it"),
        one_at_a_time(engine),
    ):
        pass
    engine.dispose()


def test_one_that_died_leaves_nothing_locked(database_url: str) -> None:
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    child = os.fork()
    if child == 0:
        other = create_engine(database_url, isolation_level="AUTOCOMMIT")
        with one_at_a_time(other):
            os._exit(0)
    os.waitpid(child, 0)
    with one_at_a_time(engine):
        pass
    engine.dispose()


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the shell's umask: it holds all personal data, and SQLite gives its side files the same mode."""
    path = tmp_path / "new" / "conference.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    before = os.umask(0o022)
    try:
        with one_at_a_time(engine), engine.begin() as connection:
            connection.execute(text("CREATE TABLE one (id INTEGER)"))
    finally:
        os.umask(before)
    engine.dispose()
    modes = [one.stat().st_mode & 0o777 for one in (path.parent, path, Path(f"{path}.upgrading"))]
    assert modes == [0o700, 0o600, 0o600]


def test_locks_of_a_database_that_is_there_are_kept(tmp_path: Path) -> None:
    """A process that opens and closes the file once more would give up SQLite's locks on it, without a word."""
    path = tmp_path / "there.sqlite3"
    begin = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE one (id INTEGER)")
        writer.execute("BEGIN IMMEDIATE")
        engine = create_engine(f"sqlite:///{path}")
        with one_at_a_time(engine):
            pass
        engine.dispose()
        other = subprocess.run(
            [sys.executable, "-c", begin, str(path)], capture_output=True, text=True, check=False
        )
    assert "database is locked" in other.stderr
