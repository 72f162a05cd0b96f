"""Alembic's entry: the metadata of all rooms, on the application's own engine."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from conference.db.base import db
from conference.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=False,  # defaults are Python's, so the database has none to compare
        transaction_per_migration=True,
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
    with db.engine.connect() as connection:
        _run(connection)


run_migrations()
