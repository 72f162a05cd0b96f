"""What a restore and a drill look at, and the ledger of who was erased."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock, real_now
from conference.db.base import db
from conference.db.work import transact
from conference.privacy.ledger import NAME, known_lines
from conference.privacy.service import erase_person
from conference.registration.queries import get_registration
from conference.running.backup import back_up
from conference.running.restore import broken_invariants
from tests.factories.registration import make_category, register_attendee


def test_seats_that_are_counted_wrongly_are_told(app: Flask) -> None:
    register_attendee(make_category(seats=5))
    assert broken_invariants() == []
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE category SET taken = 4"))
    db.session.rollback()
    assert broken_invariants() == [
        "seats: places taken differ from those counted: Participant has 4 taken and 0 waiting, counted are 1 and 0"
    ]


def test_a_lost_line_of_the_ledger_is_caught_up_by_the_next_backup(app: Flask, tmp_path: Path) -> None:
    zoe = get_registration(register_attendee(make_category(seats=5), given_name="Zoë")).person_id
    db.session.rollback()
    transact(lambda session: erase_person(session, zoe, actor=BY_SYSTEM, now=clock.now()))
    (tmp_path / NAME).unlink()
    back_up(tmp_path / "a.tar.gz", lambda _what: None)
    assert [one.kind for one in known_lines()] == ["erased"]
    assert next(iter(known_lines())).at > real_now() - timedelta(minutes=5)
