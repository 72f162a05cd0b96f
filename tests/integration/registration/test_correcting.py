"""A mistyped address, corrected in the browser that sent the form."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock, real_now
from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.people.queries import get_person
from conference.registration import service
from conference.registration.category_queries import get_category
from conference.registration.category_service import edit_category
from conference.registration.errors import (
    CategoryClosedError,
    CorrectionOverError,
)
from conference.registration.links import link_of, registration_of
from conference.registration.model import (
    Seats,
    State,
)
from conference.registration.queries import (
    badge_people,
    count_registrations,
)
from conference.registration.tables import AttemptRow
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, mails, register, registration


def correct(key: str, email: str) -> None:
    transact(lambda session: service.correct(session, key, email, now=clock.now()))
    db.session.rollback()


def test_a_corrected_address_moves_the_registration_and_kills_the_old_link(app: Flask) -> None:
    form = a_form(make_category(seats=1), email="typo@x.example")
    key = register(form)
    made = RegistrationId(1)
    old = link_of(made, 1)
    assert registration_of(old) == made
    correct(key, "right@x.example")
    stored = registration(made)
    assert (stored.email, stored.link_version) == ("right@x.example", 2)
    assert get_person(stored.person_id).details.email == "right@x.example"
    assert [mail.recipient for mail in mails(made)] == ["typo@x.example", "right@x.example"]
    with pytest.raises(NotFoundError):
        registration_of(old)
    assert registration_of(link_of(made, 2)) == made
    assert register(form) == key
    assert count_registrations() == 1


def test_a_known_address_corrected_to_a_new_one_registers_after_all(app: Flask) -> None:
    category = make_category()
    register_attendee(category)
    key = register(a_form(category, given_name="Bo"))
    assert count_registrations() == 1
    correct(key, "bo@x.example")
    assert count_registrations() == 2
    assert sorted(badge.given_name for badge in badge_people()) == ["Bo", "Åsa"]


def test_an_address_corrected_to_a_known_one_gives_the_seat_back(app: Flask) -> None:
    category = make_category(seats=2)
    known = register_attendee(category)
    key = register(a_form(category, email="typo@x.example"))
    code = registration(RegistrationId(known + 1)).badge_code
    correct(key, "asa@lab.example")
    assert ledger(category) == Seats(seats=2, taken=1, waiting=0)
    assert kinds(known) == ["confirmation", "already_registered"]
    mistaken = registration(RegistrationId(known + 1))
    assert (mistaken.state, mistaken.link_version) == (State.WITHDRAWN, 2)
    assert mistaken.badge_code != code
    assert [mail.state for mail in mails_about("registration", mistaken.id)] == ["cancelled"]
    correct(key, "third@x.example")
    assert ledger(category).taken == 2


def test_correcting_is_over_after_half_an_hour_for_others_and_after_five_times(app: Flask) -> None:
    key = register(a_form(make_category(), email="typo@x.example"))
    with pytest.raises(CorrectionOverError):
        correct("no such key", "right@x.example")
    for number in range(5):
        correct(key, f"n{number}@x.example")
    with pytest.raises(CorrectionOverError):
        correct(key, "n6@x.example")
    late = register(a_form(CategoryId(1), email="late@x.example"))
    transact(
        lambda session: session.execute(
            update(AttemptRow).values(created_at=real_now() - timedelta(minutes=30))
        )
    )
    with pytest.raises(CorrectionOverError):
        correct(late, "right@x.example")


@pytest.mark.parametrize("first", ["asa@lab.example", "typo@x.example"])
def test_a_category_closed_meanwhile_answers_known_and_new_alike(app: Flask, first: str) -> None:
    category = make_category(seats=2)
    register_attendee(category)
    key = register(a_form(category, email=first))
    details = get_category(category).details
    db.session.remove()
    closed = replace(details, seats=0)
    transact(lambda session: edit_category(session, category, 1, closed, actor=BY_SYSTEM, now=clock.now()))
    with pytest.raises(CategoryClosedError):
        correct(key, "third@x.example")
