import flask_migrate
from flask import Flask
from sqlalchemy import inspect, text

from conference.db.base import db


def test_models_and_migrations_agree(app: Flask) -> None:
    flask_migrate.check()


def test_migrations_go_down_and_up_again(app: Flask) -> None:
    before = sorted(inspect(db.engine).get_table_names())
    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    assert sorted(inspect(db.engine).get_table_names()) == before


def test_seed_holds_the_facts_and_nothing_invented(app: Flask) -> None:
    counts = {
        table: db.session.scalar(text(f"SELECT count(*) FROM {table}"))
        for table in inspect(db.engine).get_table_names()
        if table != "alembic_version"
    }
    assert {table: count for table, count in counts.items() if count} == {
        "event": 1,
        "organiser": 2,
        "track": 5,
        "programme_draft": 1,
    }
    title = db.session.scalar(text("SELECT title FROM event"))
    assert title == "Cutting Edge Implementation of Precision Medicine in Europe"
