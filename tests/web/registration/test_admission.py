"""The pages of who waits: the queue, the approvals, the offer on the personal page."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements
from conference.registration.category_queries import get_category
from conference.registration.links import link_of
from conference.registration.model import Seats, State
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, registration, withdraw
from tests.factories.web import token_of


@pytest.fixture
def queue(app: Flask) -> list[RegistrationId]:
    """One on the only seat, two who wait."""
    category = make_category(seats=1)
    made = [register_attendee(category, email=f"{n}@x.example", given_name=n) for n in ("Åsa", "Bo", "Li")]
    db.session.rollback()
    return made


def own(one: RegistrationId) -> str:
    return f"/r/{link_of(one, registration(one).link_version)}"


def test_an_offer_is_accepted_by_a_button_and_not_by_following_the_link(
    client: FlaskClient, queue: list[RegistrationId]
) -> None:
    withdraw(queue[0])
    page = client.get(own(queue[1])).text
    assert "A place is kept for you until 7 September 2022, 08:0" in page
    assert client.get(f"{own(queue[1])}/accept").status_code == 405
    assert client.post(f"{own(queue[1])}/accept").status_code == 400
    assert registration(queue[1]).state is State.OFFERED
    token = token_of(client, own(queue[1]))
    answer = client.post(f"{own(queue[1])}/accept", data={"csrf_token": token})
    assert (answer.status_code, registration(queue[1]).state) == (303, State.CONFIRMED)
    again = client.post(f"{own(queue[1])}/accept", data={"csrf_token": token})
    assert (again.status_code, "This place is no longer offered to you." in again.text) == (409, True)


def test_an_offer_that_is_over_says_so_and_has_no_button(
    client: FlaskClient, queue: list[RegistrationId]
) -> None:
    withdraw(queue[0])
    token = token_of(client, own(queue[1]))
    clock.shift(clock.offset + timedelta(hours=49))
    page = client.get(own(queue[1])).text
    assert ("and is no longer offered." in page, "Accept the place" in page) == (True, False)
    answer = client.post(f"{own(queue[1])}/accept", data={"csrf_token": token})
    assert (answer.status_code, registration(queue[1]).state) == (409, State.OFFERED)


def test_the_desk_sees_the_queue_and_gives_a_place_over_the_limit(
    client: FlaskClient, queue: list[RegistrationId]
) -> None:
    sign_in(client, Role.DESK)
    page = client.get("/staff/categories/1/waiting").text
    assert page.index("Bo Lindström") < page.index("Li Lindström")
    # The way back is to a list that the desk may open.
    assert ('href="/staff/registrations"' in page, 'href="/staff/categories"' in page) == (True, False)
    url = f"/staff/registrations/{queue[2]}/admit"
    token = token_of(client, url)
    sent = {"csrf_token": token, "how": "free", "reason": ""}
    assert client.post(url, data={"csrf_token": token}).status_code == 400
    refused = client.post(url, data=sent)
    assert (refused.status_code, "Say why, for the history." in refused.text) == (422, True)
    refused = client.post(url, data=sent | {"reason": "chairs a session"})
    assert (refused.status_code, "No place is free in Participant." in refused.text) == (409, True)
    assert 'value="chairs a session"' in refused.text
    answer = client.post(url, data=sent | {"reason": "chairs a session", "how": "over"})
    assert answer.status_code == 303
    assert registration(queue[2]).state is State.CONFIRMED
    assert get_category(CategoryId(1)).ledger == Seats(seats=1, taken=1, waiting=1, over=1)
    late = client.post(url, data=sent | {"reason": "again", "how": "over"})
    assert late.status_code == 409
    assert "chairs a session" in client.get(f"/staff/registrations/{queue[2]}").text


def test_who_was_withdrawn_by_mistake_is_brought_back(
    client: FlaskClient, queue: list[RegistrationId]
) -> None:
    withdraw(queue[2])
    sign_in(client, Role.DESK)
    page = f"/staff/registrations/{queue[2]}"
    answer = client.post(f"{page}/restore", data={"csrf_token": token_of(client, page)})
    assert (answer.status_code, registration(queue[2]).state) == (303, State.WAITING)
    stale = client.post(f"{page}/restore")
    assert stale.status_code == 303
    assert "This page was open too long." in client.get(page).text


@pytest.fixture
def ten(app: Flask) -> list[RegistrationId]:
    """Ten who wait for approval, for eight places."""
    category = make_category("Industry", seats=8, needs_approval=True)
    made = [register_attendee(category, email=f"n{n}@x.example", given_name=f"N{n}") for n in range(10)]
    db.session.rollback()
    return made


def test_ten_are_approved_at_once_through_the_ledger(client: FlaskClient, ten: list[RegistrationId]) -> None:
    sign_in(client, Role.ORGANISER)
    assert "10 wait for approval" in client.get("/staff/registrations").text
    sent = {"csrf_token": token_of(client, "/staff/approvals"), "chosen": [str(one) for one in ten]}
    answer = client.post("/staff/approvals", data=sent | {"answer": "approve"})
    assert answer.status_code == 303
    assert "10 answered, each by a mail." in client.get("/staff/approvals").text
    states = [registration(one).state for one in ten]
    assert states == [State.CONFIRMED] * 8 + [State.WAITING] * 2
    late = client.post("/staff/approvals", data=sent | {"answer": "approve"})
    assert (late.status_code, "Tick those whom the answer is for." in late.text) == (400, True)


def test_declining_needs_a_reason_and_keeps_what_was_ticked(
    client: FlaskClient, ten: list[RegistrationId]
) -> None:
    sign_in(client, Role.ORGANISER)
    sent = {"csrf_token": token_of(client, "/staff/approvals"), "chosen": [str(ten[3])]}
    refused = client.post("/staff/approvals", data=sent | {"answer": "decline"})
    assert (refused.status_code, "Say why. The mail tells it." in refused.text) == (400, True)
    assert refused.text.count(" checked") == 1
    assert client.post("/staff/approvals", data=sent | {"answer": "burn"}).status_code == 400
    answer = client.post("/staff/approvals", data=sent | {"answer": "decline", "reason": "No stands"})
    assert (answer.status_code, registration(ten[3]).state) == (303, State.DECLINED)
    assert kinds(ten[3]) == ["pending", "declined"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_whatever_their_length(client: FlaskClient, app: Flask, count: int) -> None:
    from_approval = make_category("Industry", seats=8, needs_approval=True)
    full = make_category(seats=1)
    for number in range(count + 1):
        register_attendee(full, email=f"w{number}@x.example", given_name=f"W{number}")
    for number in range(count):
        register_attendee(from_approval, email=f"n{number}@x.example", given_name=f"N{number}")
    sign_in(client, Role.ORGANISER)
    client.get("/staff/approvals")
    with counted_statements() as statements:
        client.get("/staff/approvals")
    approvals = len([one for one in statements if one.startswith("SELECT")])
    with counted_statements() as statements:
        client.get(f"/staff/categories/{full}/waiting")
    waiting = len([one for one in statements if one.startswith("SELECT")])
    assert (approvals, waiting) == (7, 8)
