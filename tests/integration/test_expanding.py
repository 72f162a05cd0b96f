"""Migrations from 0041 on only add: the version before goes on answering while they run, and until it is replaced.

One that takes something away says so, `contract = "since 0.2"`: the version from which nothing uses it any more.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text

from conference.db.base import db
from conference.db.migrations import migrations_are_current, migrations_are_enough
from tests.conftest import opened

MIGRATIONS = Path(__file__).parents[2] / "migrations"
BEFORE = "0040"


@dataclass(frozen=True, kw_only=True)
class Table:
    """What statements of an earlier version meet: columns as (type, may be empty, fills itself), and what refuses rows."""

    columns: dict[str, tuple[str, bool, bool]]
    unique: frozenset[frozenset[str]]
    refers: frozenset[tuple[str, ...]]
    checks: frozenset[str]


def tables_of(engine: Engine) -> dict[str, Table]:
    found = inspect(engine)
    return {name: _table(found, name) for name in found.get_table_names() if name != "alembic_version"}


def _table(found: Any, name: str) -> Table:
    key = set(found.get_pk_constraint(name)["constrained_columns"])
    unique = [one["column_names"] for one in found.get_unique_constraints(name)]
    unique += [one["column_names"] for one in found.get_indexes(name) if one["unique"]]
    return Table(
        columns={
            one["name"]: (
                str(one["type"]),
                bool(one["nullable"]),
                one["default"] is not None or one["name"] in key,
            )
            for one in found.get_columns(name)
        },
        unique=frozenset(frozenset(cast("list[str]", one)) for one in unique),
        refers=frozenset(tuple(one["constrained_columns"]) for one in found.get_foreign_keys(name)),
        checks=frozenset(" ".join(one["sqltext"].split()) for one in found.get_check_constraints(name)),
    )


def breaks(before: dict[str, Table], after: dict[str, Table]) -> list[str]:
    """Return what of the later tables statements of the earlier version would fail by."""
    found = [f"{name} is gone" for name in before if name not in after]
    for name, old in before.items():
        if name in after:
            found += [f"{name}{said}" for said in _breaks(old, after[name])]
    return sorted(found)


def _breaks(old: Table, new: Table) -> list[str]:
    found = [f".{column} is gone" for column in old.columns if column not in new.columns]
    for column, (kind, may_be_empty, fills) in new.columns.items():
        before = old.columns.get(column)
        if before is None and not (may_be_empty or fills):
            found.append(f".{column} is new and may not be empty")
        elif before is not None and before[1] and not may_be_empty:
            found.append(f".{column} may not be empty any more")
        elif before is not None and before[2] and not fills:
            found.append(f".{column} does not fill itself any more")
        if before is not None and not _holds(kind, before[0]):
            found.append(f".{column} was {before[0]} and is {kind}")
    known = old.columns.keys()
    found += [f" has a new unique {sorted(one)}" for one in new.unique - old.unique if one <= known]
    found += [f" refers anew by {sorted(one)}" for one in new.refers - old.refers if set(one) <= known]
    return found + [f" has a new check {one}" for one in new.checks - old.checks]


def _holds(new: str, old: str) -> bool:
    """Return whether a column of the new type holds whatever one of the old held."""
    lengths = [re.fullmatch(r"VARCHAR\((\d+)\)", kind) for kind in (new, old)]
    if all(lengths):
        wide, narrow = (int(one[1]) for one in lengths if one)
        return wide >= narrow
    return new == old or (new == "TEXT" and lengths[1] is not None) or (new, old) == ("BIGINT", "INTEGER")


def contract_of(revision: str) -> str | None:
    script = ScriptDirectory(str(MIGRATIONS)).get_revision(revision)
    assert script is not None
    return getattr(script.module, "contract", None)


def judged(revision: str, found: list[str]) -> str | None:
    """Return what is wrong with the migration, None for one that adds, or takes away and says since when it may."""
    said = contract_of(revision)
    if found and said is None:
        return (
            f"{revision} breaks the version before it: {'; '.join(found)}. Let it only add, or say `contract`"
        )
    if said is not None and not re.fullmatch(r"since \d+\.\d+", said):
        return f"{revision}: contract is {said!r}, and should be like 'since 0.2'"
    return f"{revision} says contract, and takes nothing away" if said and not found else None


def later_revisions() -> list[str]:
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions(base=BEFORE)
    return [one.revision for one in reversed(list(scripts)) if one.revision != BEFORE]


def test_every_later_migration_lets_the_version_before_go_on(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path):
        flask_migrate.downgrade(revision=BEFORE)
        before, wrong = tables_of(db.engine), []
        for revision in later_revisions():
            flask_migrate.upgrade(revision=revision)
            db.engine.dispose()
            after = tables_of(db.engine)
            wrong.append(judged(revision, breaks(before, after)))
            before = after
        assert migrations_are_current() is None
        assert [one for one in wrong if one] == []


PLANTED: dict[str, tuple[str, ...]] = {
    "t is gone": ("DROP TABLE t",),
    "t.a is gone": ("ALTER TABLE t RENAME COLUMN a TO b",),
    "t.b is new and may not be empty": ("DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), c INTEGER, b INTEGER NOT NULL)"),
    "t.a may not be empty any more": ("DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL, c INTEGER)"),
    "t.a was VARCHAR(20) and is VARCHAR(10)": ("DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(10), c INTEGER)"),
    "t.c was INTEGER and is VARCHAR(9)": ("DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), c VARCHAR(9))"),
    "t has a new unique ['a']": ("CREATE UNIQUE INDEX u ON t (a)",),
    "t refers anew by ['c']": ("DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), c INTEGER, FOREIGN KEY (c) REFERENCES t (id))"),
    "t has a new check c > 0": ("DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), c INTEGER, CHECK (c > 0))"),
}  # fmt: skip
HARMLESS = (
    "ALTER TABLE t ADD COLUMN b INTEGER",
    "ALTER TABLE t ADD COLUMN d INTEGER NOT NULL DEFAULT 0",
    "CREATE UNIQUE INDEX u ON t (b)",
    "CREATE INDEX i ON t (a)",
    "CREATE TABLE other (id INTEGER PRIMARY KEY, x INTEGER NOT NULL)",
)


def changed(statements: tuple[str, ...]) -> list[str]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), c INTEGER)"))
    before = tables_of(engine)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    found = breaks(before, tables_of(engine))
    engine.dispose()
    return found


@pytest.mark.parametrize("said", list(PLANTED))
def test_a_planted_break_is_found(said: str) -> None:
    assert changed(PLANTED[said])[-1:] == [said] or said in changed(PLANTED[said])


def test_what_only_adds_breaks_nothing() -> None:
    assert changed(HARMLESS) == []


def test_a_migration_that_takes_away_says_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    def saying(word: str | None) -> Callable[[str], str | None]:
        return lambda _revision: word

    for word, found, is_wrong in (
        (None, ["t is gone"], True),
        ("since 0.2", ["t is gone"], False),
        ("soon", ["t is gone"], True),
        ("since 0.2", [], True),
        (None, [], False),
    ):
        monkeypatch.setattr(f"{__name__}.contract_of", saying(word))
        assert bool(judged("0041", found)) is is_wrong


def test_a_site_whose_database_a_later_version_upgraded_stays_ready(app: Flask) -> None:
    client = app.test_client()
    assert "migrations" not in (client.get("/readyz").json or {})["failed"]
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    assert (migrations_are_enough(), "9999" in (migrations_are_current() or "")) == (None, True)
    assert "migrations" not in (client.get("/readyz").json or {})["failed"]
    # One that waits for its own migrations is not ready.
    db.session.execute(text("UPDATE alembic_version SET version_num = '0039'"))
    db.session.commit()
    assert "run `conference db upgrade`" in (client.get("/readyz").json or {})["failed"]["migrations"]
