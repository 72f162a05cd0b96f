"""Fields that a form does not offer are ignored, whoever sends them (trust.md 24)."""

from flask import Flask
from flask.testing import FlaskClient

from conference.accounts.queries import staff_members
from conference.accounts.service import invite
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.queries import search_people
from conference.registration.category_queries import categories
from conference.registration.queries import find_live_by_address
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category
from tests.factories.web import token_of

EXTRA = {
    "id": "1",
    "role": "organiser",
    "state": "confirmed",
    "revision_": "9",
    "link_version": "99",
    "is_demonstration": "y",
    "taken": "0",
    "password_hash": "x",
    "is_for_speakers": "y",
}


def test_a_form_of_the_public_confirms_nobody(client: FlaskClient) -> None:
    category = make_category(seats=0)
    full = make_category("Full", seats=1)
    for address, wanted in (("a@example.org", full), ("b@example.org", full), ("c@example.org", category)):
        data = {
            "csrf_token": token_of(client, "/register"),
            "given_name": "Åsa",
            "affiliation": "Lab",
            "country": "SE",
            "email": address,
            "category": str(wanted),
        }
        client.post("/register", data=EXTRA | data)
    db.session.remove()
    assert {one.name: (one.ledger.taken, one.ledger.waiting) for one in categories()} == {
        "Participant": (0, 0),
        "Full": (1, 1),
    }
    assert [person.link_version for person in search_people()] == [1, 1]
    found = {
        address: find_live_by_address(address)
        for address in ("a@example.org", "b@example.org", "c@example.org")
    }
    assert {address: one and one.state.value for address, one in found.items()} == {
        "a@example.org": "confirmed",
        "b@example.org": "waiting",
        "c@example.org": None,
    }


def test_a_link_and_a_password_change_give_no_role(client: FlaskClient, app: Flask) -> None:
    token = transact(lambda session: invite(session, "anna@example.org", Role.VIEWER))
    url = f"/staff/link/{token}"
    assert client.post(url, data=EXTRA | {"csrf_token": token_of(client, url)}).status_code == 303
    password = {"password": "a sentence of some length", "repeated": "a sentence of some length"}
    data = EXTRA | password | {"csrf_token": token_of(client, "/staff/password")}
    assert client.post("/staff/password", data=data).status_code == 303
    db.session.remove()
    (anna,) = staff_members()
    assert (anna.role, anna.has_password, anna.id) == (Role.VIEWER, True, anna.id)


def test_the_office_sets_only_what_its_forms_offer(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    data = {
        "csrf_token": token_of(client, "/staff/event/facts"),
        "revision": "1",
        "title": "T",
        "city": "C",
        "first_day": "2022-09-22",
        "last_day": "2022-09-23",
    }
    assert client.post("/staff/event/facts", data=EXTRA | data).status_code == 303
    person = EXTRA | {"csrf_token": data["csrf_token"], "given_name": "Åsa"}
    assert client.post("/staff/people/new", data=person).status_code == 303
    db.session.remove()
    assert (get_event().title, get_event().is_demonstration) == ("T", False)
    assert [(one.link_version, one.revision) for one in search_people()] == [(1, 1)]
