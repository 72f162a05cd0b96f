"""An error below 500 leaves whoever is signed in within the office, with the menu that is theirs."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from conference.accounts.desk_codes import come_in, make_code
from conference.accounts.model import Browser
from conference.core.clock import STOCKHOLM, real_now
from conference.db.work import counted_statements, transact
from conference.web import errors
from conference.web.access import Role
from conference.web.registry import page_facts
from tests.factories.accounts import make_member, sign_in, stand_in

OUT_OF_OFFICE = ("Staff sign-in", "To the home page", "registration are linked above", "site-head")
MENU = re.compile(r'<nav aria-label="Office">.*?</nav>', re.DOTALL)


def come_in_by_code(client: FlaskClient) -> None:
    organiser, now = make_member(Role.ORGANISER), real_now()
    code = transact(
        lambda session: make_code(
            session, "Entrance", now.astimezone(STOCKHOLM).date(), staff_id=organiser, now=now
        )
    )
    stand_in(client, transact(lambda session: come_in(session, code, "Eva Ek", now=now, browser=Browser())))


def menu_of(page: str) -> list[str]:
    (found,) = MENU.findall(page)
    return re.findall(r'href="([^"]*)"', found)


@pytest.mark.parametrize("who", ["viewer", "desk", "by code", "organiser"])
def test_staff_stay_in_the_office(client: FlaskClient, who: str) -> None:
    if who == "by code":
        come_in_by_code(client)
    else:
        sign_in(client, Role(who))
    own = menu_of(client.get("/staff/").text)
    answers = [
        client.get("/staff/no-such-page"),
        client.get("/staff/registrations/99999"),
        client.post("/staff/people"),
        *([] if who == "organiser" else [client.get("/staff/accounts")]),
    ]
    assert [one.status_code for one in answers] == [404, 403 if who == "viewer" else 404, 405, 403][
        : len(answers)
    ]
    for answer in answers:
        assert menu_of(answer.text) == own
        assert [words for words in OUT_OF_OFFICE if words in answer.text] == []
        assert '<a href="/staff/">To the office’s first page</a>' in answer.text
        assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text
    assert "What you may open stands in the menu above." in answers[0].text


def test_who_is_not_signed_in_is_told_nothing_of_the_office(client: FlaskClient) -> None:
    for path in ("/staff/no-such-page", "/staffing", "/no-such-page"):
        page = client.get(path).text
        assert "site-head" in page
        assert "office-head" not in page
    sign_in(client, Role.ORGANISER)
    assert "site-head" in client.get("/staffing").text


def test_two_kinds_of_nothing_have_one_wording(client: FlaskClient) -> None:
    def main(path: str) -> str:
        return client.get(path).text.split("<main", 1)[1].split("If you write to us", 1)[0]

    assert main("/no-such-page") == main("/r/17-1-" + "a" * 27)
    sign_in(client, Role.ORGANISER)
    assert main("/staff/no-such-page") == main("/staff/registrations/99999")


def away(*_: object) -> None:
    raise OperationalError("SELECT 1", {}, Exception("away"))


@pytest.mark.parametrize("what", ["the account", "the frame"])
def test_an_error_is_told_where_the_database_is_away(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    sign_in(client, Role.ORGANISER)
    if what == "the account":
        monkeypatch.setattr(errors, "current_principal", away)
    else:
        monkeypatch.setattr(page_facts, "get", lambda _name: away)
    answer = client.get("/staff/no-such-page")
    assert (answer.status_code, "site-head" in answer.text) == (404, True)
    assert "There is nothing here" in answer.text


def test_from_500_up_nobody_is_asked_who_is_there(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    found = client.get_cookie("conference")
    assert found is not None
    cookie = {"Cookie": f"conference={found.value}"}
    with app.test_request_context("/staff/", headers=cookie), counted_statements() as statements:
        page = errors.error_page(503, "Away", "Come again.").get_data(as_text=True)
    assert statements == []
    assert "site-head" in page
