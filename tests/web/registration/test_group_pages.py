"""A delegation from the form to the group's page, without a script."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.mail.queries import mails_about
from conference.people.queries import get_person
from conference.registration.category_queries import get_category
from conference.registration.group_links import group_token
from conference.registration.group_queries import members_of
from conference.registration.links import link_of
from conference.registration.model import Registration, Seats, State
from conference.registration.queries import choices_of, count_registrations, get_registration
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee

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


def test_each_error_names_row_and_field_and_nothing_is_lost(
    client: FlaskClient, category: CategoryId
) -> None:
    wrong = {"people-0-email": "ana at x", "people-2-family_name": "Cato", "people-1-profession": "wizard"}
    wrong["people-0-family_name"] = "E\x07k"
    answer = client.post(FORM, data=filled(client, category, **wrong))
    assert answer.status_code == 400
    for words in (
        "Person 1: Enter an e-mail address in the form name@hospital.example.",
        "Person 1: Family name: This text holds a character that cannot be printed (U+0007).",
        "Person 2: Choose a profession of the list, or no answer.",
        "Person 3: Enter the given name.",
    ):
        assert words in answer.text
    for kept in ('value="ana at x"', 'value="Cato"', 'value="Bo"', 'value="Kim"'):
        assert kept in answer.text
    assert count_registrations() == 0


def test_a_person_named_twice_is_shown_at_the_row(client: FlaskClient, category: CategoryId) -> None:
    twice = {"people-1-email": "ANA@x.example"}
    answer = client.post(FORM, data=filled(client, category, **twice))
    assert answer.status_code == 422
    assert '<a href="#people-1-email">Person 2: This person is named twice.' in answer.text


def test_rows_beyond_the_last_are_not_looked_at(client: FlaskClient, category: CategoryId) -> None:
    strange = {
        "people-20-given_name": "X",
        "people-²-given_name": "Y",
        f"people-{'9' * 5000}-given_name": "Z",
    }
    assert client.post(FORM, data=filled(client, category, **strange)).status_code == 303
    db.session.rollback()
    assert count_registrations() == 2


def test_too_few_places_offer_two_ways_and_keep_the_form(client: FlaskClient, category: CategoryId) -> None:
    more = {f"people-{row}-given_name": f"P{row}" for row in range(2, 5)}
    answer = client.post(FORM, data=filled(client, category, **more))
    assert answer.status_code == 409
    assert "The group has 5 people. Places left: 3." in answer.text
    assert 'value="P4"' in answer.text
    assert 'name="accepts_left" type="hidden" value="3"' in answer.text
    again = hidden_fields(answer.text) | {"act": "register"}
    # The first button once more is no consent to wait.
    assert client.post(FORM, data=filled(client, category, **more) | again).status_code == 409
    waits = filled(client, category, **more) | hidden_fields(answer.text) | {"act": "wait"}
    assert client.post(FORM, data=waits).status_code == 303
    db.session.rollback()
    assert get_category(category).ledger == Seats(seats=3, taken=3, waiting=2)


def test_a_closed_category_of_an_old_tab_keeps_the_form(client: FlaskClient, category: CategoryId) -> None:
    closed = make_category("Closed", seats=0)
    answer = client.post(FORM, data=filled(client, closed))
    assert answer.status_code == 422
    assert "Registration as Closed is closed." in answer.text
    assert 'value="Ana"' in answer.text


def test_what_is_no_field_of_the_form_is_ignored(client: FlaskClient, category: CategoryId) -> None:
    sneaky = {"state": "attended", "people-0-state": "attended", "people-0-consent_sponsors": "y"}
    client.post(FORM, data=filled(client, category, **sneaky))
    db.session.rollback()
    registrations = [get_registration(RegistrationId(number)) for number in (1, 2)]
    assert [one.state for one in registrations] == [State.CONFIRMED] * 2
    assert [choices_of(one).consents for one in registrations] == [frozenset()] * 2


@pytest.fixture
def group(client: FlaskClient, category: CategoryId) -> str:
    """The address of Kim's group: 1 is Ana, whose place is her own, 2 is Bo."""
    client.post(FORM, data=filled(client, category))
    db.session.rollback()
    return f"/g/{group_token(1, 1)}"


@pytest.mark.parametrize("part", ["", "/add", "/2/withdraw", "/2/pass-on"])
def test_false_and_dead_links_of_a_group_are_unknown(client: FlaskClient, group: str, part: str) -> None:
    assert client.get(group + part).status_code == 200
    for address in (group + "A", f"/g/{group_token(1, 2)}", f"/g/{group_token(9, 1)}", f"/g/{link_of(1, 1)}"):
        assert client.get(address + part).status_code == 404


@pytest.mark.parametrize("part", ["withdraw", "pass-on"])
def test_only_a_place_that_is_seen_is_managed(client: FlaskClient, group: str, part: str) -> None:
    for place in (1, 3):
        assert client.get(f"{group}/{place}/{part}").status_code == 404
        assert client.post(f"{group}/{place}/{part}").status_code == 404


def test_following_every_link_of_a_group_changes_nothing(client: FlaskClient, group: str) -> None:
    before = members_of(1)
    for address in re.findall(rf'href="({group}[^"]*)"', client.get(group).text):
        assert client.get(address).status_code == 200
        assert client.post(address).status_code in (400, 405)
    db.session.rollback()
    assert members_of(1) == before


def bo() -> Registration:
    db.session.rollback()
    found = members_of(1)[1].registration_id
    assert found is not None
    return get_registration(found)


def test_the_coordinator_withdraws_one(client: FlaskClient, group: str) -> None:
    sent = hidden_fields(client.get(f"{group}/2/withdraw").text)
    for _ in range(2):
        assert client.post(f"{group}/2/withdraw", data=sent).status_code == 303
    assert bo().state is State.WITHDRAWN


def test_the_coordinator_passes_one_on_to_who_shares_the_address(client: FlaskClient, group: str) -> None:
    sent = hidden_fields(client.get(f"{group}/2/pass-on").text)
    filled_in = {"given_name": "Eva", "affiliation": "Example Hospital", "country": "SE"}
    answer = client.post(f"{group}/2/pass-on", data=sent | filled_in)
    assert (answer.status_code, answer.headers["Location"]) == (303, group)
    assert (bo().email, get_person(bo().person_id).details.given_name) == ("kim@hospital.example", "Eva")
    # The same form again is overtaken.
    assert client.post(f"{group}/2/pass-on", data=sent | filled_in).status_code == 409


def test_the_coordinator_adds_one(client: FlaskClient, group: str) -> None:
    page = client.get(f"{group}/add").text
    answer = client.post(f"{group}/add", data=hidden_fields(page))
    assert (answer.status_code, "Enter the given name." in answer.text) == (400, True)
    for name, status in (("Cy", 303), ("Dee", 409)):
        answer = client.post(f"{group}/add", data=hidden_fields(page) | {"given_name": name})
        assert answer.status_code == status
    assert "No place is left." in answer.text
    waits = hidden_fields(page) | {"given_name": "Dee", "may_wait": "y"}
    assert client.post(f"{group}/add", data=waits).status_code == 303
    assert "Waiting list, place 1" in client.get(group).text


def test_a_member_lets_the_coordinator_see_it_by_a_button(client: FlaskClient, group: str) -> None:
    db.session.rollback()
    ana = next(one for one in (1, 2) if get_registration(RegistrationId(one)).email == "ana@x.example")
    own = f"/r/{link_of(ana, 1)}"
    sent = hidden_fields(client.get(own).text)
    assert client.post(f"{own}/group", data={"show": "1"}).status_code == 303
    assert client.get(f"{group}/1/withdraw").status_code == 404
    client.post(f"{own}/group", data=sent | {"show": "1"})
    assert client.get(f"{group}/1/withdraw").status_code == 200


def test_a_person_without_a_group_has_none_to_show_it_to(client: FlaskClient, category: CategoryId) -> None:
    alone = register_attendee(category)
    db.session.rollback()
    own = f"/r/{link_of(alone, 1)}"
    assert "My group" not in client.get(own).text
    assert client.post(f"{own}/group").status_code == 404


def test_passing_on_by_the_own_link_lets_the_link_die(client: FlaskClient, category: CategoryId) -> None:
    own = f"/r/{link_of(register_attendee(category), 1)}"
    register_attendee(category, email="known@x.example")
    db.session.rollback()
    page = client.get(f"{own}/pass-on").text
    assert "Places can be passed on until" in page
    sent = hidden_fields(page) | {"given_name": "Eva", "affiliation": "Lab", "country": "SE"}
    answer = client.post(f"{own}/pass-on", data=sent | {"email": "known@x.example"})
    assert answer.status_code == 409
    assert "This place cannot be passed on to this address." in answer.text
    assert 'value="Eva"' in answer.text
    assert client.post(f"{own}/pass-on", data=sent | {"email": ""}).status_code == 400
    answer = client.post(f"{own}/pass-on", data=sent | {"email": "eva@x.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/r/passed-on")
    assert client.get(own).status_code == 404
    assert "The place is passed on" in client.get("/r/passed-on").text


def test_the_office_passes_on_with_a_reason_and_sees_the_group(client: FlaskClient, group: str) -> None:
    sign_in(client, Role.DESK)
    office = f"/staff/registrations/{bo().id}"
    page = client.get(office).text
    for words in ("Kim Berg", "Ana", "Answered", "The group in the list"):
        assert (words in page) == (words != "Answered")
    page = client.get(f"{office}/pass-on").text
    sent = hidden_fields(page) | {"given_name": "Eva", "affiliation": "Lab", "country": "SE"}
    sent |= {"email": "eva@x.example"}
    answer = client.post(f"{office}/pass-on", data=sent)
    assert (answer.status_code, "Say why, for the history." in answer.text) == (400, True)
    assert client.post(f"{office}/pass-on", data=sent | {"reason": "is ill"}).status_code == 303
    page = client.get(office).text
    assert "Passed on to another person" in page
    assert "is ill" in page


def test_the_office_lists_one_group(client: FlaskClient, group: str, category: CategoryId) -> None:
    register_attendee(category, given_name="Nobody", family_name="Else")
    sign_in(client, Role.DESK)
    page = client.get("/staff/registrations?group=1").text
    assert ("Ana" in page, "Nobody" in page) == (True, False)
    assert '<input type="hidden" name="group" value="1">' in page
    assert "Ana" not in client.get("/staff/registrations?group=7").text
