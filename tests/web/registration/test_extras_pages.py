"""Extras on the public form, on the personal page and in the office."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import CategoryId
from conference.db.base import db
from conference.registration.extra_queries import extras, get_extra
from conference.registration.links import link_of
from conference.registration.model import Seats
from conference.registration.queries import count_registrations, find_live_by_address
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.extras import extra_ledger, extras_of, make_extra
from tests.factories.registration import make_category, register_attendee

FIELDS = {
    "given_name": "Åsa",
    "family_name": "Lindström",
    "affiliation": "KI",
    "country": "SE",
    "profession": "",
}


def send(client: FlaskClient, category: CategoryId, email: str, *extras: str) -> tuple[int, str]:
    token = hidden_fields(client.get("/register").text)
    sent = token | FIELDS | {"email": email, "category": str(category), "extras": list(extras)}
    answer = client.post("/register", data=sent)
    db.session.rollback()
    return answer.status_code, answer.text


def chosen(email: str) -> dict[str, str]:
    found = find_live_by_address(email)
    assert found is not None
    return extras_of(found.id)


def test_the_form_says_what_is_left_and_for_whom(app: Flask, client: FlaskClient) -> None:
    student = make_category("Student")
    make_category("Participant")
    make_extra("Lab visit", student, seats=12, description="In the afternoon", fee_minor=2500)
    page = client.get("/register").text
    for words in ("12 places left", "In the afternoon", "25 EUR", "Only for: Student"):
        assert words in page


def test_a_full_extra_comes_back_with_all_kept_and_its_waiting_list_offered(
    app: Flask, client: FlaskClient
) -> None:
    category = make_category()
    workshop = make_extra("Workshop", category, seats=1)
    assert send(client, category, "a@x.example", str(workshop))[0] == 303
    status, page = send(client, category, "b@x.example", str(workshop))
    assert status == 409
    assert "Workshop is full now." in page
    assert f'value="{workshop}w" checked' in page
    assert 'value="b@x.example"' in page
    assert count_registrations() == 1
    assert send(client, category, "b@x.example", f"{workshop}w")[0] == 303
    assert chosen("b@x.example") == {"Workshop": "waiting"}


def test_what_is_no_extra_is_not_ticked(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    make_extra("Workshop", category)
    assert send(client, category, "a@x.example", "x", "", "1 OR 1", "99999999999")[0] == 303
    assert chosen("a@x.example") == {}


def test_an_extra_retired_while_the_form_was_open_says_so_once(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    gone = make_extra("Workshop", category, is_retired=True)
    status, page = send(client, category, "a@x.example", str(gone))
    assert status == 422
    assert "no longer offered" in page
    assert send(client, category, "a@x.example")[0] == 303


def test_extras_are_added_and_dropped_by_link(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    workshop = make_extra("Workshop", category, seats=1)
    mine = register_attendee(category)
    url = f"/r/{link_of(mine, 1)}/extras"
    page = client.get(url).text
    assert "Add Workshop" in page
    token = {"csrf_token": hidden_fields(page)["csrf_token"]}
    assert client.post(url, data={"extras": str(workshop), "act": "add"}).status_code == 400
    assert client.post(url, data=token | {"extras": str(workshop), "act": "add"}).status_code == 303
    assert extra_ledger(workshop) == Seats(seats=1, taken=1, waiting=0)
    assert "Place confirmed" in client.get(f"/r/{link_of(mine, 1)}").text
    other = register_attendee(category, email="b@x.example", given_name="B")
    others = f"/r/{link_of(other, 1)}/extras"
    answer = client.post(others, data=token | {"extras": str(workshop), "act": "add"})
    assert (answer.status_code, "Join the waiting list of Workshop" in answer.text) == (409, True)
    assert client.post(url, data=token | {"extras": str(workshop), "act": "drop"}).status_code == 303
    assert extra_ledger(workshop) == Seats(seats=1, taken=0, waiting=0)


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.ORGANISER)
    return client


def test_the_office_makes_edits_and_deletes(office: FlaskClient) -> None:
    category = make_category()
    token = hidden_fields(office.get("/staff/extras/new").text)
    sent = token | {
        "name": "Dinner",
        "seats": "40",
        "place": "1",
        "currency": "EUR",
        "included": str(category),
    }
    assert office.post("/staff/extras/new", data=sent).status_code == 303
    db.session.rollback()
    (made,) = extras()
    assert (made.details.categories, made.details.included) == (frozenset({category}), frozenset({category}))
    again = office.post("/staff/extras/new", data=sent)
    assert (again.status_code, "Another extra is called Dinner" in again.text) == (409, True)
    url = f"/staff/extras/{made.id}"
    values = hidden_fields(office.get(url).text) | {
        "name": "Gala",
        "seats": "",
        "currency": "SEK",
        "fee": "120",
    }
    assert office.post(url, data=values).status_code == 303
    db.session.rollback()
    assert (get_extra(made.id).name, get_extra(made.id).details.fee_minor) == ("Gala", 12000)
    stale = office.post(url, data=values | {"name": "Other"})
    assert (stale.status_code, "Gala" in stale.text) == (409, True)
    for act in ("retire", "copy", "move"):
        revision = hidden_fields(office.get(url).text)
        assert office.post(f"{url}/{act}", data=revision).status_code == 303
    assert "Gala 2" in office.get("/staff/extras").text
    assert office.post(f"{url}/delete", data=values).status_code == 409
    assert office.post(f"{url}/delete", data=hidden_fields(office.get(url).text)).status_code == 303


def test_fewer_places_than_are_taken_need_a_tick(office: FlaskClient) -> None:
    category = make_category()
    dinner = make_extra("Dinner", category, included=frozenset({category}), seats=5)
    for number in range(2):
        register_attendee(category, email=f"{number}@x.example", given_name=str(number))
    url = f"/staff/extras/{dinner}"
    values = hidden_fields(office.get(url).text) | {"name": "Dinner", "seats": "1", "currency": "EUR"}
    assert office.post(url, data=values).status_code == 409
    assert office.post(url, data=values | {"fewer_are_meant": "y"}).status_code == 303
    assert "1 too many" in office.get("/staff/extras").text
    assert "Lindström" in office.get(f"{url}/people").text
    assert office.post(f"{url}/delete", data=hidden_fields(office.get(url).text)).status_code == 409


def test_the_desk_adds_for_somebody(office: FlaskClient) -> None:
    category = make_category()
    dinner = make_extra("Dinner", category)
    mine = register_attendee(category)
    url = f"/staff/registrations/{mine}/extras"
    token = {"csrf_token": hidden_fields(office.get(url).text)["csrf_token"]}
    assert office.post(url, data=token | {"extras": str(dinner), "act": "add"}).status_code == 303
    assert "Place confirmed" in office.get(f"/staff/registrations/{mine}").text
