from functools import lru_cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from conference.db.base import db


@lru_cache(maxsize=1)
def _newest(folder: str) -> str:
    return ScriptDirectory(folder).get_current_head() or "none"


def migrations_are_current() -> str | None:
    """Return None when the database is at this version's newest migration, or a sentence that says what to run."""
    newest = _newest(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision() or "none"
    if present == newest:
        return None
    return f"the database is at {present}, this version needs {newest}: run `conference db upgrade`"
