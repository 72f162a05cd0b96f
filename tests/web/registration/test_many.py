"""Many at once: each act, for those ticked and for all of the filter, and the report of what could not be done."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.registration.category_queries import get_category
from conference.registration.listing import tags_of
from conference.registration.model import State
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, registration, withdraw
from tests.factories.web import token_of

URL = "/staff/registrations/many"


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    """Two participants, the second withdrawn; one of the press, pending; one seat for guests."""
    category, press = make_category(), make_category("Press", needs_approval=True)
    make_category("Guest", seats=1)
    for number, kind in enumerate((category, category, press), 1):
        register_attendee(kind, email=f"n{number}@x.example")
    withdraw(RegistrationId(2))
    sign_in(client, Role.ORGANISER)
    return client


def states() -> list[State]:
    return [registration(RegistrationId(number)).state for number in (1, 2, 3)]


def do(client: FlaskClient, query: str, count: int, **fields: str) -> tuple[int, list[str]]:
    """Return the status, and what the page reports or refuses."""
    data = {"csrf_token": token_of(client, f"{URL}?{query}"), "count": str(count)} | fields
    answer = client.post(f"{URL}?{query}", data=data)
    told = re.findall(r'role="status">([^<]+)<', answer.text)
    return answer.status_code, told


def test_those_ticked_are_tagged_and_untagged(office: FlaskClient) -> None:
    assert do(office, "chosen=1&chosen=3", 2, act="tag", tag="VIP")[1][0] == "Done for 2."
    db.session.rollback()
    assert tags_of([1, 2, 3]) == {1: ("VIP",), 3: ("VIP",)}
    do(office, "tag=VIP", 2, act="untag", tag="VIP")
    db.session.rollback()
    assert tags_of([1, 2, 3]) == {}


def test_who_cannot_be_cancelled_is_reported_and_the_rest_is_done(office: FlaskClient) -> None:
    status, told = do(office, "", 3, act="cancel", reason="moved online")
    assert (status, told[0]) == (200, "Done for 2, not for 1.")
    assert states() == [State.CANCELLED, State.WITHDRAWN, State.CANCELLED]
    assert kinds(RegistrationId(1))[-1] == "withdrawn"


def test_approval_takes_a_place(office: FlaskClient) -> None:
    assert do(office, "state=pending", 1, act="approve")[0] == 200
    assert states()[2] is State.CONFIRMED
    assert get_category(CategoryId(2)).ledger.taken == 1


def test_moving_goes_through_both_ledgers(office: FlaskClient) -> None:
    register_attendee(CategoryId(1), email="n4@x.example")
    assert do(office, "", 4, act="category", category="3")[1][0] == "Done for 2, not for 2."
    moved = [registration(RegistrationId(number)) for number in (1, 4)]
    assert [(one.category_id, one.state) for one in moved] == [(3, State.CONFIRMED), (3, State.WAITING)]
    ledgers = [get_category(CategoryId(number)).ledger for number in (1, 3)]
    assert [(one.taken, one.waiting) for one in ledgers] == [(0, 0), (1, 1)]
    assert kinds(RegistrationId(4))[-1] == "waiting"


@pytest.mark.parametrize(
    ("query", "count", "fields", "said"),
    [
        ("", 3, {"act": "dance"}, "Press one of the buttons."),
        ("", 2, {"act": "approve"}, "The list has changed meanwhile: now it is 3."),
        ("text=nobody", 0, {"act": "approve"}, "Nobody is chosen."),
        ("ticked=1", 0, {"act": "approve"}, "Nobody is chosen."),
        ("", 3, {"act": "tag"}, "Write the tag."),
        ("", 3, {"act": "category"}, "Choose the category."),
        ("", 3, {"act": "cancel"}, "Say why, for the history."),
    ],
)
def test_what_is_missing_is_asked_for(
    office: FlaskClient, query: str, count: int, fields: dict[str, str], said: str
) -> None:
    data = {"csrf_token": token_of(office, f"{URL}?{query}"), "count": str(count)} | fields
    answer = office.post(f"{URL}?{query}", data=data)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert states() == [State.CONFIRMED, State.WITHDRAWN, State.PENDING]


def test_the_buttons_say_how_many(office: FlaskClient) -> None:
    page = office.get(f"{URL}?chosen=1&chosen=3").text
    assert "Tag 2" in page
    assert "/staff/badges?chosen=1&amp;chosen=3" in page
    assert 'name="chosen"' in office.get("/staff/registrations").text


def test_who_could_not_be_done_is_named_with_the_reason(office: FlaskClient) -> None:
    data = {"csrf_token": token_of(office, URL), "count": "3", "act": "approve"}
    page = office.post(URL, data=data).text
    report = page[page.index('id="not-done"') :]
    numbers = [registration(RegistrationId(number)).number for number in (1, 2)]
    assert re.findall(r">([0-9A-Z]{6})</a>: ([^<]+?)\s*<", report) == [
        (numbers[0], "The state of this registration does not allow that any more. Load the page again."),
        (numbers[1], "The state of this registration does not allow that any more. Load the page again."),
    ]
