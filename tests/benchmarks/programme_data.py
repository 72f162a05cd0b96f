"""One day with 100 talks in four rooms, published, for the benchmark of its page."""

from datetime import timedelta

import flask_migrate

from conference.app import create_app
from conference.config import load_settings
from conference.db.base import db
from conference.db.work import counted_statements
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now

ROOMS = 4
SESSIONS_A_ROOM = 5
TALKS_A_SESSION = 5


def prepare_office(environment: dict[str, str]) -> tuple[str, int]:
    """Fill the database; return the day's path and the statements of one page of it."""
    app = create_app(load_settings(environment, "test"))
    with app.app_context():
        flask_migrate.upgrade()
        _fill()
        path = "/programme/2022-09-22"
        client = app.test_client()
        assert client.get(path).text.count("Talk number") >= ROOMS * SESSIONS_A_ROOM * TALKS_A_SESSION
        with counted_statements() as statements:
            client.get(path)
        db.session.remove()
        db.engine.dispose()
    return path, len(statements)


def _fill() -> None:
    number = 0
    for room in range(ROOMS):
        room_id = make_room(f"Room {room}", place=room)
        for slot in range(SESSIONS_A_ROOM):
            start = at("09:00") + timedelta(minutes=100 * slot)
            session_id = make_session(
                f"Session {room}.{slot}", room_id=room_id, start=start, duration_min=100
            )
            for _ in range(TALKS_A_SESSION):
                speaker = make_person("Åsa", f"Exempelsson {number}")
                make_talk(session_id, f"Talk number {number}", people=[part(speaker)])
                number += 1
    publish_now()
