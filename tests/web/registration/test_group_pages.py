"""A delegation from the form to the group's page, without a script."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.mail.queries import mails_about
from conference.registration.group_links import group_token
from conference.registration.group_queries import members_of
from conference.registration.model import State
from conference.registration.queries import count_registrations, get_registration
from tests.benchmarks.servers import hidden_fields
from tests.factories.registration import make_category

FORM = "/register/group"


@pytest.fixture
def category(app: Flask) -> CategoryId:
    made = make_category(seats=3)
    db.session.rollback()
    return made


def filled(client: FlaskClient, category: CategoryId, **changed: str) -> dict[str, str]:
    fields = {
        "given_name": "Kim",
        "family_name": "Berg",
        "email": "kim@hospital.example",
        "affiliation": "Example Hospital",
        "country": "SE",
        "category": str(category),
        "people-0-given_name": "Ana",
        "people-0-email": "ana@x.example",
        "people-1-given_name": "Bo",
        "people-1-no_photographs": "y",
    }
    return hidden_fields(client.get(FORM).text) | fields | {"act": "register"} | changed


def test_a_group_is_registered_and_everybody_gets_a_mail(client: FlaskClient, category: CategoryId) -> None:
    answer = client.post(FORM, data=filled(client, category))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register/group/sent")
    assert "kim@hospital.example" in client.get("/register/group/sent").text
    db.session.rollback()
    found = [(one.name, one.email, one.is_shown, one.state) for one in members_of(1)]
    assert found == [
        ("Ana", "ana@x.example", False, None),
        ("Bo", "kim@hospital.example", True, State.CONFIRMED),
    ]
    assert [mail.kind for mail in mails_about("registration_group", 1)] == ["group_overview"]
    assert get_registration(RegistrationId(1)).no_photographs
    page = client.get(f"/g/{group_token(1, 1)}").text
    assert "Answered by mail" in page
    assert get_registration(RegistrationId(1)).number in page


def test_more_rows_keep_what_is_typed(client: FlaskClient, category: CategoryId) -> None:
    page = client.post(FORM, data=filled(client, category, act="rows")).text
    assert page.count("<legend>Person ") == 8
    for part in ('value="Ana"', 'value="ana@x.example"', 'value="Bo"'):
        assert part in page
    assert re.search(r'name="people-1-no_photographs"[^>]*checked|checked[^>]*people-1-no_photographs', page)
    assert count_registrations() == 0
