"""The desk's walk-in: through the ledger, with or without an address, and no double by mistake."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.people.queries import get_person
from conference.registration.model import Access, Seats, State
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, registration, withdraw
from tests.factories.web import token_of

URL = "/staff/walk-in"
BO = {"given_name": "Bo", "family_name": "Ek", "affiliation": "KI", "country": "SE", "category": "1"}
THURSDAY = datetime.fromisoformat("2022-09-22T09:00+02:00")


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """One place, free; nobody is registered."""
    make_category(seats=1)
    sign_in(client, Role.DESK)
    return client


def send(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(URL, data=BO | {"csrf_token": token_of(client, URL)} | fields)


def made(answer: TestResponse) -> RegistrationId:
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
    return RegistrationId(int(answer.headers["Location"].rsplit("/", 1)[1]))


def test_a_walk_in_takes_the_place_and_is_mailed_and_printed(desk: FlaskClient) -> None:
    one = made(send(desk, email="bo@x.example", no_photographs="y"))
    stands = registration(one)
    assert (stands.state, stands.email, stands.no_photographs) == (State.CONFIRMED, "bo@x.example", True)
    assert ledger(CategoryId(1)) == Seats(seats=1, taken=1, waiting=0)
    assert kinds(one) == ["confirmation"]
    assert [(entry.action, entry.actor.kind) for entry in history_of("registration", one)] == [
        ("registered", "staff")
    ]
    page = desk.get(f"{URL}/{one}").text
    found = re.search(r'action="(/staff/registrations/\d+/badge)"', page)
    assert found
    sent = desk.post(found[1], data={"csrf_token": token_of(desk, f"{URL}/{one}")})
    printed = desk.get(sent.location)
    assert (printed.status_code, printed.content_type) == (200, "application/pdf")


def test_two_without_an_address_are_two_and_get_no_mail(desk: FlaskClient) -> None:
    make_category("Guest")
    first = made(send(desk, category="2"))
    second = made(send(desk, category="2", given_name="Li"))
    assert [(registration(one).email, kinds(one)) for one in (first, second)] == [("", []), ("", [])]
    withdraw(first)
    assert (registration(first).state, kinds(first)) == (State.WITHDRAWN, [])
    page = desk.get(f"/staff/registrations/{second}").text
    assert "Send the confirmation again" not in page
    token = token_of(desk, f"/staff/registrations/{second}/change")
    answer = desk.post(f"/staff/registrations/{second}/send-again", data={"csrf_token": token})
    assert (answer.status_code, "has no e-mail address" in answer.text) == (409, True)


def change(client: FlaskClient, one: RegistrationId, email: str) -> TestResponse:
    page = f"/staff/registrations/{one}/change"
    form = client.get(page).text
    values = dict(re.findall(r'name="(revision|person_revision|csrf_token)"[^>]*value="([^"]*)"', form))
    names = {name: BO[name] for name in ("given_name", "family_name", "affiliation", "country")}
    return client.post(page, data=values | names | {"email": email, "profession": ""})


def test_an_address_can_be_given_later_and_not_be_taken_away(desk: FlaskClient) -> None:
    one = made(send(desk))
    assert change(desk, one, "").status_code == 303
    assert change(desk, one, "bo@x.example").status_code == 303
    assert (registration(one).email, kinds(one)) == ("bo@x.example", ["confirmation"])
    assert get_person(registration(one).person_id).details.email == "bo@x.example"
    answer = change(desk, one, "")
    assert (answer.status_code, "links to this registration went to" in answer.text) == (422, True)


def test_a_full_category_asks_what_then(desk: FlaskClient) -> None:
    register_attendee(CategoryId(1))
    refused = send(desk)
    assert (refused.status_code, "has no free place for a newcomer" in refused.text) == (409, True)
    assert 'name="when_full"' in refused.text
    assert 'value="Bo"' in refused.text
    missing = send(desk, when_full="over")
    assert (missing.status_code, "Say why, for the history." in missing.text) == (422, True)
    waits = made(send(desk, when_full="wait"))
    assert registration(waits).state is State.WAITING
    assert "There is a badge once there is a place." in desk.get(f"{URL}/{waits}").text
    over = made(send(desk, when_full="over", reason="invited speaker's guest", given_name="Li"))
    assert (registration(over).state, registration(over).is_over_limit) == (State.CONFIRMED, True)
    assert ledger(CategoryId(1)) == Seats(seats=1, taken=1, waiting=1, over=1)
    told = [(entry.action, entry.reason) for entry in history_of("registration", over)]
    assert ("admitted over the limit", "invited speaker's guest") in told
    withdraw(over)
    assert ledger(CategoryId(1)) == Seats(seats=1, taken=1, waiting=1)


def test_who_cannot_be_asked_gets_the_place_that_is_free(desk: FlaskClient) -> None:
    holder = register_attendee(CategoryId(1))
    waits = made(send(desk, when_full="wait"))
    withdraw(holder)
    assert (registration(waits).state, kinds(waits)) == (State.CONFIRMED, [])
    assert ledger(CategoryId(1)) == Seats(seats=1, taken=1, waiting=0)


def test_the_same_name_is_shown_before_a_double_is_made(desk: FlaskClient) -> None:
    make_category("Guest")
    one = register_attendee(CategoryId(2), email="old@x.example", given_name="bo", family_name="ÉK")
    refused = send(desk)
    assert (refused.status_code, "is registered already" in refused.text) == (409, True)
    assert f'href="/staff/registrations/{one}"' in refused.text
    again = made(send(desk, other_than=str(one)))
    assert registration(again).state is State.CONFIRMED
    assert send(desk, other_than=str(one), category="2").status_code == 409  # the second press


def test_the_same_address_is_refused_with_a_link(desk: FlaskClient) -> None:
    make_category("Guest")
    one = register_attendee(CategoryId(2), email="old@x.example")
    refused = send(desk, email="OLD@x.example", other_than=str(one))
    assert (refused.status_code, "Another registration has this address." in refused.text) == (409, True)
    assert f'href="/staff/registrations/{one}"' in refused.text


def test_a_closed_category_is_open_on_the_days_of_the_event(desk: FlaskClient) -> None:
    make_category("Press", access=Access.INVITED, closes_at=clock.now() - timedelta(days=1))
    refused = send(desk, category="2")
    assert (refused.status_code, "Registration as Press is closed." in refused.text) == (422, True)
    assert "Press" not in desk.get(URL).text
    clock.begin_at(THURSDAY)
    assert "Press" in desk.get(URL).text
    assert registration(made(send(desk, category="2"))).state is State.CONFIRMED


@pytest.mark.parametrize(
    ("role", "expected"), [(Role.DESK, State.PENDING), (Role.ORGANISER, State.CONFIRMED)]
)
def test_where_approval_is_needed_an_organiser_gives_it_by_registering(
    desk: FlaskClient, role: Role, expected: State
) -> None:
    make_category("Press", needs_approval=True)
    sign_in(desk, role)
    assert registration(made(send(desk, category="2"))).state is expected


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"given_name": ""}, "Enter the given name."),
        ({"affiliation": ""}, "Enter the affiliation."),
        ({"country": ""}, "Choose the country of the affiliation."),
        ({"country": "ZZ"}, "Choose a country of the list."),
        ({"category": ""}, "Choose the category."),
        ({"category": "77"}, "This category is no longer offered."),
        ({"email": "nobody"}, "Enter an e-mail address in the form"),
        ({"family_name": "x" * 121}, "121 characters; 120 fit"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    desk: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = send(desk, **fields)
    assert (answer.status_code in {400, 422}, said in answer.text) == (True, True)
    kept = {name: value for name, value in (BO | fields).items() if name in {"given_name", "affiliation"}}
    assert all(f'value="{value}"' in answer.text for value in kept.values())
    db.session.rollback()
    assert ledger(CategoryId(1)) == Seats(seats=1, taken=0, waiting=0)
