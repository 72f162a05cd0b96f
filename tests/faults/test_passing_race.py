"""Passing on against a withdrawal, two passes at once, one group's form 20 times: each has one outcome."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.people.model import PersonDetails
from conference.registration import grouping, passing
from conference.registration.category_queries import get_category
from conference.registration.group_model import PassOn
from conference.registration.model import Registration, Seats, State
from conference.registration.queries import count_registrations, get_registration
from conference.registration.service import withdraw
from tests.factories.groups import a_group, send
from tests.factories.registration import make_category, register_attendee

PAUSE_S = 0.05
ONE = RegistrationId(1)


def answer(app: Flask, work: Callable[[Session], object]) -> str:
    """Return "yes", or the name of the error that reached this client."""
    with app.app_context():
        try:
            transact(work)
        except Exception as error:  # noqa: BLE001 -- whatever reaches a client is counted
            return type(error).__name__
        finally:
            db.session.remove()
        return "yes"


def passes(number: int) -> Callable[[Session], object]:
    """Return a pass to this person, from the page as it was at first."""
    person = PersonDetails(given_name=f"P{number}", email=f"p{number}@x.example")
    command = PassOn(registration_id=ONE, person=person, profession="", seen_version=1)
    return lambda session: passing.pass_on(session, command, actor=BY_LINK, now=clock.now())


def withdraws(session: Session) -> None:
    withdraw(session, ONE, actor=BY_LINK, now=clock.now())


def at_once(app: Flask, *works: Callable[[Session], object]) -> Counter[str]:
    with ThreadPoolExecutor(len(works)) as clients:
        return Counter(clients.map(lambda work: answer(app, work), works))


def stored() -> Registration:
    db.session.rollback()
    return get_registration(ONE)


@pytest.fixture
def category(app: Flask) -> CategoryId:
    made = make_category(seats=1)
    register_attendee(made)
    return made


def test_two_passes_at_once_have_one_outcome(app: Flask, category: CategoryId) -> None:
    assert at_once(app, *map(passes, range(6))) == {"yes": 1, "NotToPassOnError": 5}
    assert stored().link_version == 2
    assert get_category(category).ledger == Seats(seats=1, taken=1, waiting=0)


def test_a_pass_against_a_withdrawal_has_one_outcome(app: Flask, category: CategoryId) -> None:
    found = at_once(app, passes(1), withdraws)
    # Both may be done in this order: passed on, and then withdrawn by a request that was under way.
    assert found in (Counter({"yes": 2}), Counter({"yes": 1, "NotToPassOnError": 1}))
    assert stored().state is State.WITHDRAWN
    assert (stored().email == "p1@x.example") == (found["yes"] == 2)
    db.session.rollback()
    assert get_category(category).ledger.taken == 0


def test_without_the_guard_several_are_told_the_place_is_theirs(
    app: Flask, category: CategoryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what was seen before the transaction stands in for what is held in it."""
    seen = stored()
    db.session.remove()

    def naive(session: Session, registration_id: RegistrationId) -> Registration:
        del session, registration_id
        time.sleep(PAUSE_S)
        return seen

    monkeypatch.setattr(passing, "held", naive)
    assert at_once(app, *map(passes, range(3)))["yes"] > 1


def test_one_groups_form_20_times_at_once_registers_once(app: Flask, category: CategoryId) -> None:
    form = replace(a_group(make_category("Group")), takes_part=True)

    def one(session: Session) -> None:
        grouping.register_group(session, form, now=clock.now())

    assert at_once(app, *[one] * 20) == {"yes": 20}
    db.session.rollback()
    assert count_registrations() == 4
    assert [mail.kind for mail in mails_about("registration_group", 1)] == ["group_overview"]
    send(form)
    db.session.rollback()
    assert count_registrations() == 4
