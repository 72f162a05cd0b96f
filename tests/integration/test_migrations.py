"""Migrations go up and down on both databases, with data, and end where the models are."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import column, inspect, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from conference.db.base import db
from conference.demo.data import Contents, fill
from conference.tables import metadata
from tests.conftest import opened
from tests.factories.databases import Pool

MIGRATIONS = Path(__file__).parents[2] / "migrations"
SEED = {
    "booklet_text": 1,
    "event": 1,
    "organiser": 2,
    "track": 5,
    "programme_draft": 1,
    "badge_boxes": 1,
    "schedule_check": 1,
    "standing_token": 1,
}
Schema = dict[str, dict[str, object]]
Rows = dict[str, list[dict[str, object]]]


def columns_by_table() -> dict[str, set[str]]:
    """Return the columns of each table that the application has in the database now."""
    inspector = inspect(db.engine)
    return {
        name: {str(one["name"]) for one in inspector.get_columns(name)}
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def in_order(found: Sequence[object]) -> list[str]:
    return sorted(str(one) for one in found)


def schema() -> Schema:
    """Return all that the database itself tells of each table; the order of columns does not count."""
    inspector = inspect(db.engine)
    return {
        name: {
            "columns": in_order(inspector.get_columns(name)),
            "key": inspector.get_pk_constraint(name),
            "indexes": in_order([with_its_condition(one) for one in inspector.get_indexes(name)]),
            "unique": in_order(inspector.get_unique_constraints(name)),
            "foreign keys": in_order(inspector.get_foreign_keys(name)),
            "checks": in_order(inspector.get_check_constraints(name)),
            "autoincrement": name in tables_that_never_use_an_id_again(),
        }
        for name in columns_by_table()
    }


def with_its_condition(index: Mapping[str, Any]) -> dict[str, object]:
    """Return an index with the words of its WHERE, which SQLAlchemy holds as an object."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def tables_that_never_use_an_id_again() -> set[str]:
    """Return the tables with SQLite's AUTOINCREMENT, which no inspector tells and a copied table easily loses."""
    if db.engine.dialect.name != "sqlite":
        return set()
    with db.engine.connect() as connection:
        return set(
            connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        )


def counts() -> dict[str, int]:
    """Return how many rows each table has, those with none left out."""
    with db.engine.connect() as connection:
        found = {
            name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0)
            for name in columns_by_table()
        }
    return {name: count for name, count in found.items() if count}


def rows() -> Rows:
    """Return every row of every table, by its columns."""
    with db.engine.connect() as connection:
        return {
            name: [
                dict(row)
                for row in connection.execute(
                    select(*map(column, columns)).select_from(table(name))
                ).mappings()
            ]
            for name, columns in columns_by_table().items()
        }


def checksums(found: Rows, columns: dict[str, set[str]]) -> dict[str, str]:
    """Return by table a checksum of these columns of all rows, in whatever order they were read."""
    chosen = {
        name: in_order([[row[one] for one in sorted(wanted)] for row in found[name]])
        for name, wanted in columns.items()
    }
    return {name: sha256("\n".join(lines).encode()).hexdigest() for name, lines in chosen.items()}


def steps(directory: Path) -> list[tuple[str, str]]:
    """Return each revision that stands on another one, newest first, with the one below it."""
    script = ScriptDirectory(str(directory))
    return [
        (one.revision, str(one.down_revision))
        for one in script.walk_revisions()
        if one.down_revision is not None
    ]


def assert_data_survives(directory: Path) -> None:
    """Go down one step and up again, at each revision, and from the oldest up to the newest at once.

    The rows of all that both revisions know are as they were. A column that the older one does not have is empty
    afterwards, and is not compared.
    """
    for newer, older in steps(directory):
        known, before = columns_by_table(), rows()
        flask_migrate.downgrade(str(directory), revision=older)
        assert_same_after_upgrade(directory, newer, before, older)
        assert columns_by_table() == known
        flask_migrate.downgrade(str(directory), revision=older)
    assert_same_after_upgrade(directory, "head", rows(), "the oldest")


def assert_same_after_upgrade(directory: Path, target: str, before: Rows, below: str) -> None:
    older = columns_by_table()
    flask_migrate.upgrade(str(directory), revision=target)
    newer, after = columns_by_table(), rows()
    common = {name: newer[name] & older[name] for name in newer.keys() & older.keys()}
    assert checksums(after, common) == checksums(before, common), below


@pytest.fixture(scope="module")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demonstration's data, which takes seconds to make: once, for copies of it."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(sqlite_template, folder / "filled.sqlite3")
    with opened(f"sqlite:///{folder / 'filled.sqlite3'}", folder):
        fill(None)
    return folder / "filled.sqlite3"


@pytest.fixture(scope="module")
def filled_postgres(postgres_pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    def fill_it(url: str) -> None:
        with opened(url, tmp_path_factory.mktemp("filled")):
            fill(None)

    with postgres_pool.filled(fill_it) as copies:
        yield copies


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on each database, filled as the demonstration is."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("filled_sqlite"), tmp_path / "conference.sqlite3")
        with opened(f"sqlite:///{tmp_path / 'conference.sqlite3'}", tmp_path) as application:
            yield application
        return
    copies: Pool = request.getfixturevalue("filled_postgres")
    database = copies.take()
    with opened(database.url, tmp_path) as application:
        yield application
    copies.give_back(database)


def test_models_and_migrations_agree(app: Flask) -> None:
    flask_migrate.check()


def test_the_migrated_schema_is_that_of_the_models(app: Flask) -> None:
    migrated = schema()
    flask_migrate.downgrade(revision="base")
    metadata.create_all(db.engine)
    assert schema() == migrated


def test_migrations_go_down_and_up_again_with_data(filled: Flask) -> None:
    before = schema()
    assert Contents.counted().registrations == 300
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    assert schema() == before
    assert counts() == SEED


# 0003 writes the states that the release before does not know as the nearest that it does.
NEAREST = {
    "offered": "confirmed",
    "attended": "confirmed",
    "no_show": "confirmed",
    "pending": "cancelled",
    "declined": "cancelled",
}


def states() -> Counter[str]:
    with db.engine.connect() as connection:
        return Counter(connection.scalars(text("SELECT state FROM registration")))


def test_data_survives_each_step_down_and_up(filled: Flask) -> None:
    with db.engine.begin() as connection:
        for state, known in NEAREST.items():
            values = {"state": state, "known": known}
            connection.execute(text("UPDATE registration SET state = :known WHERE state = :state"), values)
        # 0009 gives back the places held for invitations, which the release before does not know.
        connection.execute(text("UPDATE category SET reserved = 0"))
    assert_data_survives(MIGRATIONS)


def test_states_that_an_older_release_does_not_know_become_the_nearest(filled: Flask) -> None:
    before = states()
    assert {"offered", "pending"} <= set(before)
    wanted: Counter[str] = Counter()
    for state, count in before.items():
        wanted[NEAREST.get(state, state)] += count
    flask_migrate.downgrade(revision="0002")
    assert states() == wanted


def test_places_held_for_invitations_are_given_back(filled: Flask) -> None:
    held = text("SELECT sum(reserved) FROM category")
    with db.engine.connect() as connection:
        assert connection.scalar(held)
    flask_migrate.downgrade(revision="0008")
    with db.engine.connect() as connection:
        assert connection.scalar(held) == 0


PLANTED = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{newest}", None, None

def upgrade():
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("planted", sa.String(10), nullable=True))
        batch_op.alter_column("profession", type_=sa.String(60))

def downgrade():
    {loss}
    with op.batch_alter_table("registration") as batch_op:
        batch_op.alter_column("profession", type_=sa.String(40))
        batch_op.drop_column("planted")
"""


def planted(folder: Path, loss: str) -> Path:
    """Return a copy of the migrations with one more, which rewrites a table that others refer to."""
    directory = folder / "migrations"
    shutil.copytree(MIGRATIONS, directory, ignore=shutil.ignore_patterns("__pycache__"))
    newest = ScriptDirectory(str(directory)).get_current_head()
    (directory / "versions" / "9999_planted.py").write_text(PLANTED.format(newest=newest, loss=loss), "utf-8")
    return directory


def test_a_table_that_is_rewritten_takes_no_other_rows_with_it(filled: Flask, tmp_path: Path) -> None:
    """SQLite changes a column by dropping the table, which with foreign keys on empties the tables below it."""
    directory = planted(tmp_path, loss="")
    before = counts()
    flask_migrate.upgrade(str(directory))
    assert counts() == before
    flask_migrate.downgrade(str(directory), revision="-1")
    assert counts() == before


def test_a_step_that_leaves_a_row_referring_to_nothing_is_undone(filled: Flask, tmp_path: Path) -> None:
    directory = planted(tmp_path, loss="op.execute('DELETE FROM category')")
    flask_migrate.upgrade(str(directory))
    before = schema(), counts()
    with pytest.raises((SystemExit, IntegrityError)):  # PostgreSQL refuses by itself
        flask_migrate.downgrade(str(directory), revision="-1")
    assert (schema(), counts()) == before
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_step_that_breaks_halfway_leaves_nothing_behind(filled: Flask, tmp_path: Path) -> None:
    loss = "op.execute(\"UPDATE person SET country = 'XX'\"); op.execute('SELECT nothing FROM nowhere')"
    directory = planted(tmp_path, loss=loss)
    flask_migrate.upgrade(str(directory))
    with pytest.raises(DBAPIError, match="nowhere"):
        flask_migrate.downgrade(str(directory), revision="-1")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person WHERE country = 'XX'")) == 0


@pytest.mark.parametrize(
    "loss",
    ["op.execute('DELETE FROM consent')", "op.execute(\"UPDATE person SET country = 'XX' WHERE id = 1\")"],
)
def test_a_step_that_loses_data_is_found(filled: Flask, tmp_path: Path, loss: str) -> None:
    """The control: with a loss planted in a later migration, the test of the steps fails."""
    directory = planted(tmp_path, loss)
    flask_migrate.upgrade(str(directory))
    with pytest.raises(AssertionError):
        assert_data_survives(directory)


def test_seed_holds_the_facts_and_nothing_invented(app: Flask) -> None:
    assert counts() == SEED
    title = db.session.scalar(text("SELECT title FROM event"))
    assert title == "Cutting Edge Implementation of Precision Medicine in Europe"
