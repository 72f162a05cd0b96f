"""Registering and withdrawing on both databases: what is stored, mailed, audited and given back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId
from conference.core.text import address_key
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.people.queries import get_person
from conference.registration import attempts
from conference.registration.errors import (
    CategoryClosedError,
    CategoryGoneError,
    MoveRefusedError,
)
from conference.registration.forgetting import forms
from conference.registration.links import link_of, mailed_link, registration_of
from conference.registration.model import Access, Choices, Seats, State
from conference.registration.queries import (
    choices_of,
    count_registrations,
    ticket_facts,
    waiting_place,
)
from conference.registration.tables import AttemptRow, ConsentRow
from tests.factories.registration import ASA, a_form, make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, mails, register, registration, withdraw


def test_a_registration_is_confirmed_stored_as_typed_and_mailed_once(app: Flask) -> None:
    category = make_category(seats=2)
    choices = Choices(consents=frozenset({"participants"}), no_photographs=True)
    made = register_attendee(category, choices=choices, family_name="Straße <b>Ö</b>", letters="MD, PhD")
    stored = registration(made)
    assert (stored.state, stored.waiting_number, stored.revision) == (State.CONFIRMED, None, 1)
    assert (len(stored.number), len(stored.badge_code)) == (6, 20)
    person = get_person(stored.person_id).details
    assert person == replace(ASA, family_name="Straße <b>Ö</b>", letters="MD, PhD")
    assert choices_of(stored) == choices
    consent = db.session.scalars(select(ConsentRow)).one()
    assert consent.wording == "Show my name, affiliation and country in the list of participants"
    assert ledger(category) == Seats(seats=2, taken=1, waiting=0)
    assert kinds(made) == ["confirmation"]
    assert [entry.action for entry in history_of("registration", made)] == ["registered"]


def test_the_confirmation_carries_ticket_calendar_and_link(app: Flask) -> None:
    made = register_attendee(make_category(), title="Prof.")
    row = db.session.scalars(select(OutboxRow)).one()
    assert row.link == {"kind": "registration", "ref": {"id": made, "version": 1}}
    assert [order["kind"] for order in row.attachments] == ["ticket", "calendar"]
    assert row.attachments[0]["facts"] == ticket_facts(made)
    assert row.attachments[0]["facts"]["full_name"] == "Prof. Åsa Lindström"
    assert row.attachments[1]["facts"]["days"] == ["2022-09-22", "2022-09-23"]
    assert link_of(made, 1) not in row.text + row.html + str(row.link)
    assert mailed_link({"id": made, "version": 1}) == f"http://localhost/r/{link_of(made, 1)}"


def test_when_full_people_wait_in_order_and_nobody_passes_them(app: Flask) -> None:
    category = make_category(seats=1)
    first, second, third = (
        register_attendee(category, email=f"{name}@x.example", given_name=name) for name in ("A", "B", "C")
    )
    assert [registration(one).state for one in (first, second, third)] == ["confirmed", "waiting", "waiting"]
    assert [registration(one).waiting_number for one in (second, third)] == [1, 2]
    assert kinds(second) == ["waiting"]
    assert db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "waiting")).first().attachments == []  # type: ignore[union-attr]  # there is one
    assert "at place 2" in mails(third)[0].text
    withdraw(first)
    assert [registration(one).state for one in (first, second, third)] == [
        "withdrawn",
        "offered",
        "waiting",
    ]
    assert ledger(category) == Seats(seats=1, taken=1, waiting=1)
    assert kinds(first) == ["confirmation", "withdrawn"]
    assert kinds(second) == ["waiting", "offered"]
    assert waiting_place(registration(third)) == 1
    fourth = register_attendee(category, email="d@x.example", given_name="D")
    assert registration(fourth).waiting_number == 3


def test_who_waits_may_withdraw_without_promoting_anybody(app: Flask) -> None:
    category = make_category(seats=1)
    register_attendee(category)
    waiting = register_attendee(category, email="b@x.example")
    withdraw(waiting)
    assert ledger(category) == Seats(seats=1, taken=1, waiting=0)


def test_what_still_waits_to_be_sent_is_not_sent_after_a_withdrawal(app: Flask) -> None:
    registration_id = register_attendee(make_category())
    withdraw(registration_id)
    waiting = {mail.kind: mail.state for mail in mails_about("registration", registration_id)}
    assert waiting == {"confirmation": "cancelled", "withdrawn": "queued"}


def test_withdrawing_twice_is_once_and_cancelling_after_it_is_refused(app: Flask) -> None:
    category = make_category(seats=3)
    made = register_attendee(category)
    withdraw(made)
    withdraw(made)
    assert (kinds(made), ledger(category).taken) == (["confirmation", "withdrawn"], 0)
    with pytest.raises(MoveRefusedError):
        withdraw(made, State.CANCELLED)


def test_cancelled_by_the_office_with_a_reason(app: Flask) -> None:
    made = register_attendee(make_category())
    withdraw(made, State.CANCELLED, reason="double")
    assert registration(made).state is State.CANCELLED
    entry = history_of("registration", made)[0]
    assert (entry.action, entry.reason, dict(entry.changes)) == (
        "cancelled",
        "double",
        {"state": ("confirmed", "cancelled")},
    )
    assert "The organisers have cancelled" in mails(made)[-1].text


def test_who_withdrew_may_register_again(app: Flask) -> None:
    category = make_category()
    first = register_attendee(category)
    withdraw(first)
    second = register_attendee(category)
    assert second != first
    assert registration(second).state is State.CONFIRMED


def test_the_same_form_twice_is_one_registration_and_one_mail(app: Flask) -> None:
    form = a_form(make_category())
    assert register(form) == register(form)
    assert count_registrations() == 1
    assert len(db.session.scalars(select(OutboxRow)).all()) == 1


def test_the_same_sheet_for_another_person_is_another_registration(app: Flask) -> None:
    form = a_form(make_category())
    other = replace(form, person=replace(form.person, given_name="Bo", email="bo@x.example"))
    assert register(form) != register(other)
    assert count_registrations() == 2


@pytest.mark.parametrize("address", ["asa@lab.example", " ASA@Lab.Example "])
def test_a_known_address_of_the_same_person_gets_one_mail_in_ten_minutes(app: Flask, address: str) -> None:
    category = make_category(seats=1)
    made = register_attendee(category)
    for _ in range(3):
        register(a_form(category, email=address))
    assert (count_registrations(), ledger(category)) == (1, Seats(seats=1, taken=1, waiting=0))
    assert kinds(made) == ["confirmation", "already_registered"]
    assert mails(made)[-1].recipient == "asa@lab.example"
    transact(
        lambda session: session.execute(
            update(OutboxRow).values(created_at=real_now() - timedelta(minutes=11))
        )
    )
    register(a_form(category, email=address))
    assert kinds(made) == ["confirmation", "already_registered", "already_registered"]


def test_a_known_address_with_another_name_says_who_is_registered(app: Flask) -> None:
    category = make_category()
    made = register_attendee(category)
    register(a_form(category, given_name="Bo"))
    mail = mails(made)[-1]
    assert mail.kind == "other_name"
    assert "Åsa Lindström is registered" in mail.text
    assert "Bo" not in mail.text
    assert count_registrations() == 1


@pytest.mark.parametrize("seats", [0])
def test_a_closed_category_refuses_known_and_unknown_alike(app: Flask, seats: int) -> None:
    open_one, closed = make_category(), make_category("Industry", seats=seats)
    register_attendee(open_one)
    for email in ("asa@lab.example", "new@x.example"):
        with pytest.raises(CategoryClosedError):
            register(a_form(closed, email=email))
    db.session.rollback()
    assert count_registrations() == 1


def test_a_category_that_is_gone_or_not_public_is_refused(app: Flask) -> None:
    hidden = make_category("Speaker", access=Access.INVITED)
    for category in (hidden, CategoryId(999)):
        with pytest.raises(CategoryGoneError):
            register(a_form(category))


def test_a_refused_registration_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(CategoryClosedError):
        register(a_form(make_category(seats=0)))
    db.session.rollback()
    assert db.session.scalars(select(OutboxRow)).all() == []
    assert db.session.scalars(select(AttemptRow)).all() == []


@pytest.mark.parametrize(("is_older", "stage"), [(False, "training"), (True, "")])
def test_a_kept_form_from_before_career_stages_is_read(app: Flask, is_older: bool, stage: str) -> None:
    form = a_form(make_category(), career_stage="training")
    register(form)
    row = db.session.scalars(select(AttemptRow)).one()
    left_out = {"career_stage"} if is_older else set()
    payload = {name: value for name, value in (row.payload or {}).items() if name not in left_out}
    transact(lambda session: session.execute(update(AttemptRow).values(payload=payload)))
    db.session.rollback()
    _, kept = attempts.open_attempt(db.session(), attempts.attempt_key(form))
    assert kept == replace(form, form_key=kept.form_key, career_stage=stage)


def test_what_a_form_said_is_forgotten_by_the_worker_after_half_an_hour(app: Flask) -> None:
    register(a_form(make_category()))
    assert forms.claim("worker") == []
    transact(
        lambda session: session.execute(
            update(AttemptRow).values(created_at=real_now() - timedelta(minutes=31))
        )
    )
    db.session.rollback()
    (found,) = forms.claim("worker")
    forms.run(found, "worker")
    db.session.rollback()
    assert forms.claim("worker") == []
    (row,) = db.session.scalars(select(AttemptRow))
    assert (row.payload, attempts.sent_address(row.form_key)) == (None, ("", False))


@pytest.mark.parametrize(
    "token",
    ["", "x", "1-1-AAAAAAAAAAAAAAAAAAAAAAAAAAA", "999-1-", "1-2-", "../1"],
)
def test_false_links_are_unknown(app: Flask, token: str) -> None:
    made = register_attendee(make_category())
    good = link_of(made, 1)
    for false in (token, token + good[4:] if token.endswith("-") else token, good[:-1], good + "A"):
        with pytest.raises(NotFoundError):
            registration_of(false)
    assert registration_of(good) == made


def test_addresses_are_compared_folded(app: Flask) -> None:
    assert address_key(" Åsa@Lab.Example ") == address_key("ÅSA@lab.example")
