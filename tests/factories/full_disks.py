"""A disk without room, as the application meets it, without a disk that has to be filled."""

import builtins
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

import pytest
from sqlalchemy import event, text

from conference.db.base import db
from conference.tables import metadata


@contextmanager
def full_database() -> Iterator[None]:
    """Let the application's database have no room for one page more, until the block is left.

    SQLite says so by itself, by its own limit of pages. On PostgreSQL each row that is written lets the commit raise what
    the server raises for a file that cannot grow: 53100. `python -m tests.faults disk` fills real ones.
    """
    db.session.remove()
    if db.engine.dialect.name != "sqlite":
        yield from _full_postgresql()
        return

    def limit(connection: Any, _record: object) -> None:
        # The least that is possible is what there is.
        connection.execute("PRAGMA max_page_count=1")

    db.engine.dispose()
    event.listen(db.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()


def _full_postgresql() -> Iterator[None]:
    _run(
        """CREATE FUNCTION without_room() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100';
        END $$""",
        *(
            f"CREATE CONSTRAINT TRIGGER without_room AFTER INSERT OR UPDATE ON {table.name} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION without_room()"
            for table in metadata.sorted_tables
        ),
    )
    try:
        yield
    finally:
        _run("DROP FUNCTION without_room() CASCADE")


def _run(*statements: str) -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


class _FullFile:
    """A file of which the disk takes one byte."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        self._file.write(content[:1])
        raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def full_folder(folder: Path) -> Iterator[None]:
    """Let the disk take one byte of each file that is made below the folder, until the block is left."""
    real = builtins.open

    def limited(path: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        file = real(path, mode, *more, **options)
        is_new = set(mode) & set("wxa") and isinstance(path, Path) and folder in path.parents
        return _FullFile(file) if is_new else file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "open", limited)
        yield
