"""What is due follows the place through every step, and a fee that somebody agreed to stays."""

from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.approving import approve
from conference.registration.category_queries import get_category
from conference.registration.category_service import create_category, edit_category
from conference.registration.extra_queries import get_extra
from conference.registration.extra_service import edit_extra
from conference.registration.fee_errors import FeeFixedError, OneCurrencyError
from conference.registration.fee_queries import fee_of
from conference.registration.model import CategoryDetails
from conference.registration.queries import find_live_by_address
from conference.registration.service import withdraw
from tests.factories.extras import make_extra, wants
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.registration_acts import register, registration


@pytest.fixture
def paying(app: Flask) -> CategoryId:
    del app
    return make_category("Industry", fee_minor=25_000)


def made(email: str) -> RegistrationId:
    db.session.rollback()
    found = find_live_by_address(email)
    assert found is not None
    return found.id


def due(one: RegistrationId) -> int:
    db.session.rollback()
    return fee_of(registration(one)).due_minor


def test_a_fee_is_due_once_the_place_is_confirmed_and_no_longer(app: Flask) -> None:
    category = make_category("Industry", fee_minor=25_000, needs_approval=True)
    one = register_attendee(category)
    assert due(one) == 0
    transact(lambda session: approve(session, one, actor=BY_SYSTEM, now=clock.now()))
    assert due(one) == 25_000
    transact(lambda session: withdraw(session, one, actor=BY_SYSTEM, now=clock.now()))
    assert due(one) == 0


def test_who_waits_for_an_extra_does_not_owe_it(app: Flask) -> None:
    category = make_category("Participant", fee_minor=1000)
    dinner = make_extra("Dinner", category, seats=1, fee_minor=500)
    ids = []
    for number in range(2):
        form = a_form(category, email=f"{number}@x.example")
        register(replace(form, extras=wants(dinner, may_wait=True)))
        ids.append(made(f"{number}@x.example"))
    assert [due(one) for one in ids] == [1500, 1000]
    transact(lambda session: withdraw(session, ids[0], actor=BY_SYSTEM, now=clock.now()))
    assert [due(one) for one in ids] == [0, 1500]


def test_a_fee_that_somebody_agreed_to_stays(app: Flask, paying: CategoryId) -> None:
    def change(minor: int) -> None:
        known = get_category(paying)
        details = replace(known.details, fee_minor=minor)
        transact(
            lambda session: edit_category(
                session, paying, known.revision, details, actor=BY_SYSTEM, now=clock.now()
            )
        )
        db.session.rollback()

    change(20_000)
    one = register_attendee(paying)
    with pytest.raises(FeeFixedError):
        change(25_000)
    db.session.rollback()
    change(20_000)
    assert due(one) == 20_000


def test_the_fee_of_an_extra_stays_too(app: Flask) -> None:
    category = make_category()
    dinner = make_extra("Dinner", category, fee_minor=500)
    register(replace(a_form(category), extras=wants(dinner)))
    known = get_extra(dinner)
    details = replace(known.details, fee_minor=700)
    with pytest.raises(FeeFixedError):
        transact(
            lambda session: edit_extra(
                session, dinner, known.revision, details, actor=BY_SYSTEM, now=clock.now()
            )
        )


def test_all_fees_are_in_one_currency(app: Flask, paying: CategoryId) -> None:
    other = CategoryDetails(name="Other", badge_word="Other", fee_minor=100, currency="SEK")
    with pytest.raises(OneCurrencyError):
        transact(lambda session: create_category(session, other, actor=BY_SYSTEM))
    db.session.rollback()
    known = get_category(paying)
    details = replace(known.details, currency="SEK")
    transact(
        lambda session: edit_category(
            session, paying, known.revision, details, actor=BY_SYSTEM, now=clock.now()
        )
    )
    transact(lambda session: create_category(session, other, actor=BY_SYSTEM))
