"""The page of tags: counts, a new name, one that merges, and none at all."""

import re
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.listing import tags_of
from conference.registration.tagging import tag
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

URL = "/staff/tags"


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    """Three: the first VIP, the second VIP and guest, the third guest."""
    category = make_category()
    for number, words in enumerate((("VIP",), ("VIP", "guest"), ("guest",)), 1):
        one = register_attendee(category, email=f"n{number}@x.example")
        for word in words:
            transact(partial(tag, registration_id=one, word=word, actor=BY_SYSTEM))
    sign_in(client, Role.ORGANISER)
    return client


def press(client: FlaskClient, **fields: str) -> tuple[int, str]:
    answer = client.post(URL, data={"csrf_token": token_of(client, URL)} | fields)
    page = client.get(URL).text if answer.status_code == 303 else answer.text
    told = re.findall(
        r'role="status">([^<]+)<|role="alert".*?<li>\s*(?:<a[^>]*>)?([^<]+?)\s*<', page, re.DOTALL
    )
    return answer.status_code, "".join(told[0])


def tags() -> dict[int, tuple[str, ...]]:
    db.session.rollback()
    return tags_of([1, 2, 3])


def test_each_tag_is_shown_with_how_many_have_it(office: FlaskClient) -> None:
    (page,) = re.findall(r"<main.*?</main>", office.get(URL).text, re.DOTALL)
    assert re.findall(r"<bdi>([^<]+)</bdi>.*?>(\d+)</td>", page, re.DOTALL) == [("VIP", "2"), ("guest", "2")]
    assert f'href="{URL}"' in office.get("/staff/registrations").text


def test_a_tag_gets_a_new_name_and_the_history_says_so(office: FlaskClient) -> None:
    assert press(office, tag="VIP", name="Honoured", act="rename") == (
        303,
        "VIP is now called Honoured, on 2.",
    )
    assert tags() == {1: ("Honoured",), 2: ("Honoured", "guest"), 3: ("guest",)}
    assert len(history_of("registration", RegistrationId(1))) == 4


def test_a_name_that_is_taken_makes_one_of_two(office: FlaskClient) -> None:
    assert press(office, tag="VIP", name="guest", act="rename")[0] == 303
    assert tags() == {1: ("guest",), 2: ("guest",), 3: ("guest",)}


def test_its_own_name_changes_nothing(office: FlaskClient) -> None:
    assert press(office, tag="VIP", name="VIP", act="rename")[0] == 303
    assert tags() == {1: ("VIP",), 2: ("VIP", "guest"), 3: ("guest",)}


def test_a_tag_is_taken_off_everybody(office: FlaskClient) -> None:
    assert press(office, tag="guest", act="remove") == (303, "guest is taken off 2.")
    assert tags() == {1: ("VIP",), 2: ("VIP",)}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"tag": "VIP", "act": "rename"}, (400, "Write the new name of VIP.")),
        (
            {"tag": "VIP", "name": "x" * 41, "act": "rename"},
            (400, "New name: This text has 41 characters; 40 fit. Shorten it."),
        ),
        (
            {"tag": "nobody's", "name": "x", "act": "rename"},
            (409, "Nobody has the tag nobody&#39;s any more."),
        ),
        ({"tag": "nobody's", "act": "remove"}, (409, "Nobody has the tag nobody&#39;s any more.")),
        ({"tag": "VIP", "act": "dance"}, (400, "Press one of the buttons.")),
    ],
)
def test_what_cannot_be_done_is_said(
    office: FlaskClient, fields: dict[str, str], expected: tuple[int, str]
) -> None:
    status, said = press(office, **fields)
    assert (status, re.sub(r"<[^>]+>", "", said)) == expected
    assert tags() == {1: ("VIP",), 2: ("VIP", "guest"), 3: ("guest",)}
