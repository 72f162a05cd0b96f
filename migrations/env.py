"""Alembic's entry: the metadata of all rooms, on the application's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection

from conference.db.base import db
from conference.db.migrating import one_at_a_time
from conference.db.work import writing_engine
from conference.tables import metadata


@contextmanager
def _rewriting_tables(connection: Connection) -> Iterator[None]:
    """Let SQLite rewrite a table without emptying those that refer to it.

    It changes a column by copying the table and dropping the old one, and with foreign keys on that drop deletes the
    rows that refer to it (sqlite.org/lang_altertable.html, 7). Outside of a transaction only does the switch work,
    so it goes to the driver's connection, which begins none.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _refuse_dangling(*, ctx: MigrationContext, **_facts: object) -> None:
    """Raise CommandError, which undoes the step, if it left a row that refers to nothing."""
    assert ctx.connection is not None
    if ctx.dialect.name == "sqlite":
        dangling = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise CommandError(f"{len(dangling)} rows refer to nothing, the first in {dangling[0][0]}")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=False,  # defaults are Python's, so the database has none to compare
        transaction_per_migration=True,
        on_version_apply=_refuse_dangling,  # type: ignore[arg-type]  # Alembic calls it by keywords
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations() -> None:
    """Migrate on a connection of the caller's, or on one of the engine's."""
    if context.is_offline_mode():
        context.configure(
            url=current_app.config["SQLALCHEMY_DATABASE_URI"], target_metadata=metadata, literal_binds=True
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    # As a writer: on the engine's own connections nothing begins a transaction that could be undone.
    engine = writing_engine()
    with one_at_a_time(db.engine), engine.connect() as connection, _rewriting_tables(connection):
        _run(connection)


run_migrations()
