"""Sensitive answers, such as access needs, are on one person's page alone, behind a button that notes who looked."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.registration.queries import find_live_by_address
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.questions import make_question
from tests.factories.registration import make_category
from tests.factories.web import token_of

ANSWER = "Wheelchairuser"
FIELDS = {"given_name": "Åsa", "email": "a@x.example", "affiliation": "KI", "country": "SE", "category": "1"}
PAGES = (
    "/staff/registrations",
    "/staff/registrations?column=tags&column=profession&column=state",
    "/staff/registrations/many",
    "/staff/registrations/mail",
    "/staff/registrations/1",
    "/staff/registrations/1/change",
    "/staff/registrations/export?format=csv",
    "/staff/registrations/export?format=xlsx",
    "/staff/approvals",
    "/staff/figures",
    "/staff/people",
    "/staff/people/1",
    "/staff/mails",
    "/staff/mails/1",
    "/staff/badges",
    "/staff/walk-in/1",
    "/staff/",
)


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    """One who waits for approval, with one sensitive answer and one that is none."""
    make_category(needs_approval=True)
    needs, topic = make_question("Access needs", is_sensitive=True), make_question("Topic")
    answers = {f"q{needs}": ANSWER, f"q{needs}-consent": "y", f"q{topic}": "Genomics"}
    sent = hidden_fields(client.get("/register").text) | FIELDS | answers
    assert client.post("/register", data=sent).status_code == 303
    db.session.rollback()
    assert find_live_by_address("a@x.example") is not None
    sign_in(client, Role.ORGANISER)
    return client


def words_of(answer: TestResponse) -> str:
    """Return what a page or a file says; a workbook is an archive of pages."""
    if answer.data.startswith(b"PK"):
        with ZipFile(BytesIO(answer.data)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("page", PAGES)
def test_no_list_export_or_queue_shows_it(office: FlaskClient, page: str) -> None:
    answer = office.get(page)
    assert (answer.status_code, ANSWER in words_of(answer)) == (200, False)


def test_the_approvals_show_the_other_answer(office: FlaskClient) -> None:
    """The control: an answer that is not sensitive is found by what the tests look with."""
    assert "Genomics" in words_of(office.get("/staff/approvals"))
    assert "Access needs" not in words_of(office.get("/staff/approvals"))


def test_no_search_finds_it(office: FlaskClient) -> None:
    for page in (f"/staff/registrations?text={ANSWER}", f"/staff/people?text={ANSWER}"):
        assert "Åsa" not in office.get(page).text, page
    assert "Åsa" in office.get("/staff/registrations?text=asa").text


def test_the_button_on_the_one_page_shows_it(office: FlaskClient) -> None:
    page = f"/staff/registrations/{RegistrationId(1)}"
    answer = office.post(f"{page}/sensitive", data={"csrf_token": token_of(office, page)})
    assert (answer.status_code, ANSWER in answer.text) == (200, True)
