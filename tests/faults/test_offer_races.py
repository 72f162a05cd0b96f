"""trust.md 6: a freed place is offered once, first come first served, and an offer has one outcome.

Two connections meet at the category's row, which is the turnstile: one is held up inside while the other arrives.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration import leaving, ledger, offers, service
from conference.registration.model import Registration, Seats, State
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import ledger as seats_of
from tests.factories.registration_acts import registration, withdraw

PAUSE_S = 0.5
Act = Callable[[Session], object]


class Race:
    """Two acts at once. `slow` holds up whoever is inside first, until the other has come as far as it can.

    Without the turnstile that is inside too (`meeting`): both have read before either writes, and the first
    to come is the first to write, however busy the machine is.
    """

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.inside = threading.Event()
        self.meeting: threading.Barrier | None = None
        self.first_done = threading.Event()
        for room in (leaving, offers, service):
            monkeypatch.setattr(room, "held", self._slow)

    def _slow(self, session: Session, registration_id: RegistrationId, *more: CategoryId) -> Registration:
        seen = HELD(session, registration_id, *more)
        is_first = not self.inside.is_set()
        self.inside.set()
        if self.meeting is None:
            time.sleep(PAUSE_S)
        else:
            self.meeting.wait(60)
            assert is_first or self.first_done.wait(60)
        return seen

    def run(self, first: Act, second: Act) -> list[str]:
        """Return "done" or the name of the refusal, of both."""
        answers = ["", ""]

        def one(number: int, act: Act) -> None:
            with self.app.app_context():
                if number:
                    assert self.inside.wait(60)
                try:
                    transact(act)
                    answers[number] = "done"
                except DomainError as refused:
                    answers[number] = type(refused).__name__
                finally:
                    db.session.remove()
                    if not number:
                        self.first_done.set()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate((first, second))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        db.session.rollback()
        return answers


HELD = leaving.held


@pytest.fixture
def race(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Race:
    return Race(app, monkeypatch)


def no_lock(race: Race, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Take the turnstile out, and return whether that makes a race: SQLite has one writer, whatever is locked."""
    monkeypatch.setattr(ledger, "lock", lambda *_ignored: None)
    race.meeting = threading.Barrier(2)
    return db.engine.dialect.name == "postgresql"


def people(seats: int, count: int) -> tuple[CategoryId, list[RegistrationId]]:
    category = make_category(seats=seats)
    return category, [register_attendee(category, email=f"{n}@x.example") for n in range(count)]


def states(ids: list[RegistrationId]) -> list[str]:
    return [registration(one).state.value for one in ids]


def acts(one: RegistrationId) -> list[str]:
    db.session.rollback()
    return [entry.action for entry in history_of("registration", one)][::-1]


def leaves(one: RegistrationId) -> Act:
    return lambda session: service.withdraw(session, one, actor=BY_LINK, now=clock.now())


def is_promoted(one: RegistrationId) -> Act:
    return lambda session: offers.promote(session, one, actor=BY_SYSTEM, now=clock.now(), reason="by hand")


def test_two_who_leave_at_once_free_two_places_for_the_first_two(race: Race) -> None:
    category, ids = people(2, 5)
    assert race.run(leaves(ids[0]), leaves(ids[1])) == ["done", "done"]
    assert states(ids) == ["withdrawn", "withdrawn", "offered", "offered", "waiting"]
    assert [acts(one).count("offered") for one in ids] == [0, 0, 1, 1, 0]
    assert seats_of(category) == Seats(seats=2, taken=2, waiting=1)


def test_who_leaves_the_queue_while_a_place_is_offered_to_them_gives_it_to_the_next(race: Race) -> None:
    category, ids = people(1, 3)
    assert race.run(leaves(ids[0]), leaves(ids[1])) == ["done", "done"]
    assert states(ids) == ["withdrawn", "withdrawn", "offered"]
    assert acts(ids[1]) == ["registered", "offered", "withdrawn"]
    assert seats_of(category) == Seats(seats=1, taken=1, waiting=0)


def test_a_promotion_that_races_a_cancellation_finds_the_place_given_in_order(race: Race) -> None:
    category, ids = people(1, 3)
    assert race.run(leaves(ids[0]), is_promoted(ids[2])) == ["done", "NoFreePlaceError"]
    assert states(ids) == ["withdrawn", "offered", "waiting"]
    assert seats_of(category) == Seats(seats=1, taken=1, waiting=1)


def test_control_without_the_lock_one_leaves_with_the_place(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not no_lock(race, monkeypatch):
        return
    category, ids = people(1, 3)
    race.run(leaves(ids[0]), leaves(ids[1]))
    # The second had read "waiting", gave back a place in the queue, and the place that was offered is nobody's.
    assert states(ids) != ["withdrawn", "withdrawn", "offered"] or seats_of(category).waiting != 0


def offered(race: Race) -> tuple[CategoryId, list[RegistrationId], Act, Act]:
    """Return one with an offer and one who waits, and the acts of accepting and lapsing at the deadline itself."""
    category, ids = people(1, 3)
    withdraw(ids[0])
    race.inside.clear()
    until = registration(ids[1]).offered_until
    assert until is not None
    just_in_time = until - timedelta(microseconds=1)

    def accepts(session: Session) -> None:
        offers.accept_offer(session, ids[1], actor=BY_LINK, now=just_in_time)

    return category, ids, accepts, lambda session: offers.lapse_offer(session, ids[1], now=until)


def test_an_offer_accepted_at_its_expiry_before_the_worker_is_kept(race: Race) -> None:
    category, ids, accepts, lapses = offered(race)
    assert race.run(accepts, lapses) == ["done", "done"]
    assert states(ids) == ["withdrawn", "confirmed", "waiting"]
    assert acts(ids[1]) == ["registered", "offered", "accepted"]
    assert seats_of(category) == Seats(seats=1, taken=1, waiting=1)


def test_an_offer_accepted_after_the_worker_came_is_over(race: Race) -> None:
    category, ids, accepts, lapses = offered(race)
    assert race.run(lapses, accepts) == ["done", "OfferOverError"]
    assert states(ids) == ["withdrawn", "withdrawn", "offered"]
    assert acts(ids[1]) == ["registered", "offered", "offer lapsed"]
    assert seats_of(category) == Seats(seats=1, taken=1, waiting=0)


def test_control_without_the_lock_an_offer_is_accepted_and_lapses(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ids, accepts, lapses = offered(race)
    if not no_lock(race, monkeypatch):
        return
    assert race.run(lapses, accepts) == ["done", "done"]
    assert {"accepted", "offer lapsed"} <= set(acts(ids[1]))
    assert registration(ids[1]).state is State.CONFIRMED
