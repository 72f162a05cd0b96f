"""A freed seat is offered in the list's order, and each offer has one outcome."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import STOCKHOLM, clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.errors import (
    MoveRefusedError,
    NoFreePlaceError,
    OfferOverError,
    ReasonMissingError,
)
from conference.registration.model import Seats, State
from conference.registration.offers import accept_offer, admit_over_limit, lapse_offer, offers, promote
from conference.registration.queries import waiting_place
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, mails, registration, withdraw

UNTIL = datetime(2022, 9, 7, 8, 0, tzinfo=STOCKHOLM)


@pytest.fixture
def three(app: Flask) -> list[RegistrationId]:
    """One confirmed on the only seat, two who wait."""
    category = make_category(seats=1)
    return [register_attendee(category, email=f"{n}@x.example", given_name=n) for n in ("A", "B", "C")]


def accept(registration_id: RegistrationId, now: datetime | None = None) -> None:
    moment = now or clock.now()
    transact(lambda session: accept_offer(session, registration_id, actor=BY_LINK, now=moment))
    db.session.rollback()


def lapse(registration_id: RegistrationId, now: datetime) -> bool:
    lapsed = transact(lambda session: lapse_offer(session, registration_id, now=now))
    db.session.rollback()
    return lapsed


def states(ids: list[RegistrationId]) -> list[str]:
    db.session.rollback()
    return [registration(one).state.value for one in ids]


def test_a_freed_seat_is_offered_to_the_first_for_48_hours(three: list[RegistrationId]) -> None:
    withdraw(three[0])
    assert states(three) == ["withdrawn", "offered", "waiting"]
    until = registration(three[1]).offered_until
    assert until is not None
    assert timedelta(0) <= until - UNTIL < timedelta(minutes=1)
    assert ledger(registration(three[0]).category_id) == Seats(seats=1, taken=1, waiting=1)
    assert kinds(three[1]) == ["waiting", "offered"]
    assert "7 September 2022, 08:0" in mails(three[1])[-1].subject


def test_an_accepted_offer_is_a_confirmed_place_with_its_papers(three: list[RegistrationId]) -> None:
    withdraw(three[0])
    accept(three[1])
    after = registration(three[1])
    assert (after.state, after.offered_until) == (State.CONFIRMED, None)
    assert kinds(three[1]) == ["waiting", "offered", "confirmation"]
    with pytest.raises(OfferOverError):
        accept(three[1])


def test_a_lapsed_offer_goes_to_the_next(three: list[RegistrationId]) -> None:
    withdraw(three[0])
    until = registration(three[1]).offered_until
    assert until is not None
    assert lapse(three[1], until - timedelta(seconds=1)) is False
    with pytest.raises(OfferOverError):
        accept(three[1], until)
    assert lapse(three[1], until) is True
    assert lapse(three[1], until) is False
    assert states(three) == ["withdrawn", "withdrawn", "offered"]
    assert kinds(three[1]) == ["waiting", "offered", "offer_lapsed"]
    assert next(entry.action for entry in history_of("registration", three[1])) == "offer lapsed"
    assert ledger(registration(three[0]).category_id) == Seats(seats=1, taken=1, waiting=0)


def test_the_worker_lapses_what_is_due_and_nothing_else(three: list[RegistrationId]) -> None:
    withdraw(three[0])
    assert offers.claim("worker") == []
    clock.shift(clock.offset + timedelta(hours=48, minutes=1))
    assert offers.claim("worker") == [three[1]]
    db.session.rollback()
    offers.run(three[1], "worker")
    assert states(three) == ["withdrawn", "withdrawn", "offered"]


def test_an_offer_given_back_goes_to_the_next_at_once(three: list[RegistrationId]) -> None:
    withdraw(three[0])
    withdraw(three[1])
    assert states(three) == ["withdrawn", "withdrawn", "offered"]


def test_from_noon_of_the_eve_on_the_desk_gives_the_places(three: list[RegistrationId]) -> None:
    clock.begin_at(datetime(2022, 9, 21, 12, 0, tzinfo=STOCKHOLM))
    withdraw(three[0])
    assert states(three) == ["withdrawn", "waiting", "waiting"]
    late = register_attendee(registration(three[0]).category_id, email="d@x.example", given_name="D")
    assert states([late]) == ["waiting"]
    transact(lambda session: promote(session, three[1], actor=BY_SYSTEM, now=clock.now()))
    assert states(three) == ["withdrawn", "confirmed", "waiting"]
    assert kinds(three[1]) == ["waiting", "promoted"]


def test_out_of_order_needs_a_reason_and_a_free_place(three: list[RegistrationId]) -> None:
    clock.begin_at(datetime(2022, 9, 21, 12, 0, tzinfo=STOCKHOLM))

    def give(number: int, reason: str = "") -> None:
        transact(
            lambda session: promote(session, three[number], actor=BY_SYSTEM, now=clock.now(), reason=reason)
        )

    with pytest.raises(NoFreePlaceError):
        give(1)
    with pytest.raises(MoveRefusedError):
        give(0)
    withdraw(three[0])
    with pytest.raises(ReasonMissingError):
        give(2)
    give(2, "speaks on Friday")
    assert states(three) == ["withdrawn", "waiting", "confirmed"]
    assert next(entry.reason for entry in history_of("registration", three[2])) == "speaks on Friday"
    assert waiting_place(registration(three[1])) == 1


def test_over_the_limit_is_counted_apart_and_leaves_apart(three: list[RegistrationId]) -> None:
    category = registration(three[0]).category_id

    def admit(reason: str) -> None:
        transact(
            lambda session: admit_over_limit(
                session, three[2], actor=BY_SYSTEM, now=clock.now(), reason=reason
            )
        )

    with pytest.raises(ReasonMissingError):
        admit("")
    admit("patient representative")
    db.session.rollback()
    assert ledger(category) == Seats(seats=1, taken=1, waiting=1, over=1)
    assert registration(three[2]).is_over_limit
    withdraw(three[2])
    assert ledger(category) == Seats(seats=1, taken=1, waiting=1)
    assert states(three) == ["confirmed", "waiting", "withdrawn"]
    assert registration(three[2]).is_over_limit is False


def test_a_place_in_the_queue_moves_up(three: list[RegistrationId]) -> None:
    assert [waiting_place(registration(one)) for one in three[1:]] == [1, 2]
    withdraw(three[1])
    assert waiting_place(registration(three[2])) == 1
    assert replace(ledger(registration(three[2]).category_id), seats=None) == Seats(
        seats=None, taken=1, waiting=1
    )
