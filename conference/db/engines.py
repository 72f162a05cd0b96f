"""How each database is opened. One place, because the two differ in what they promise by default."""

import select
import sqlite3
import time
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_S = 5
WRITING = "conference_writing"
# Of a writer whose commit may wait for the disk: see `transact`.
EASED = "conference_eased"
_IS_EASED = "conference_is_eased"
# As long as PostgreSQL's own eased commits may wait: three of its wal_writer_delay (its manual, 30.4).
EASED_FOR_S = 0.6
_SYNCED_AT = "conference_synced_at"
# Of one that is held for many: on PostgreSQL each of its statements commits by itself.
EASED_LINE = "conference_eased_line"
# What PostgreSQL's default would be; SQLite's writers are told by WRITING.
WRITERS_LEVEL: dict[str, Any] = {"isolation_level": "READ COMMITTED"}
# A connection that lay idle for longer is asked before it is used. Firewalls forget silent ones after minutes.
ASK_AFTER_S = 30
_LAST_USED = "conference_last_used"


def _hint_after_table(_compiler: SQLiteCompiler, _table: object, hint: str) -> str:
    return hint


# SQLAlchemy writes the hints of `Select.with_hint` for other databases and drops SQLite's (INDEXED BY), for which its
# compiler has the place all the same.
SQLiteCompiler.get_from_hint_text = _hint_after_table  # type: ignore[assignment]  # its place is untyped


def engine_options(url: str) -> dict[str, Any]:
    """Return what `create_engine` is given for this database: timeouts that end in a clear 503."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "hide_parameters": True,
            "connect_args": {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        }
    # TCP keepalives tell a dead server within half a minute; a lock not had in time becomes a 503.
    options = f"-c lock_timeout={BUSY_TIMEOUT_S * 1000} -c timezone=UTC"
    connect = {"connect_timeout": 5, "options": options, "keepalives_idle": 10, "keepalives_interval": 5}
    return {
        "hide_parameters": True,
        "pool_size": 10,
        "max_overflow": 20,
        "pool_timeout": 10,
        "connect_args": connect,
        # A page that only reads needs no transaction: at READ COMMITTED each of its statements sees a state of its
        # own all the same, and BEGIN and ROLLBACK are two of its five round trips. Writers say otherwise.
        "isolation_level": "AUTOCOMMIT",
    }


def _on_connect(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # None hands BEGIN to us: the driver's own begins are deferred, and a deferred writer that has read
    # fails at once with "database is locked" instead of waiting (76 % of requests under load here).
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL makes every commit durable through a power cut in WAL mode, NORMAL would not (sqlite.org/pragma).
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # Who only reads needs no transaction, here as on PostgreSQL (see `engine_options`).
    options = connection.get_execution_options()
    if options.get(EASED_LINE, False) and connection.dialect.name != "sqlite":
        if not connection.info.get(_IS_EASED, False):
            connection.info[_IS_EASED] = True
            connection.exec_driver_sql("SET synchronous_commit TO off")
        return
    if not options.get(WRITING, False):
        return
    if connection.dialect.name != "sqlite":
        if options.get(EASED, False):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        return
    if options.get(EASED, False):
        _ease(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _ease(connection: Connection) -> None:
    """Let SQLite's next commit wait for the disk only if the last one that did was EASED_FOR_S ago.

    By itself it would not wait before the next checkpoint, which may be minutes away.
    """
    info, now = connection.info, time.monotonic()
    is_eased = now - info.get(_SYNCED_AT, 0.0) < EASED_FOR_S
    if not is_eased:
        info[_SYNCED_AT] = now
    if is_eased != info.get(_IS_EASED, False):
        info[_IS_EASED] = is_eased
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if is_eased else 'FULL'}")


def _on_checkout(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Let a connection whose server has gone be opened anew before a request meets it.

    `pool_pre_ping` would ask the server at each checkout, twice for a filled form. A server that closed the
    connection has said so on its socket already; one that went without a word is asked once it was silent long.
    """
    if not isinstance(connection, psycopg.Connection):
        return
    silent_s = time.monotonic() - entry.info.get(_LAST_USED, 0)
    if silent_s < ASK_AFTER_S and not _has_word(connection):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        # Whatever ended this connection has ended the pool's others too.
        raise InvalidatePoolError from error


def _has_word(connection: psycopg.Connection) -> bool:
    """Return whether something waits to be read: between two requests only a farewell does."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def _on_checkin(connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[_LAST_USED] = time.monotonic()
    if entry.info.pop(_IS_EASED, False) and connection is not None:
        is_sqlite = isinstance(connection, sqlite3.Connection)
        try:
            connection.execute("PRAGMA synchronous=FULL" if is_sqlite else "RESET synchronous_commit")
        except (sqlite3.Error, psycopg.Error) as error:
            # It is dead, or nobody knows how it commits. An error from here would keep its place in the pool.
            entry.invalidate(error)


def prepare(engine: Engine) -> None:
    """Fit the engine with the pragmas and the kind of BEGIN described above. Once an engine."""
    if not event.contains(engine, "connect", _on_connect):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        event.listen(engine, "checkout", _on_checkout)
        event.listen(engine, "checkin", _on_checkin)
