"""One day with so many talks in rooms side by side, published, for the benchmark of its page."""

from dataclasses import replace

import flask_migrate
from flask import Flask

from conference.app import create_app
from conference.config import load_settings
from conference.core.clock import clock
from conference.db.work import counted_statements, transact
from conference.programme.model import Programme, Session
from conference.programme.snapshot import freeze
from conference.programme.tables import VersionRow
from tests.factories.programme_values import person, programme, session

PATH = "/programme/2022-09-22"
SESSIONS_A_ROOM = 5
TALKS_A_SESSION = 5


def prepare_office(environment: dict[str, str], talks: int = 100) -> tuple[Flask, int]:
    """Return the application with a published day of so many talks, and the statements of one page that is kept."""
    app = create_app(load_settings(environment, "production"))
    with app.app_context():
        flask_migrate.upgrade()
        publish(talks)
        client = app.test_client()
        ask = {"path": PATH, "base_url": environment["CONFERENCE_BASE_URL"]}
        assert client.get(**ask).text.count("Talk number") >= talks
        with counted_statements() as statements:
            client.get(**ask)
    return app, len(statements)


def publish(talks: int, number: int = 1) -> None:
    """Make a version of so many talks public."""
    snapshot = freeze(_programme(talks))
    transact(
        lambda db_session: db_session.add(
            VersionRow(number=number, published_at=clock.now(), draft_revision=1, snapshot=snapshot)
        )
    )


def _programme(talks: int) -> Programme:
    """Return rooms side by side, each with five sessions of five talks by a person each."""
    return programme(*(_session(number) for number in range(talks // TALKS_A_SESSION)))


def _session(number: int) -> Session:
    parts = [person(TALKS_A_SESSION * number + talk) for talk in range(TALKS_A_SESSION)]
    made = session(
        number + 1,
        start_min=100 * (number % SESSIONS_A_ROOM),
        duration_min=100,
        room_number=number // SESSIONS_A_ROOM + 1,
        talks=[(20, [part]) for part in parts],
    )
    return replace(made, talks=tuple(replace(talk, title=f"Talk number {talk.id}") for talk in made.talks))
