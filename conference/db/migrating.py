"""One migration at a time, however many machines begin one."""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, text

# Any number that nobody else takes: "conference" by CRC-32.
_KEY = 0x2C9A6C1F
_LOOK_S = 0.2
# The longest that a migration of a conference could take, with much to spare.
WAITS_AT_MOST_S = 1800.0


class UpgradeBusyError(TimeoutError):
    """Another migration has been running for too long. Its text says what to do."""


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[None]:
    """Hold the database for the migration of this process; wait, and say so, while another's runs.

    PostgreSQL by an advisory lock of a session, which ends with its process whatever becomes of it; SQLite by a locked file
    beside the database, likewise. Who comes second finds that there is nothing left to do. Raises UpgradeBusyError.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            _wait(lambda: bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY})))
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
        return
    name = engine.url.database
    if not name or name == ":memory:":
        yield
        return
    path = Path(f"{name}.upgrading")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _own_file(path) as file:
        _wait(lambda: _locked(file.fileno()))
        _begin_file(Path(name))
        yield


def _begin_file(path: Path) -> None:
    """Begin a new database as an empty file: SQLite itself would let everybody on the machine read it.

    One that is there is not opened. A process that closes any descriptor of a file gives up all locks that it holds on
    it, SQLite's too, which then reads what was there before, or breaks it ("How To Corrupt An SQLite Database", 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _own_file(path: Path) -> IO[bytes]:
    """Return the file, which only its owner can read where it is new; one that is there is left as it is."""
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(is_had: Callable[[], bool]) -> None:
    ends_at, is_told = time.monotonic() + WAITS_AT_MOST_S, False
    while not is_had():
        if not is_told:
            sys.stderr.write("Another upgrade of this database is running; this one waits for it.\n")
            sys.stderr.flush()
            is_told = True
        if time.monotonic() > ends_at:
            raise UpgradeBusyError(
                "Another upgrade of this database has been running for half an hour: look at it, and end it if it hangs."
            )
        time.sleep(_LOOK_S)
