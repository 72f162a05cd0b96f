"""The data under a crawl: whether it changed, in which tables, and the way back to how it was."""

import hashlib
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.types.json import Json
from sqlalchemy import make_url

from conference.db.base import db

_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
)


# What a form sets only where it offers it: columns that are alike in two runs of the same form.
GUARDED = (
    "access", "is_demonstration", "is_for_speakers", "is_limited", "link_version", "revision", "role", "seats", "state", "taken",
)  # fmt: skip


class Ground(ABC):
    """One database with the files beside it, as they were when this was made."""

    def __init__(self, instance: Path, kept: Path) -> None:
        self._instance, self._kept = instance, kept
        self._files = [path.relative_to(instance) for path in sorted(instance.rglob("*")) if path.is_file()]
        self._files = [path for path in self._files if "sqlite3" not in path.name]
        for path in self._files:
            (kept / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(instance / path, kept / path)
        self._stamp = self.stamp()
        self._sums = self.sums()

    @abstractmethod
    def stamp(self) -> object:
        """Return what is another value once anybody has written anything; costs next to nothing."""

    @abstractmethod
    def sums(self) -> Mapping[str, str]:
        """Return a checksum of each table's rows."""

    @abstractmethod
    def guarded(self) -> Mapping[str, list[tuple[object, ...]]]:
        """Return the guarded columns of every table that has some, in the order of their values."""

    @abstractmethod
    def _put_back(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def is_touched(self) -> bool:
        """Return whether anybody wrote since the beginning or the last restoring, be it the same again."""
        db.session.remove()
        return self.stamp() != self._stamp

    def changed(self) -> frozenset[str]:
        """Return the tables whose rows are others than at the beginning."""
        db.session.remove()
        stamp = self.stamp()
        if stamp == self._stamp:
            return frozenset()
        sums = self.sums()
        found = frozenset(name for name in sums if sums[name] != self._sums.get(name))
        if not found:
            self._stamp = stamp
        return found

    def restore(self) -> None:
        """Bring back what was changed, and files that are gone."""
        if self.is_touched():
            self._put_back()
            self._stamp = self.stamp()
        for path in self._files:
            if not (self._instance / path).exists():
                shutil.copy(self._kept / path, self._instance / path)


class SqliteGround(Ground):
    """Holds one connection as long as the crawl lasts: a file that is opened anew and closed would lose its locks."""

    def __init__(self, path: Path, instance: Path, kept: Path) -> None:
        self._line = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._line.backup(self._copy)
        found = self._line.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        self._tables = sorted(name for (name,) in found)
        super().__init__(instance, kept)

    def stamp(self) -> object:
        return self._line.execute("PRAGMA data_version").fetchone()

    def sums(self) -> Mapping[str, str]:
        return {name: self._sum(name) for name in self._tables}

    def _sum(self, name: str) -> str:
        whole = hashlib.sha256()
        with closing(self._line.execute(f'SELECT * FROM "{name}" ORDER BY rowid')) as rows:
            for row in rows:
                whole.update(repr(row).encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def guarded(self) -> Mapping[str, list[tuple[object, ...]]]:
        columns = {
            name: [row[1] for row in self._line.execute(f'PRAGMA table_info("{name}")')]
            for name in self._tables
        }
        return {
            name: self._guarded(name, found) for name, found in columns.items() if set(found) & set(GUARDED)
        }

    def _guarded(self, name: str, columns: list[str]) -> list[tuple[object, ...]]:
        chosen = ", ".join(f'"{column}"' for column in GUARDED if column in columns)
        return sorted(self._line.execute(f'SELECT {chosen} FROM "{name}"'), key=repr)

    def _put_back(self) -> None:
        self._copy.backup(self._line)

    def close(self) -> None:
        self._line.close()
        self._copy.close()


class PostgresGround(Ground):
    """Keeps the rows as JSON, and puts back what changed, with foreign keys at rest."""

    def __init__(self, url: str, instance: Path, kept: Path) -> None:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._line = psycopg.connect(plain, autocommit=True, application_name="crawl")
        self._names = [name for (name,) in self._line.execute(_TABLES)]
        self._rows = {name: self._read(name) for name in self._names}
        super().__init__(instance, kept)

    def _read(self, name: str) -> object:
        asked = sql.SQL("SELECT json_agg(one) FROM {} AS one").format(sql.Identifier(name))
        found = self._line.execute(asked).fetchone()
        return found[0] if found else None

    def stamp(self) -> object:
        # A transaction has a number once it writes.
        return self._line.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()

    def sums(self) -> Mapping[str, str]:
        one = sql.SQL(
            "SELECT {0}, md5(coalesce(string_agg(a::text, ',' ORDER BY a::text), '')) FROM {1} AS a"
        )
        parts = [one.format(sql.Literal(name), sql.Identifier(name)) for name in self._names]
        return dict(self._line.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall())

    def guarded(self) -> Mapping[str, list[tuple[object, ...]]]:
        asked = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1"
        columns: dict[str, list[str]] = {}
        for table, column in self._line.execute(asked).fetchall():
            columns.setdefault(table, []).append(column)
        return {
            name: self._guarded(name, found) for name, found in columns.items() if set(found) & set(GUARDED)
        }

    def _guarded(self, name: str, columns: list[str]) -> list[tuple[object, ...]]:
        chosen = sql.SQL(", ").join(sql.Identifier(column) for column in GUARDED if column in columns)
        asked = sql.SQL("SELECT {} FROM {}").format(chosen, sql.Identifier(name))
        return sorted(self._line.execute(asked).fetchall(), key=repr)

    def _put_back(self) -> None:
        tables = self.changed()
        with self._line.transaction():
            self._line.execute("SET LOCAL session_replication_role = replica")
            for name in sorted(tables):
                where = sql.Identifier(name)
                self._line.execute(sql.SQL("DELETE FROM {}").format(where))
                insert = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
                if self._rows[name]:
                    self._line.execute(insert.format(where), [Json(self._rows[name])])

    def close(self) -> None:
        self._line.close()
