"""Standing facts are kept in memory, and no process shows an old one. `elsewhere` is a second process's application."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from conference.app import create_app
from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import counted_statements, transact, unit_of_work
from conference.event.model import RoomDetails
from conference.event.queries import get_event, organisers, rooms
from conference.event.service import create_room, delete_room
from conference.event.tables import EventRow
from conference.registration.category_queries import categories, get_category
from conference.registration.category_service import edit_category
from tests.conftest import settings_for
from tests.factories.registration import make_category


@pytest.fixture
def elsewhere(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    other = create_app(settings_for(database_url, tmp_path))
    yield other
    with other.app_context():
        db.engine.dispose()


def _retitle(title: str) -> None:
    def work(session: Session) -> None:
        session.get_one(EventRow, 1).title = title

    transact(work)


def _title_in(application: Flask) -> str:
    with application.app_context():
        title = get_event().title
        db.session.remove()
    return title


def test_what_one_process_changes_the_other_shows_at_once(app: Flask, elsewhere: Flask) -> None:
    before = _title_in(elsewhere)
    _retitle("Another title")
    assert (before, _title_in(elsewhere)) == (
        "Cutting Edge Implementation of Precision Medicine in Europe",
        "Another title",
    )


def test_control_a_change_that_renews_no_token_is_not_seen(app: Flask, elsewhere: Flask) -> None:
    before = _title_in(elsewhere)
    transact(lambda session: session.execute(update(EventRow).values(title="By hand")))
    assert _title_in(elsewhere) == before


def test_a_change_that_is_rolled_back_is_never_shown(app: Flask, elsewhere: Flask) -> None:
    before = _title_in(elsewhere)

    def fail() -> None:
        with unit_of_work() as session:
            session.get_one(EventRow, 1).title = "Never"
            assert get_event(session).title == "Never"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (_title_in(app), _title_in(elsewhere)) == (before, before)


def test_a_session_sees_what_it_changed_itself(app: Flask) -> None:
    with unit_of_work() as session:
        assert rooms(session) == ()
        room_id = create_room(session, RoomDetails(name="Aula", seats=40), actor=BY_SYSTEM)
        assert [room.name for room in rooms(session)] == ["Aula"]
        delete_room(session, room_id, 1, actor=BY_SYSTEM)
        assert rooms(session) == ()


def test_all_facts_together_cost_one_small_statement(app: Flask) -> None:
    get_event(), organisers(), rooms()
    db.session.rollback()
    with counted_statements() as statements:
        get_event(), organisers(), rooms(), organisers()
    assert len(statements) == 1
    assert "standing_token" in statements[0]


def test_counts_of_a_category_are_always_read_from_its_row(app: Flask, elsewhere: Flask) -> None:
    category_id = make_category(name="Participant", seats=9)
    with elsewhere.app_context():
        assert categories()[-1].ledger.taken == 0
        db.session.remove()
    transact(lambda session: session.execute(text("UPDATE category SET taken = 5")))
    with elsewhere.app_context():
        assert get_category(category_id).ledger.taken == 5
        db.session.remove()


def test_a_category_s_new_name_is_shown_elsewhere(app: Flask, elsewhere: Flask) -> None:
    category_id = make_category(name="Participant", seats=9)
    with elsewhere.app_context():
        seen = get_category(category_id)
        db.session.remove()
    details = replace(seen.details, name="Delegate")
    transact(
        lambda session: edit_category(
            session, category_id, seen.revision, details, actor=BY_SYSTEM, now=clock.now()
        )
    )
    with elsewhere.app_context():
        assert asdict(get_category(category_id).details) == asdict(details)
        db.session.remove()
