"""What a registration really marked is what it is told of: the rooms of marks and of telling, joined by the application."""

import pytest
from flask import Flask

from conference.core.clock import clock
from conference.core.ids import RegistrationId, SessionId
from conference.db.work import transact
from conference.programme.marking import change_marks, wish_for_news
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.telling import marked_mails, move


@pytest.fixture
def one(app: Flask) -> SessionId:
    """A session that is public at 9:00."""
    made = make_session("One", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    return made


def marks(session_id: SessionId, email: str, *, is_wished: bool = True) -> RegistrationId:
    registration = register_attendee(make_category(email), email=email)
    transact(lambda session: change_marks(session, registration, add=[session_id]))
    if is_wished:
        transact(lambda session: wish_for_news(session, registration, is_wished=True, now=clock.now()))
    return registration


def test_who_asked_is_told_once_and_who_did_not_is_not(one: SessionId) -> None:
    asked, silent, gone = (
        marks(one, "a@lab.example"),
        marks(one, "b@lab.example", is_wished=False),
        marks(one, "c@lab.example"),
    )
    withdraw(gone)
    move(one, "10:00")
    publish_now()
    (mail,) = marked_mails(asked)
    assert "Session: One\nNow: Thursday 22 September 2022, 10:00" in mail.text
    assert (marked_mails(silent), marked_mails(gone)) == ([], [])


def test_who_takes_the_mark_or_the_wish_back_is_told_nothing_more(one: SessionId) -> None:
    unmarked, quiet = marks(one, "a@lab.example"), marks(one, "b@lab.example")
    transact(lambda session: change_marks(session, unmarked, remove=[one]))
    transact(lambda session: wish_for_news(session, quiet, is_wished=False, now=clock.now()))
    move(one, "10:00")
    publish_now()
    assert (marked_mails(unmarked), marked_mails(quiet)) == ([], [])
