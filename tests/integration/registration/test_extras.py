"""Extras: places of their own, taken and given back with the registration."""

from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import CategoryId, ExtraId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration import approving, extra_service, offers, service
from conference.registration.category_queries import get_category
from conference.registration.errors import (
    ExtraClosedError,
    ExtraFullError,
    ExtraGoneError,
    ExtraInUseError,
    ExtraNameTakenError,
    ExtraNotOfferedError,
    MoveRefusedError,
)
from conference.registration.extra_model import ExtraDetails
from conference.registration.extra_queries import extras, get_extra, held_extras, holders
from conference.registration.leaving import change_category
from conference.registration.model import Seats, State, WantedExtra
from conference.registration.queries import find_live_by_address
from tests.factories.extras import add, drop, extra_ledger, extras_of, make_extra, wants
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, mails, registration, withdraw


def enter(category: CategoryId, email: str, *wanted: WantedExtra) -> RegistrationId:
    form = replace(a_form(category, email=email), extras=wanted)
    transact(lambda session: service.register(session, form, now=clock.now()))
    found = transact(lambda session: find_live_by_address(email, session))
    db.session.rollback()
    assert found is not None
    return found.id


def edit(extra_id: ExtraId, **changed: object) -> None:
    stored = get_extra(extra_id)
    details = replace(stored.details, **changed)  # type: ignore[arg-type]  # the names are the test's
    transact(
        lambda session: extra_service.edit_extra(
            session, extra_id, stored.revision, details, actor=BY_SYSTEM, now=clock.now()
        )
    )
    db.session.rollback()


def test_category_and_extra_are_claimed_together(app: Flask) -> None:
    category = make_category(seats=5)
    dinner, workshop = make_extra("Dinner", category), make_extra("Workshop", category, seats=1)
    first = enter(category, "a@x.example", *wants(workshop, dinner))
    assert extras_of(first) == {"Dinner": "confirmed", "Workshop": "confirmed"}
    assert extra_ledger(workshop) == Seats(seats=1, taken=1, waiting=0)
    assert ledger(category) == Seats(seats=5, taken=1, waiting=0)
    text = mails(first)[0].text
    assert "Dinner" in text
    assert "Workshop" in text


def test_a_full_extra_is_refused_with_nothing_kept_and_taken_on_its_waiting_list(app: Flask) -> None:
    category = make_category(seats=5)
    workshop = make_extra("Workshop", category, seats=1)
    enter(category, "a@x.example", *wants(workshop))
    form = replace(a_form(category, email="b@x.example"), extras=wants(workshop))
    with pytest.raises(ExtraFullError):
        transact(lambda session: service.register(session, form, now=clock.now()))
    assert ledger(category).taken == 1
    second = enter(category, "b@x.example", *wants(workshop, may_wait=True))
    third = enter(category, "c@x.example", *wants(workshop, may_wait=True))
    assert extras_of(second) == {"Workshop": "waiting"}
    assert [one.place for one in held_extras(third)] == [2]
    assert extra_ledger(workshop) == Seats(seats=1, taken=1, waiting=2)
    assert "Workshop (Waiting list)" in mails(third)[0].text


def test_the_answer_to_a_full_extra_does_not_tell_which_address_is_known(app: Flask) -> None:
    category = make_category()
    workshop = make_extra("Workshop", category, seats=1)
    enter(category, "known@x.example", *wants(workshop))
    for email in ("known@x.example", "unknown@x.example"):
        form = replace(a_form(category, email=email), extras=wants(workshop))
        with pytest.raises(ExtraFullError):
            transact(lambda session, form=form: service.register(session, form, now=clock.now()))  # type: ignore[misc]  # the default binds the loop's form


@pytest.mark.parametrize("end", [State.WITHDRAWN, State.CANCELLED])
def test_who_leaves_gives_the_extra_to_the_next_with_a_mail(app: Flask, end: State) -> None:
    category = make_category()
    workshop = make_extra("Workshop", category, seats=1)
    first = enter(category, "a@x.example", *wants(workshop))
    second = enter(category, "b@x.example", *wants(workshop, may_wait=True))
    third = enter(category, "c@x.example", *wants(workshop, may_wait=True))
    withdraw(first, end)
    assert [extras_of(one) for one in (first, second, third)] == [
        {"Workshop": "wished"},
        {"Workshop": "confirmed"},
        {"Workshop": "waiting"},
    ]
    assert extra_ledger(workshop) == Seats(seats=1, taken=1, waiting=1)
    assert kinds(second) == ["confirmation", "extra_place"]
    assert kinds(third) == ["confirmation"]
    withdraw(third)
    assert extra_ledger(workshop) == Seats(seats=1, taken=1, waiting=0)


def test_who_waits_or_is_offered_a_place_holds_no_extra_until_it_is_accepted(app: Flask) -> None:
    category = make_category(seats=1)
    dinner = make_extra("Dinner", category, seats=10)
    first = enter(category, "a@x.example", *wants(dinner))
    second = enter(category, "b@x.example", *wants(dinner))
    assert (extras_of(second), extra_ledger(dinner).taken) == ({"Dinner": "wished"}, 1)
    withdraw(first)
    assert registration(second).state is State.OFFERED
    assert (extras_of(second), extra_ledger(dinner).taken) == ({"Dinner": "wished"}, 0)
    transact(lambda session: offers.accept_offer(session, second, actor=BY_LINK, now=clock.now()))
    assert (extras_of(second), extra_ledger(dinner).taken) == ({"Dinner": "confirmed"}, 1)
    assert "Dinner" in mails(second)[-1].text


def test_approval_and_bringing_back_claim_what_was_wished(app: Flask) -> None:
    category = make_category(needs_approval=True)
    dinner = make_extra("Dinner", category, seats=1)
    first = enter(category, "a@x.example", *wants(dinner))
    second = enter(category, "b@x.example", *wants(dinner))
    for one in (first, second):
        transact(
            lambda session, one=one: approving.approve(session, one, actor=BY_SYSTEM, now=clock.now())  # type: ignore[misc]  # the default binds the loop's id
        )
    assert (extras_of(first), extras_of(second)) == ({"Dinner": "confirmed"}, {"Dinner": "waiting"})
    withdraw(first)
    assert extras_of(second) == {"Dinner": "confirmed"}
    transact(lambda session: approving.restore(session, first, actor=BY_SYSTEM, now=clock.now()))
    assert extras_of(first) == {"Dinner": "waiting"}


def test_an_included_extra_comes_by_itself_and_can_be_dropped(app: Flask) -> None:
    category = make_category()
    dinner = make_extra("Dinner", category, included=frozenset({category}), seats=1)
    first, second = enter(category, "a@x.example"), enter(category, "b@x.example")
    assert (extras_of(first), extras_of(second)) == ({"Dinner": "confirmed"}, {"Dinner": "waiting"})
    drop(first, dinner)
    drop(first, dinner)
    assert (extras_of(first), extras_of(second)) == ({}, {"Dinner": "confirmed"})
    acts = [entry.action for entry in history_of("registration", first)]
    assert acts.count("extra dropped") == 1


def test_an_extra_is_added_once(app: Flask) -> None:
    category = make_category()
    dinner = make_extra("Dinner", category, seats=1)
    first, second = enter(category, "a@x.example"), enter(category, "b@x.example")
    add(first, dinner)
    add(first, dinner)
    assert extra_ledger(dinner) == Seats(seats=1, taken=1, waiting=0)
    with pytest.raises(ExtraFullError):
        add(second, dinner)
    add(second, dinner, may_wait=True)
    assert extras_of(second) == {"Dinner": "waiting"}


def test_another_category_drops_what_it_does_not_offer_and_adds_what_it_includes(app: Flask) -> None:
    one, other = make_category("One"), make_category("Other")
    lab = make_extra("Lab", one, seats=1)
    make_extra("Dinner", one, other, included=frozenset({other}))
    moved = enter(one, "a@x.example", *wants(lab))
    waits = enter(one, "b@x.example", *wants(lab, may_wait=True))
    person = registration(moved).person_id
    transact(
        lambda session: change_category(
            session, moved, get_category(other, session), person, actor=BY_SYSTEM, now=clock.now()
        )
    )
    assert (extras_of(moved), extras_of(waits)) == ({"Dinner": "confirmed"}, {"Lab": "confirmed"})


def test_what_is_refused(app: Flask) -> None:
    one, other = make_category("One"), make_category("Other")
    closed, elsewhere = make_extra("Closed", one, seats=0), make_extra("Elsewhere", other)
    retired = make_extra("Retired", one, is_retired=True)
    refusals: list[tuple[ExtraId, type[DomainError]]] = [
        (closed, ExtraClosedError),
        (elsewhere, ExtraNotOfferedError),
        (retired, ExtraGoneError),
        (ExtraId(999), ExtraGoneError),
    ]
    mine = register_attendee(one)
    for extra_id, refusal in refusals:
        with pytest.raises(refusal):
            add(mine, extra_id, may_wait=True)
    withdraw(mine)
    with pytest.raises(MoveRefusedError):
        add(mine, closed)
    with pytest.raises(MoveRefusedError):
        drop(mine, closed)


def test_an_extra_that_closed_meanwhile_stays_a_wish(app: Flask) -> None:
    category = make_category(needs_approval=True)
    dinner = make_extra("Dinner", category, seats=1)
    first = enter(category, "a@x.example", *wants(dinner))
    edit(dinner, seats=0)
    transact(lambda session: approving.approve(session, first, actor=BY_SYSTEM, now=clock.now()))
    assert (registration(first).state, extras_of(first)) == (State.CONFIRMED, {"Dinner": "wished"})


def test_more_places_move_up_and_fewer_throw_nobody_out(app: Flask) -> None:
    category = make_category()
    dinner = make_extra("Dinner", category, seats=1)
    people = [enter(category, f"{n}@x.example", *wants(dinner, may_wait=True)) for n in range(4)]
    edit(dinner, seats=3)
    assert [extras_of(one)["Dinner"] for one in people] == ["confirmed"] * 3 + ["waiting"]
    edit(dinner, seats=1)
    withdraw(people[0])
    assert extra_ledger(dinner) == Seats(seats=1, taken=2, waiting=1)
    assert [(one.state.value, one.waiting_number) for one in holders(dinner)] == [
        ("confirmed", None),
        ("confirmed", None),
        ("waiting", 3),
    ]


def test_the_office_copies_moves_retires_and_deletes(app: Flask) -> None:
    category = make_category()
    dinner, lab = make_extra("Dinner", category, place=1), make_extra("Lab", category, place=2)
    enter(category, "a@x.example", *wants(dinner))
    copied = transact(lambda session: extra_service.copy_extra(session, dinner, actor=BY_SYSTEM))
    transact(lambda session: extra_service.move_extra(session, lab, down=False, actor=BY_SYSTEM))
    db.session.rollback()
    assert [(one.name, one.details.is_retired) for one in extras()] == [
        ("Lab", False),
        ("Dinner", False),
        ("Dinner 2", True),
    ]
    assert get_extra(copied).details.categories == frozenset({category})
    stored = get_extra(dinner)
    with pytest.raises(ExtraInUseError):
        transact(
            lambda session: extra_service.delete_extra(session, dinner, stored.revision, actor=BY_SYSTEM)
        )
    with pytest.raises(ExtraNameTakenError):
        transact(
            lambda session: extra_service.create_extra(session, ExtraDetails(name="Lab"), actor=BY_SYSTEM)
        )
    revision = get_extra(lab).revision
    transact(lambda session: extra_service.delete_extra(session, lab, revision, actor=BY_SYSTEM))
    db.session.rollback()
    with pytest.raises(NotFoundError):
        get_extra(lab)
