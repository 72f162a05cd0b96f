"""The office's pages of invitations and codes: each button, each refusal, and imports."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.test import TestResponse

from conference.core.clock import clock
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import counted_statements
from conference.mail.queries import mails_about
from conference.registration.access_codes import access_codes
from conference.registration.category_queries import get_category
from conference.registration.invitation_model import Invitation, InvitationState
from conference.registration.invitation_queries import InvitationFilters, invitations
from conference.registration.model import Access
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.invitations import (
    INVITEE,
    by_code,
    by_invitation,
    make_code,
    make_invitation,
    send,
    stored_invitation,
    token_for,
)
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

LIST = "/staff/invitations"


@pytest.fixture
def organiser(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.ORGANISER)
    return client


def guests(**details: Any) -> CategoryId:
    return make_category("Guest", access=Access.INVITED, **details)


def everybody() -> list[Invitation]:
    db.session.rollback()
    return invitations(InvitationFilters())


def post(client: FlaskClient, url: str, **values: str) -> TestResponse:
    return client.post(url, data={"csrf_token": token_of(client, LIST)} | values)


def rows(answer: TestResponse) -> int:
    body = re.search(r"<tbody>(.*?)</tbody>", answer.text, re.DOTALL)
    return body.group(1).count("<tr>") if body else 0


def test_an_invitation_is_made_and_mailed(organiser: FlaskClient) -> None:
    category = guests(seats=3)
    answer = post(
        organiser,
        f"{LIST}/new",
        category=str(category),
        expires_at="2022-09-10 18:00",
        email="Guest@X.example",
        given_name="Åsa",
        holds_seat="y",
        language="sv",
    )
    assert answer.status_code == 303
    (made,) = everybody()
    assert (made.details.email, made.details.given_name, made.details.language) == (
        "Guest@x.example",
        "Åsa",
        "sv",
    )
    assert made.details.expires_at.isoformat() == "2022-09-10T16:00:00+00:00"
    assert get_category(category).ledger.reserved == 1
    assert [mail.recipient for mail in mails_about("invitation", made.id)] == ["Guest@x.example"]
    page = organiser.get(answer.headers["Location"]).text
    assert f"/invited/{token_for(made.id)}" in page


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"category": ""}, 400, "Choose what the person is invited as."),
        ({"expires_at": ""}, 400, "Enter the day and time by which to register."),
        ({"expires_at": "10 September"}, 400, "Enter day and time in the form"),
        ({"expires_at": "2022-09-01 12:00"}, 422, "This deadline is over already."),
        ({"email": "nobody"}, 400, "Enter an e-mail address in the form"),
        ({"email": INVITEE}, 409, "This address has an open invitation already."),
        ({"email": "known@x.example"}, 409, "This address is registered already."),
        ({"holds_seat": "y"}, 409, "No place is free in Guest that could be held."),
        ({"category": "999"}, 422, "This category is retired or deleted."),
        ({"country": "XX"}, 400, "Choose a country of the list."),
    ],
)
def test_a_new_invitation_is_refused_in_words_and_keeps_what_was_typed(
    organiser: FlaskClient, values: dict[str, str], status: int, words: str
) -> None:
    category = guests(seats=1)
    make_invitation(category, holds_seat=True)
    register_attendee(make_category(), email="known@x.example")
    typed = {"category": str(category), "expires_at": "2022-09-10 18:00", "language": "en", "note": "Kept"}
    answer = post(organiser, f"{LIST}/new", **(typed | values))
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "Kept</textarea>" in answer.text
    assert len(everybody()) == 1


def test_an_invitation_without_an_address_is_not_mailed(organiser: FlaskClient) -> None:
    category = guests()
    answer = post(
        organiser, f"{LIST}/new", category=str(category), expires_at="2022-09-10 18:00", language="en"
    )
    page = organiser.get(answer.headers["Location"]).text
    assert "Copy its link and send it yourself." in page
    assert "Mail it again" not in page
    (made,) = everybody()
    assert mails_about("invitation", made.id) == []


def test_the_list_filters_by_state_category_and_text(organiser: FlaskClient) -> None:
    category, other = guests(), make_category("Other")
    used = make_invitation(category, email="used@x.example", family_name="Used")
    make_invitation(other, email="other@x.example", note="From the dean")
    send(by_invitation(category, used, "used@x.example"))
    assert rows(organiser.get(LIST)) == 2
    for query in ("state=used", f"category={category}", "text=used", "text=dean", "state=open"):
        assert rows(organiser.get(f"{LIST}?{query}")) == 1, query
    assert "No invitation matches." in organiser.get(f"{LIST}?state=revoked").text
    assert "a category or state that there is not" in organiser.get(f"{LIST}?state=none").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(organiser: FlaskClient, count: int) -> None:
    category = guests()
    for number in range(count):
        make_invitation(category, email=f"{number}@x.example")
    organiser.get(LIST)
    with counted_statements() as statements:
        organiser.get(LIST)
    assert len(statements) <= 9


def test_buttons_of_an_invitation(organiser: FlaskClient) -> None:
    category = guests()
    invitation = make_invitation(category)
    one = f"{LIST}/{invitation}"
    assert post(organiser, f"{one}/mail").status_code == 303
    db.session.rollback()
    assert len(mails_about("invitation", invitation)) == 2
    assert post(organiser, f"{one}/revoke").status_code == 303
    assert stored_invitation(invitation).state is InvitationState.REVOKED
    for button in ("mail", "revoke"):
        answer = post(organiser, f"{one}/{button}")
        assert (answer.status_code, "This invitation was used or revoked." in answer.text) == (409, True)
    assert "/invited/" not in organiser.get(one).text
    assert post(organiser, f"{one}/delete").status_code == 428
    assert post(organiser, f"{one}/delete", revision="1").status_code == 409
    assert post(organiser, f"{one}/delete", revision="2").status_code == 303
    assert organiser.get(one).status_code == 404
    assert everybody() == []


def test_a_change_and_a_change_from_an_older_version(organiser: FlaskClient) -> None:
    category = guests()
    invitation = make_invitation(category, note="one")
    url = f"{LIST}/{invitation}/change"
    typed = {"category": str(category), "email": INVITEE, "language": "en", "expires_at": "2022-09-11 18:00"}
    assert post(organiser, url, revision="1", note="two", **typed).status_code == 303
    assert stored_invitation(invitation).details.note == "two"
    answer = post(organiser, url, revision="1", note="three", **typed)
    assert answer.status_code == 409
    assert "two" in answer.text
    assert "three" in answer.text
    history = organiser.get(f"{LIST}/{invitation}").text
    assert "one → two" in history
    assert "Register by:" in history


def test_a_lapsed_invitation_is_opened_again(organiser: FlaskClient) -> None:
    category = guests()
    invitation = make_invitation(category, expires_at=clock.now() + timedelta(minutes=1))
    clock.begin_at(clock.now() + timedelta(minutes=2))
    page = organiser.get(f"{LIST}/{invitation}").text
    assert "/invited/" not in page
    typed = {"category": str(category), "email": INVITEE, "language": "en", "expires_at": "2022-09-11 18:00"}
    assert post(organiser, f"{LIST}/{invitation}/change", revision="1", **typed).status_code == 303
    assert organiser.get(f"/invited/{token_for(invitation)}").status_code == 200


def test_a_registration_says_what_it_came_by(organiser: FlaskClient) -> None:
    category, partners = guests(), make_category("Partner", access=Access.CODE)
    code = make_code(partners)
    send(by_invitation(category, make_invitation(category)))
    send(by_code(partners, "code@x.example"))
    one, other = (organiser.get(f"/staff/registrations/{number}").text for number in (1, 2))
    assert "Came by an invitation" in one
    assert f"{LIST}/1" in one
    assert "Came by a code" in other
    assert f"/staff/codes/{code}" in other
    assert "code@x.example" in organiser.get(f"/staff/codes/{code}").text


CSV = "E-mail,First name,Last name,Sprache,Notiz\n"


def upload(client: FlaskClient, content: bytes) -> str:
    data = {"csrf_token": token_of(client, LIST), "file": (BytesIO(content), "guests.csv")}
    answer = client.post(f"{LIST}/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def columns(**more: str) -> dict[str, str]:
    return {
        "column-email": "E-mail",
        "column-given_name": "First name",
        "column-family_name": "Last name",
        "column-language": "Sprache",
        "column-note": "Notiz",
        "category": "Guest",
        "language": "en",
        "expires_at": "2022-09-10 18:00",
    } | more


def test_an_import_shows_each_fate_first_and_then_invites_all(organiser: FlaskClient) -> None:
    category = guests(seats=5)
    make_invitation(category)
    register_attendee(make_category(), email="known@x.example")
    lines = [
        "a@x.example,Åsa,Öhman,sv,Dean",
        f"{INVITEE},,,,",
        "known@x.example,,,,",
        "A@X.example,,,,",
        "b@x.example,Bo,,,",
    ]
    page = upload(organiser, (CSV + "\n".join(lines)).encode())
    guessed = organiser.get(page).text
    assert '<option value="Sprache" selected>' in guessed
    shown = post(organiser, page, step="check", holds_seat="y", **columns()).text
    for words in (
        "Registered already, left out",
        "Invited already, left as it is",
        "Again in this file, left out",
        "Invite these 2 people by mail",
    ):
        assert words in shown
    assert len(everybody()) == 1
    answer = post(organiser, page, step="import", holds_seat="y", **columns())
    assert answer.status_code == 303
    assert "2 invited, 3 left out." in organiser.get(answer.headers["Location"]).text
    made = {one.details.email: one.details for one in everybody()}
    assert set(made) == {INVITEE, "a@x.example", "b@x.example"}
    assert (made["a@x.example"].name, made["a@x.example"].language, made["a@x.example"].note) == (
        "Åsa Öhman",
        "sv",
        "Dean",
    )
    assert get_category(category).ledger.reserved == 2
    again = upload(organiser, (CSV + lines[0]).encode())
    assert "Invited already" in post(organiser, again, step="check", **columns()).text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",Åsa,,,", "E-mail address. Nothing stands here."),
        ("nobody,Åsa,,,", "This is no address that mail servers take."),
        ("a@x.example,,,fr,", "Write en, sv or de, or leave it empty."),
        ("a@x.example," + "x" * 121 + ",,,", "This text has 121 characters; 120 fit."),
    ],
)
def test_a_refused_row_lets_nobody_be_invited(organiser: FlaskClient, line: str, words: str) -> None:
    guests()
    page = upload(organiser, f"{CSV}good@x.example,,,,\n{line}\n".encode())
    shown = post(organiser, page, step="check", **columns()).text
    assert words in shown
    assert "people by mail" not in shown
    answer = post(organiser, page, step="import", **columns())
    assert (answer.status_code, "Nothing was imported: 1 rows are refused" in answer.text) == (409, True)
    assert everybody() == []


def test_more_held_places_than_there_are_refuse_the_file(organiser: FlaskClient) -> None:
    category = guests(seats=1)
    page = upload(organiser, f"{CSV}a@x.example,,,,\nb@x.example,,,,\n".encode())
    shown = post(organiser, page, step="check", holds_seat="y", **columns()).text
    assert "No place of this category is free that could be held." in shown
    assert post(organiser, page, step="import", holds_seat="y", **columns()).status_code == 409
    assert (everybody(), get_category(category).ledger.reserved) == ([], 0)


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"expires_at": ""}, 400, "Enter the day and time by which to register."),
        ({"expires_at": "2022-09-01 12:00"}, 422, "This deadline is over already."),
        ({"column-email": ""}, 422, "No column holds: E-mail address."),
        ({"category": ""}, 422, "No column holds: Category."),
    ],
)
def test_a_check_that_cannot_be_made(
    organiser: FlaskClient, values: dict[str, str], status: int, words: str
) -> None:
    guests()
    page = upload(organiser, f"{CSV}a@x.example,,,,\n".encode())
    answer = post(organiser, page, **columns(step="check", **values))
    assert (answer.status_code, words in answer.text) == (status, True)


def test_a_workbook_is_read_too(organiser: FlaskClient) -> None:
    guests()
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["E-mail", "Category"])
    sheet.append(["a@x.example", "Guest"])
    book.save(file)
    page = upload(organiser, file.getvalue())
    values = {"column-email": "E-mail", "column-category": "Category", "language": "de"}
    answer = post(organiser, page, step="import", expires_at="2022-09-10 18:00", **values)
    assert answer.status_code == 303
    assert [one.details.language for one in everybody()] == ["de"]


def test_codes_are_made_changed_and_retired(organiser: FlaskClient) -> None:
    category = make_category("Partner", access=Access.CODE)
    suggested = re.search(r'name="words"[^>]*value="([0-9A-Z-]{14})"', organiser.get("/staff/codes/new").text)
    assert suggested
    answer = post(organiser, "/staff/codes/new", words="Genomics", category=str(category), uses_allowed="5")
    assert answer.status_code == 303
    page = organiser.get(answer.headers["Location"]).text
    assert "/register?code=Genomics" in page
    one = f"/staff/codes/{access_codes()[0].id}"
    typed = {"words": "Genomics", "category": str(category), "uses_allowed": "", "note": "For partners"}
    assert post(organiser, one, revision="1", **typed).status_code == 303
    assert post(organiser, one, revision="1", **typed).status_code == 409
    assert post(organiser, f"{one}/retire", revision="2").status_code == 303
    assert post(organiser, f"{one}/retire", revision="2").status_code == 409
    listed = organiser.get("/staff/codes").text
    assert "Retired" in listed
    assert "For partners" in listed


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"words": ""}, 400, "Enter the code, or keep the one that was made."),
        ({"words": "a-b-c-d-e"}, 400, "Codes shorter than 6 letters or digits are soon guessed."),
        ({"words": "taken one"}, 409, "Another code is spelled like this."),
        ({"category": ""}, 400, "Choose the category that it opens."),
        ({"category": "999"}, 422, "Choose a category that only those with a code may use"),
        ({"uses_allowed": "-1"}, 400, "Enter a whole number from 0 to 1000000, or nothing."),
        ({"opens_at": "soon"}, 400, "Enter day and time in the form"),
        (
            {"opens_at": "2022-09-10 12:00", "expires_at": "2022-09-10 12:00"},
            400,
            "It ends before it begins.",
        ),
    ],
)
def test_codes_are_refused_in_words(
    organiser: FlaskClient, values: dict[str, str], status: int, words: str
) -> None:
    category = make_category("Partner", access=Access.CODE)
    make_code(category, "Taken one")
    typed = {"words": "Genomics", "category": str(category), "note": "Kept"}
    answer = post(organiser, "/staff/codes/new", **(typed | values))
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "Kept</textarea>" in answer.text
    assert len(access_codes()) == 1


def test_pages_without_anything_say_what_comes_here(organiser: FlaskClient, app: Flask) -> None:
    assert "An invitation is a personal link" in organiser.get(LIST).text
    assert "Make a category first" in organiser.get("/staff/codes").text
    make_category("Partner", access=Access.CODE)
    assert "New code" in organiser.get("/staff/codes").text
