"""The personal link once more: the page says the same to everybody, and only the holder gets a mail."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements
from conference.registration.lost_links import lost_links
from conference.registration.tables import LostLinkRow
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, withdraw
from tests.factories.web import token_of

URL = "/register/lost-link"


@pytest.fixture
def asa(app: Flask) -> RegistrationId:
    made = register_attendee(make_category())
    db.session.rollback()
    return made


def ask(client: FlaskClient, email: str) -> tuple[int, str, int]:
    """Return status, the page without its token, and how many statements the answer took."""
    data = {"csrf_token": token_of(client, URL), "email": email}
    with counted_statements() as statements:
        answer = client.post(URL, data=data)
    return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text), len(statements)


def work() -> None:
    for one in lost_links.claim("worker"):
        db.session.rollback()
        lost_links.run(one, "worker")
    db.session.rollback()


def test_known_and_unknown_addresses_get_the_same_answer(client: FlaskClient, asa: RegistrationId) -> None:
    known, unknown = ask(client, " ASA@lab.example "), ask(client, "nobody@lab.example")
    assert known == unknown
    assert known[0] == 200
    assert "If somebody is registered with this address" in known[1]
    work()
    assert kinds(asa) == ["confirmation", "lost_link"]
    assert db.session.scalars(select(LostLinkRow)).all() == []


def test_a_mailbox_cannot_be_filled(client: FlaskClient, asa: RegistrationId) -> None:
    for _ in range(3):
        ask(client, "asa@lab.example")
        ask(client, "asa@lab.example")
        work()
    assert kinds(asa) == ["confirmation", "lost_link"]


def test_who_withdrew_gets_none(client: FlaskClient, asa: RegistrationId) -> None:
    withdraw(asa)
    ask(client, "asa@lab.example")
    work()
    assert kinds(asa) == ["confirmation", "withdrawn"]


@pytest.mark.parametrize(
    ("email", "remedy"),
    [("", "Enter your e-mail address."), ("nonsense", "Enter an e-mail address in the form")],
)
def test_what_is_no_address_is_refused(client: FlaskClient, email: str, remedy: str) -> None:
    status, page, _ = ask(client, email)
    assert (status, remedy in page) == (400, True)
    assert client.post(URL, data={"email": "asa@lab.example"}).status_code == 400
