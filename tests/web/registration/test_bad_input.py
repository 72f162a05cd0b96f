"""Bad input of the public form that no other file tries: names, addresses, and what changed while the form was open."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import transact
from conference.people.queries import get_person
from conference.registration.links import link_of
from conference.registration.model import Registration
from conference.registration.queries import find_live_by_address
from conference.registration.question_queries import values_of
from conference.registration.question_service import retire_question
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.questions import make_question
from tests.factories.registration import make_category

FIELDS = {"given_name": "Åsa", "email": "a@x.example", "affiliation": "KI", "country": "SE", "category": "1"}


def made(email: str = "a@x.example") -> Registration:
    db.session.rollback()
    found = find_live_by_address(email)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["Å", "x" * 120, "O'Neill", "<b>Bo</b>", "de la Cruz-McDONALD"])
def test_a_name_is_kept_as_typed_and_shown_as_text(app: Flask, client: FlaskClient, name: str) -> None:
    make_category()
    sent = hidden_fields(client.get("/register").text) | FIELDS | {"given_name": name}
    assert client.post("/register", data=sent).status_code == 303
    one = made()
    assert get_person(one.person_id).details.given_name == name
    sign_in(client, Role.DESK)
    for page in (f"/r/{link_of(one.id, 1)}", f"/staff/registrations/{one.id}", "/staff/registrations"):
        text = client.get(page).text
        assert (str(escape(name)) in text, "<b>Bo" in text) == (True, False), page


def test_a_domain_beyond_ascii_is_taken_and_a_name_before_it_is_not(client: FlaskClient) -> None:
    make_category()
    sent = hidden_fields(client.get("/register").text) | FIELDS
    refused = client.post("/register", data=sent | {"email": "åsa@x.example"})
    assert refused.status_code == 400
    assert "Enter an e-mail address in the form name@hospital.example." in refused.text
    assert 'value="åsa@x.example"' in refused.text
    assert client.post("/register", data=sent | {"email": "a@straße.example"}).status_code == 303
    assert made("a@xn--strae-oqa.example").email == "a@xn--strae-oqa.example"


@pytest.mark.parametrize("is_required", [False, True])
def test_an_answer_to_a_question_retired_meanwhile_is_dropped_and_the_rest_is_kept(
    client: FlaskClient, is_required: bool
) -> None:
    make_category()
    gone, stays = make_question("Gone", is_required=is_required), make_question("Stays")
    sent = hidden_fields(client.get("/register").text) | FIELDS | {f"q{gone}": "x", f"q{stays}": "y"}
    transact(lambda session: retire_question(session, gone, 1, is_retired=True, actor=BY_SYSTEM))
    assert client.post("/register", data=sent).status_code == 303
    assert values_of(made().id) == {stays: "y"}


def test_a_category_whose_time_ran_out_in_an_old_tab_says_so_and_keeps_the_form(client: FlaskClient) -> None:
    make_category(closes_at=clock.now() + timedelta(hours=1))
    make_category("Guest")
    sent = hidden_fields(client.get("/register").text) | FIELDS
    clock.shift(clock.offset + timedelta(hours=1))
    answer = client.post("/register", data=sent)
    assert answer.status_code == 422
    assert "Registration as Participant is closed. Choose another category" in answer.text
    assert 'value="Åsa"' in answer.text
    assert find_live_by_address("a@x.example") is None
