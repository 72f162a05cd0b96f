"""A SQLite database copied while others write, and put back."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from conference.core.clock import real_now
from conference.running.errors import RunningError, no_room
from conference.running.model import Snapshot

# Of 4 KiB each: between two steps the progress is told.
_PAGES = 2000
_WAITS_S = 60.0


def path_of(url: str) -> Path:
    """Return the database's file; raises RunningError for one that is in memory."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise RunningError(
            "A database in memory has no file. Set CONFERENCE_DATABASE_URL to sqlite:////path/file.sqlite3."
        )
    return Path(name)


def copied(url: str, target: Path, say: Callable[[int], None]) -> Snapshot:
    """Copy the database into a new file as it is now, while others write, and return what was copied.

    An open reading transaction holds SQLite's backup to one state: without it each write would begin the copy anew.
    Raises RunningError for a missing or damaged database, and for a disk without room for the copy.
    """
    path = path_of(url)
    if not path.is_file():
        raise RunningError(f"There is no database at {path}: check CONFERENCE_DATABASE_URL.")
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        return _copied(path, target, say)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise no_room(target.parent.parent) from error
        raise RunningError(f"The database {path} could not be copied ({error}): look at the disk.") from error


def _copied(path: Path, target: Path, say: Callable[[int], None]) -> Snapshot:
    with closing(_opened(path)) as source, closing(_opened(target)) as copy:
        taken_at = real_now()
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        size = source.execute("PRAGMA page_size").fetchone()[0]
        done = 0

        def step(_status: int, remaining: int, total: int) -> None:
            nonlocal done
            say((total - remaining - done) * size)
            done = total - remaining

        source.backup(copy, pages=_PAGES, progress=step, sleep=0)
        source.execute("ROLLBACK")
        # One file: in WAL mode the copy would have two more beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        _require_sound(copy, path)
        return Snapshot(
            taken_at=taken_at,
            migration=_migration(copy),
            server=sqlite3.sqlite_version,
            counts=_counts(copy),
        )


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAITS_S, isolation_level=None)


def _require_sound(copy: sqlite3.Connection, path: Path) -> None:
    said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise RunningError(
            f"The database {path} is damaged ({said}). This backup was not kept: restore the last good one, "
            "and look at the disk."
        )


def _counts(copy: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- names of our own tables
        for name in names
        if not name.startswith("sqlite_")
    }


def _migration(copy: sqlite3.Connection) -> str:
    try:
        found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        found = None
    return found[0] if found else "none"


def found_there(url: str) -> str | None:
    """Return what stands where the database is to be, in words, or None for an empty place."""
    path = path_of(url)
    beside = [Path(f"{path}{ending}") for ending in ("", "-wal", "-shm", "-journal")]
    there = [str(one) for one in beside if one.exists()]
    if not there:
        return None
    return f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already"


def put_back(url: str, content: IO[bytes]) -> None:
    """Write the database's file, whole and on the disk, or not at all."""
    path = path_of(url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = Path(f"{path}.restoring")
    half.unlink(missing_ok=True)
    with open(half, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        shutil.copyfileobj(content, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def counts(url: str) -> dict[str, int]:
    """Return the rows of each table."""
    with closing(_opened(path_of(url))) as connection:
        return _counts(connection)


def broken_references(url: str) -> int:
    """Return how many rows refer to a row that is not there."""
    with closing(_opened(path_of(url))) as connection:
        return len(connection.execute("PRAGMA foreign_key_check").fetchall())
