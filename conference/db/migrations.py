from functools import lru_cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from conference.db.base import db


@lru_cache(maxsize=1)
def _newest(folder: str) -> str:
    return ScriptDirectory(folder).get_current_head() or "none"


@lru_cache(maxsize=1)
def _known(folder: str) -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(folder).walk_revisions())


def migrations_are_current() -> str | None:
    """Return None when the database is at this version's newest migration, or a sentence that says what to run."""
    newest, present = _newest(_folder()), _present()
    if present == newest:
        return None
    return f"the database is at {present}, this version needs {newest}: run `conference db upgrade`"


def migrations_are_enough() -> str | None:
    """Return None where this version can work with the database: at its newest migration, or upgraded by a later version.

    Later migrations only add (`tests/integration/test_expanding.py`), so that a site of several machines is upgraded
    one after the other; an old one that were told as not ready would leave nobody to answer meanwhile.
    """
    wrong = migrations_are_current()
    is_later = wrong is not None and _present() not in {"none", *_known(_folder())}
    return None if is_later else wrong


def _folder() -> str:
    return str(current_app.extensions["migrate"].directory)


def _present() -> str:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or "none"
