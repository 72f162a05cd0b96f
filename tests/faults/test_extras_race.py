"""trust.md 1 and 5 for extras: no seat is given twice, and limits wanted in opposite order are taken in one."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from conference.core.clock import clock
from conference.core.ids import CategoryId, ExtraId
from conference.db import work
from conference.db.base import db
from conference.db.work import transact
from conference.registration import ledger, service
from conference.registration.extra_queries import get_extra, holders
from conference.registration.model import RegisterAttendee, Seats, WantedExtra
from tests.factories.extras import extra_ledger, make_extra, wants
from tests.factories.registration import a_form, make_category
from tests.faults.registering import BUSY, SENDS, is_busy

PAUSE_S = 0.01
CLIENTS = 8


def send(app: Flask, category: CategoryId, number: int, wanted: tuple[WantedExtra, ...]) -> str:
    """Return "yes", or the name of the error that reached this client."""
    with app.app_context():
        form = replace(a_form(category, email=f"{number}@x.example"), extras=wanted)
        for _ in range(SENDS):
            answer = _sent(form)
            if answer != BUSY:
                return answer
        return BUSY


def _sent(form: RegisterAttendee) -> str:
    try:
        transact(lambda session: service.register(session, form, now=clock.now()))
    except OperationalError as error:
        # On a machine with other work a lock may not be had within five seconds: a 503, and the form is sent again.
        return BUSY if is_busy(error) else type(error).__name__
    except Exception as error:  # noqa: BLE001 -- whatever reaches a client is counted
        return type(error).__name__
    finally:
        db.session.remove()
    return "yes"


def at_once(count: int, one: Callable[[int], str]) -> list[str]:
    with ThreadPoolExecutor(CLIENTS) as clients:
        return sorted(set(clients.map(one, range(count))))


def test_20_for_5_places_of_an_extra(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    category = make_category(seats=50)
    workshop = make_extra("Workshop", category, seats=5)
    real = ledger.extras.claim

    def pausing(session: Session, holder: int, *, name: str) -> ledger.Claim:
        got = real(session, holder, name=name)
        time.sleep(PAUSE_S)
        return got

    monkeypatch.setattr(ledger.extras, "claim", pausing)
    wanted = wants(workshop, may_wait=True)
    assert at_once(20, lambda number: send(app, category, number, wanted)) == ["yes"]
    assert extra_ledger(workshop) == Seats(seats=5, taken=5, waiting=15)
    found = [(one.state.value, one.waiting_number) for one in holders(workshop)]
    assert found == [("confirmed", None)] * 5 + [("waiting", number) for number in range(1, 16)]


def test_the_race_is_real_without_the_guard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    category = make_category(seats=50)
    workshop = make_extra("Workshop", category, seats=5)
    # The lock of the category, and SQLite's one writer, would hide it: the look comes before the transaction.
    looked: dict[int, bool] = {}
    all_have_looked = threading.Barrier(CLIENTS)

    def naive(session: Session, holder: int) -> bool:
        del session, holder
        return looked[threading.get_ident()]

    def one(number: int) -> str:
        with app.app_context():
            seats = get_extra(workshop).ledger
            looked[threading.get_ident()] = seats.taken < 5 and len(holders(workshop)) < 5
            db.session.remove()
        all_have_looked.wait(60)
        return send(app, category, number, wants(workshop))

    monkeypatch.setattr(ledger.extras, "take", naive)
    assert at_once(CLIENTS, one) == ["yes"]
    db.session.rollback()
    assert len(holders(workshop)) == CLIENTS


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The SQLSTATE of each failure that `transact` saw, those that it tried again included."""
    seen: list[Any] = []
    real = work._worth_another_try

    def noting(error: DBAPIError) -> bool:
        seen.append(getattr(error.orig, "sqlstate", None))
        return real(error)

    monkeypatch.setattr(work, "_worth_another_try", noting)
    return seen


def test_two_extras_in_opposite_order_never_wait_for_each_other(app: Flask, states: list[Any]) -> None:
    # Each in a category of its own, so that no common row puts them in a queue before the extras do.
    categories = [make_category(f"Category {number}") for number in range(8)]
    one, other = (make_extra(name, *categories, seats=250) for name in ("One", "Other"))

    def client(number: int) -> str:
        order = (one, other) if number % 2 else (other, one)
        return send(app, categories[number % 8], number, wants(*order, may_wait=True))

    assert at_once(500, client) == ["yes"]
    assert "40P01" not in states
    for extra in (one, other):
        assert extra_ledger(extra) == Seats(seats=250, taken=250, waiting=250)


def test_in_opposite_order_they_would(app: Flask, database_url: str) -> None:
    """The control: on PostgreSQL the rows themselves deadlock. SQLite has one writer, whatever the order."""
    category = make_category()
    pair = [make_extra(name, category, seats=5) for name in ("One", "Other")]
    both_hold_one = threading.Barrier(2)
    is_postgres = database_url.startswith("postgresql")

    def take(order: list[ExtraId]) -> str:
        with app.app_context():
            try:
                with work.unit_of_work() as session:
                    ledger.extras.take(session, order[0])
                    if is_postgres:
                        both_hold_one.wait(60)
                    ledger.extras.take(session, order[1])
            except DBAPIError as error:
                return str(getattr(error.orig, "sqlstate", None))
        return "yes"

    with ThreadPoolExecutor(2) as clients:
        answers = sorted(clients.map(take, [pair, pair[::-1]]))
    assert answers == (["40P01", "yes"] if is_postgres else ["yes", "yes"])
