"""What was printed: told of all and of one person, printed again, taken back, and made void by a new code."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.queries import mails_about
from conference.printing.runs import last_prints, runs
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.registration.queries import get_registration
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.web import token_of


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def press(client: FlaskClient, page: str, action: str) -> Any:
    """Press the button of the page whose form goes to an address that begins so."""
    found = re.search(rf'action="({action}[^"]*)"', client.get(page).text)
    assert found is not None
    hidden = re.findall(r'name="revision" value="(\d+)"', client.get(page).text)
    values = {"csrf_token": token_of(client, page)} | ({"revision": hidden[0]} if hidden else {})
    answer = client.post(unescape(found.group(1)), data=values)
    db.session.rollback()
    return answer


def print_all(client: FlaskClient, query: str = "") -> Any:
    answer = press(client, f"/staff/badges{query}", "/staff/badges/paper")
    assert answer.status_code == 303
    return client.get(answer.location)


def people(count: int) -> list[RegistrationId]:
    category = make_category("Guest")
    return [
        register_attendee(category, given_name=f"Anna{n}", family_name=f"Berg{n}", email=f"{n}@x.example")
        for n in range(count)
    ]


def test_only_new_ones_are_printed_after_a_run(desk: FlaskClient) -> None:
    people(2)
    assert "Anna0" in text_of(print_all(desk).data)
    register_attendee(make_category("Press"), given_name="Cy", email="c@x.example")
    page = desk.get("/staff/badges?which=new").text
    assert "1 badge will be printed." in page
    assert "Not printed yet (1)" in page
    paper = text_of(print_all(desk, "?which=new").data)
    assert ("Cy" in paper, "Anna0" in paper) == (True, False)
    assert "Not printed yet (0)" in desk.get("/staff/badges").text
    assert "Nobody is left under “Not printed yet”" in desk.get("/staff/badges?which=new").text
    assert [run.count for run in runs()] == [1, 2]


def test_a_change_of_what_the_badge_shows_makes_it_due_again(desk: FlaskClient) -> None:
    first, _ = people(2)
    print_all(desk)
    assert "Changed since they were printed (0)" in desk.get("/staff/badges").text
    press(desk, f"/staff/registrations/{first}/badge", f"/staff/registrations/{first}/badge/new-code")
    assert "Changed since they were printed (1)" in desk.get("/staff/badges").text
    assert "Changed since it was printed" in desk.get(f"/staff/registrations/{first}/badge").text
    assert "Anna0" in text_of(print_all(desk, "?which=changed").data)
    assert "Printed 5 September, box" in desk.get(f"/staff/registrations/{first}/badge").text


def test_a_run_is_printed_again_with_what_is_stored_now(desk: FlaskClient) -> None:
    first, second = people(2)
    print_all(desk, "?sheet=l4785&begin_at=10")
    (run,) = runs()
    assert run.sheet_name == "Avery L4785 / Herma 4412"
    assert [
        ("Anna0" in text, "Anna1" in text)
        for text in page_texts(desk.get(f"/staff/badges/runs/{run.id}.pdf").data)
    ] == [
        (True, False),
        (False, True),
    ]
    withdraw(first)
    text = text_of(desk.get(f"/staff/badges/runs/{run.id}.pdf").data)
    assert ("Anna0" in text, "Anna1" in text) == (False, True)
    assert [run.count for run in runs()] == [2]  # a look at it is no other run
    assert second in last_prints()


def test_a_run_is_taken_back_after_a_jam(desk: FlaskClient) -> None:
    people(2)
    print_all(desk)
    print_all(desk, "?text=Anna0")
    newest, oldest = runs()
    answer = press(desk, "/staff/badges/runs", f"/staff/badges/runs/{oldest.id}/take-back")
    assert "its 2 badges count as not printed by it" in desk.get(answer.location).text
    assert [run.id for run in runs()] == [newest.id]
    assert "Not printed yet (1)" in desk.get("/staff/badges").text
    assert [entry.action for entry in history_of("badge_run", oldest.id)] == ["taken back", "printed"]
    token = token_of(desk, "/staff/badges/runs")
    again = desk.post(f"/staff/badges/runs/{oldest.id}/take-back", data={"csrf_token": token})
    assert (again.status_code, desk.get(f"/staff/badges/runs/{oldest.id}.pdf").status_code) == (404, 404)
    assert desk.post(f"/staff/badges/runs/{newest.id}/take-back").status_code == 400


def test_who_cannot_be_printed_is_not_noted_as_printed(desk: FlaskClient) -> None:
    (first,) = people(1)
    waits = register_attendee(make_category("Press"), given_name="李", email="c@x.example")
    print_all(desk)
    assert set(last_prints()) == {first}
    page = f"/staff/registrations/{waits}/badge"
    answer = desk.post(page, data={"csrf_token": token_of(desk, page)})
    assert answer.status_code == 409
    assert "No font has 李 (U+674E)" in answer.text
    assert "apt-get install fonts-noto-cjk" in answer.text
    assert set(last_prints()) == {first}


def test_one_badge_is_printed_with_one_button_on_the_device_s_sheet(desk: FlaskClient) -> None:
    first, second = people(2)
    print_all(desk, "?sheet=l4785&begin_at=3&text=Anna0")
    page = desk.get(f"/staff/registrations/{second}/badge").text
    assert "Not printed, box" in page
    assert "On Avery L4785 / Herma 4412, label 4." in page
    hidden = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"',
            page.partition('class="actions"')[2].partition("</form>")[0],
        )
    )
    answer = desk.post(f"/staff/registrations/{second}/badge", data=hidden)
    assert answer.status_code == 303
    assert "Anna1" in text_of(desk.get(answer.location).data)
    assert "label 5" in desk.get(f"/staff/registrations/{first}/badge").text
    assert (
        desk.post(
            f"/staff/registrations/{second}/badge",
            data={"begin_at": "99"} | {"csrf_token": hidden["csrf_token"]},
        ).status_code
        == 422
    )
    assert desk.post(f"/staff/registrations/{second}/badge").status_code == 400


def test_a_lost_badge_gets_a_new_code_and_the_person_a_new_ticket(desk: FlaskClient) -> None:
    (first,) = people(1)
    before = get_registration(first)
    page = f"/staff/registrations/{first}/badge"
    answer = press(desk, page, f"{page}/new-code")
    assert "The code is a new one, and the earlier one is dead." in desk.get(answer.location).text
    after = get_registration(first)
    assert after.badge_code != before.badge_code
    assert after.link_version == before.link_version
    newest = mails_about("registration", first)[0]
    assert (newest.kind, newest.recipient) == ("changed", "0@x.example")
    assert "a new one; the earlier badge and ticket open no door any more" in newest.text
    assert "Anna0" not in desk.get(f"/staff/registrations?text={before.badge_code}").text
    assert history_of("registration", first)[0].action == "code replaced"


def test_a_second_press_of_the_button_makes_no_second_code(desk: FlaskClient) -> None:
    (first,) = people(1)
    page = f"/staff/registrations/{first}/badge"
    revision, token = get_registration(first).revision, token_of(desk, page)
    sent = [
        desk.post(f"{page}/new-code", data={"csrf_token": token, "revision": str(revision)}) for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [303, 409]
    assert desk.post(f"{page}/new-code", data={"csrf_token": token}).status_code == 428
    assert desk.post(f"{page}/new-code", data={"revision": "1"}).status_code == 400
    db.session.rollback()
    assert [entry.action for entry in history_of("registration", first)].count("code replaced") == 1


def test_who_has_no_place_has_neither_badge_nor_code(desk: FlaskClient) -> None:
    (first,) = people(1)
    withdraw(first)
    page = f"/staff/registrations/{first}/badge"
    assert "Only who has a place has a badge." in desk.get(page).text
    token, revision = token_of(desk, page), get_registration(first).revision
    assert desk.post(page, data={"csrf_token": token}).status_code == 409
    refused = desk.post(f"{page}/new-code", data={"csrf_token": token, "revision": str(revision)})
    assert refused.status_code == 409
    assert "Only who has a place has a badge. Give this registration a place first." in refused.text


def test_piles_stay_in_order(desk: FlaskClient) -> None:
    people(9)
    pages = page_texts(print_all(desk, "?stacked=1").data)
    shown = [[n for n in range(9) if f"Anna{n}" in page] for page in pages]
    assert shown == [[0, 2, 4, 6, 8], [1, 3, 5, 7]]


def test_what_was_printed_is_told_to_the_person_and_forgotten_with_them(desk: FlaskClient) -> None:
    (first,) = people(1)
    print_all(desk)
    person_id = get_registration(first).person_id
    (held,) = everything_held(person_id)["badges"]
    assert held["registration"] == first
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    assert last_prints()[first].face == ""
    assert [run.count for run in runs()] == [1]


@pytest.mark.parametrize("count", [1, 4])
def test_a_run_takes_the_same_statements_whatever_its_size(desk: FlaskClient, count: int) -> None:
    people(count)
    action = re.search(r'action="(/staff/badges/paper[^"]*)"', desk.get("/staff/badges").text)
    assert action is not None
    token = token_of(desk, "/staff/badges")
    with counted_statements() as statements:
        desk.post(unescape(action.group(1)), data={"csrf_token": token})
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 11


def test_one_badge_reads_one_person_among_many(desk: FlaskClient) -> None:
    first, *_ = people(6)
    page = f"/staff/registrations/{first}/badge"
    sent = desk.post(page, data={"csrf_token": token_of(desk, page)})
    with counted_statements() as statements:
        assert "Anna0" in text_of(desk.get(sent.location).data)
    (read,) = [one for one in statements if "FROM registration" in one and "badge_code" in one]
    assert "registration.id IN" in read
