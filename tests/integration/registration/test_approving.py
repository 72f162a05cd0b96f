"""Approval takes a seat through the ledger, and so does the way back."""

import pytest
from flask import Flask
from sqlalchemy import select

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.registration.approving import approve, decline, restore
from conference.registration.errors import AddressTakenError, MoveRefusedError, ReasonMissingError
from conference.registration.model import Seats, State
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, mails, registration, withdraw


@pytest.fixture
def category(app: Flask) -> CategoryId:
    return make_category("Industry", seats=1, needs_approval=True)


def attendee(category: CategoryId, name: str) -> RegistrationId:
    return register_attendee(category, email=f"{name}@x.example", given_name=name)


def yes(one: RegistrationId) -> State:
    state = transact(lambda session: approve(session, one, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    return state


def back(one: RegistrationId) -> State:
    state = transact(lambda session: restore(session, one, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    return state


def test_who_waits_for_approval_holds_no_place(category: CategoryId) -> None:
    made = attendee(category, "A")
    assert registration(made).state is State.PENDING
    assert ledger(category) == Seats(seats=1, taken=0, waiting=0)
    assert kinds(made) == ["pending"]
    assert db.session.scalars(select(OutboxRow)).one().attachments == []


def test_approving_takes_the_places_that_there_are(category: CategoryId) -> None:
    first, second = attendee(category, "A"), attendee(category, "B")
    assert (yes(second), yes(first)) == (State.CONFIRMED, State.WAITING)
    assert ledger(category) == Seats(seats=1, taken=1, waiting=1)
    assert (kinds(second), kinds(first)) == (["pending", "approved"], ["pending", "waiting"])
    assert [entry.action for entry in history_of("registration", first)] == ["approved", "registered"]
    with pytest.raises(MoveRefusedError):
        yes(first)


def test_declining_tells_the_reason_and_frees_the_address(category: CategoryId) -> None:
    made = attendee(category, "A")
    with pytest.raises(ReasonMissingError):
        transact(lambda session: decline(session, made, actor=BY_SYSTEM, now=clock.now(), reason=""))
    reason = "No <b>exhibition</b> this year"
    transact(lambda session: decline(session, made, actor=BY_SYSTEM, now=clock.now(), reason=reason))
    db.session.rollback()
    assert registration(made).state is State.DECLINED
    mail = mails(made)[-1]
    assert (mail.kind, reason in mail.text) == ("declined", True)
    html = db.session.scalars(select(OutboxRow.html).where(OutboxRow.kind == "declined")).one()
    assert "No &lt;b&gt;exhibition" in html
    assert attendee(category, "A") != made


def test_a_pending_one_may_withdraw_and_nobody_is_offered_a_place(category: CategoryId) -> None:
    made = attendee(category, "A")
    withdraw(made)
    assert registration(made).state is State.WITHDRAWN
    assert ledger(category) == Seats(seats=1, taken=0, waiting=0)


def test_who_ended_comes_back_through_the_ledger(app: Flask) -> None:
    category = make_category(seats=1)
    first, second = attendee(category, "A"), attendee(category, "B")
    withdraw(second)
    withdraw(first)
    assert (back(second), back(first)) == (State.CONFIRMED, State.WAITING)
    assert ledger(category) == Seats(seats=1, taken=1, waiting=1)
    with pytest.raises(AddressTakenError):
        back(second)


def test_who_registered_anew_is_not_brought_back_twice(app: Flask) -> None:
    category = make_category(seats=5)
    first = attendee(category, "A")
    withdraw(first)
    attendee(category, "A")
    with pytest.raises(AddressTakenError):
        back(first)
