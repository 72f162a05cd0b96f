from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from conference.audit.tables import EntryRow
from conference.core.errors import NotFoundError, RevisionMissingError, StaleRevisionError
from conference.db import engines
from conference.db.base import db
from conference.db.revisions import revise
from conference.db.work import EasedLine, after_commit, transact, unit_of_work
from conference.event.tables import TrackRow
from tests.factories.databases import OURS


def test_transact_commits_and_then_runs_what_waits(app: Flask) -> None:
    seen: list[str] = []

    def work(session: Session) -> int:
        after_commit(session, lambda: seen.append("committed"))
        return 7

    assert transact(work) == 7
    assert seen == ["committed"]


def test_unit_of_work_rolls_back_on_an_exception(app: Flask) -> None:
    def fail() -> None:
        with unit_of_work() as session:
            session.add(TrackRow(place=9, name="Ghost", colour=1))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert db.session.scalar(text("SELECT count(*) FROM track WHERE name = 'Ghost'")) == 0


def test_revise_refuses_a_stale_a_missing_and_a_deleted_record(app: Flask) -> None:
    with unit_of_work() as session:
        assert revise(session, TrackRow, 1, 1, {"name": "First"}) == 2
    with pytest.raises(StaleRevisionError) as caught, unit_of_work() as session:
        revise(session, TrackRow, 1, 1, {"name": "Second", "place": 1})
    assert (caught.value.theirs, caught.value.mine) == ({"name": "First"}, {"name": "Second"})
    with pytest.raises(RevisionMissingError), unit_of_work() as session:
        revise(session, TrackRow, 1, None, {"name": "Third"})
    with pytest.raises(NotFoundError), unit_of_work() as session:
        revise(session, TrackRow, 999, 1, {"name": "Fourth"})


def test_times_come_back_aware_in_utc(app: Flask) -> None:
    moment = datetime(2022, 9, 22, 7, 30, tzinfo=UTC)
    with unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO audit_entry (at, actor_kind, action, record_type, record_id, fields, reason) VALUES (:at, 's', 'a', 'r', 1, '[]', '')"
            ),
            {
                "at": moment
                if db.engine.dialect.name == "postgresql"
                else moment.replace(tzinfo=None).isoformat(" ")
            },
        )
    assert db.session.get_one(EntryRow, 1).at == moment


def test_sqlite_promises_durability(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW lock_timeout")) == "5s"
        return
    values = {
        name: db.session.scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_who_will_write_begins_as_a_writer(app: Flask) -> None:
    """Before it has read anything: on SQLite a transaction that has read and then writes fails instead of waiting."""
    with unit_of_work() as session, db.engine.connect() as other:
        if db.engine.dialect.name == "postgresql":
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
            return
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="database is locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.invalidate()
    with db.engine.connect() as other:  # the control: nobody writes any more
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql(f"PRAGMA busy_timeout={engines.BUSY_TIMEOUT_S * 1000}")


def test_a_request_after_the_server_closed_its_connections_is_answered(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        # A file has no server that could go.
        return
    client = app.test_client()
    assert client.get("/").status_code == 200
    db.session.remove()
    administrator = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        ended = connection.scalars(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> :ours"
            ),
            {"ours": OURS},
        ).all()
    administrator.dispose()
    # The server waited for its end: until then the connection seems alive, and a request on it is refused politely.
    assert ended == [True]
    assert client.get("/").status_code == 200


def test_an_eased_connection_that_died_costs_no_place_in_the_pool(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # a file cannot go away behind a connection
    with EasedLine() as line:
        number = line.transact(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
        with db.engine.connect() as other:
            assert other.scalar(text("SELECT pg_terminate_backend(:number, 10000)"), {"number": number})
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    with EasedLine() as line:
        assert line.transact(lambda connection: connection.scalar(text("SELECT 1"))) == 1


def test_an_eased_commit_of_sqlite_waits_for_the_disk_now_and_then(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL's own writer comes by each 0.2 s

    def level() -> int:
        return int(line.transact(lambda connection: connection.scalar(text("PRAGMA synchronous"))) or 0)

    full, normal = 2, 1
    with EasedLine() as line:
        assert [level(), level(), level()] == [full, normal, normal]
        monkeypatch.setattr(engines, "EASED_FOR_S", 0.0)
        assert level() == full
        monkeypatch.setattr(engines, "EASED_FOR_S", 60.0)
        assert level() == normal
    with db.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == full
