"""The public form and its one answer, as a browser without JavaScript meets them."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.queries import mails_about
from conference.people.queries import get_person
from conference.registration.category_queries import get_category
from conference.registration.category_service import delete_category
from conference.registration.links import link_of
from conference.registration.model import Access, State
from conference.registration.queries import get_registration
from conference.registration.rules import CORRECTION_TIME
from conference.registration.tables import AttemptRow, ConsentRow, RegistrationRow
from tests.benchmarks.servers import Visitor, hidden_fields, office_environment, served
from tests.factories.questions import make_question
from tests.factories.registration import make_category, register_attendee

ASA = {
    "given_name": "Åsa",
    "family_name": "Lindström",
    "email": "asa@lab.example",
    "affiliation": "Karolinska Institutet",
    "country": "SE",
    "profession": "",
}


def send(client: FlaskClient, **fields: str) -> TestResponse:
    """Open the form and send it, filled as Åsa fills it apart from `fields`."""
    page = client.get("/register").text
    return client.post("/register", data=hidden_fields(page) | ASA | {"category": "1"} | fields)


def registrations() -> list[RegistrationRow]:
    db.session.rollback()
    return list(db.session.scalars(select(RegistrationRow).order_by(RegistrationRow.id)))


def test_the_form_shows_what_is_left_of_each_category(client: FlaskClient) -> None:
    make_category(seats=13, place=1)
    register_attendee(make_category("Student", seats=1, place=2))
    make_category("Industry", seats=0, place=3)
    make_category("Patient representative", place=4)
    make_category("Speaker", access=Access.INVITED, place=5)
    page = client.get("/register").text
    shown = re.findall(
        r'<label for="category-\d+">(.*?)</label>\s*(?:<span class="places">(.*?)</span>)?', page
    )
    assert shown == [
        ("Participant", "13 places left"),
        ("Student", "waiting list"),
        ("Industry", "closed"),
        ("Patient representative", ""),
    ]
    assert re.findall(r'<input type="radio"[^>]*value="3"[^>]*disabled', page)
    assert not re.findall(r"<(?:option|input)[^>]* (?:checked|selected)", page)
    for name in ("Genomic Medicine Sweden", "Centers for Personalized Medicine", 'href="/privacy"'):
        assert name in page
    assert "<details>" in page


def test_fields_help_the_browser_to_fill_them(client: FlaskClient) -> None:
    make_category()
    page = client.get("/register").text
    attributes = {
        name: (re.search(rf'<(?:input|select)[^>]*\bid="{name}"[^>]*>', page) or [""])[0]
        for name in ("given_name", "family_name", "email", "affiliation", "country")
    }
    assert 'autocomplete="given-name"' in attributes["given_name"]
    assert 'maxlength="120"' in attributes["family_name"]
    for wanted in ('autocomplete="email"', 'inputmode="email"', 'type="email"', 'maxlength="254"'):
        assert wanted in attributes["email"]
    assert 'autocomplete="organization"' in attributes["affiliation"]
    assert 'autocomplete="country"' in attributes["country"]
    assert '<option value="SE">Sweden</option>' in page


def test_before_there_is_a_category_and_when_all_are_closed(client: FlaskClient) -> None:
    assert "Registration has not opened yet." in client.get("/register").text
    make_category(seats=0)
    page = client.get("/register").text
    assert "Registration is closed." in page
    assert 'name="given_name"' not in page


def test_a_filled_form_registers_and_answers_without_the_link(client: FlaskClient) -> None:
    make_category(seats=1)
    answer = send(client, title="Prof.", orcid="https://orcid.org/0000-0002-1825-0097", consent_sponsors="y")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register/sent")
    (row,) = registrations()
    assert (row.state, row.email) == ("confirmed", "asa@lab.example")
    person = get_person(row.person_id).details  # type: ignore[arg-type]  # a column, not an id
    assert (person.full_name, person.orcid) == ("Prof. Åsa Lindström", "0000-0002-1825-0097")
    assert list(db.session.scalars(select(ConsentRow.kind))) == ["sponsors"]
    page = client.get("/register/sent").text
    assert re.search(r'class="large">\s*<bdi>asa@lab.example</bdi>', page)
    assert "/r/" not in page


def test_get_and_post_together_take_at_most_18_statements(client: FlaskClient) -> None:
    make_category(seats=5)
    client.get("/register")  # the standing facts are read by a process's first page
    with counted_statements() as statements:
        assert send(client, consent_sponsors="y").status_code == 303
    # 16 on PostgreSQL; on SQLite the two BEGINs are counted too.
    assert len(statements) <= 18, "\n".join(statements)


def test_new_repeated_known_and_waiting_are_answered_alike(app: Flask) -> None:
    make_category(seats=1)

    def answer(**fields: str) -> tuple[int, str, str]:
        client = app.test_client()
        sent = send(client, **fields)
        page = client.get("/register/sent").text
        page = re.sub(r'value="[^"]*"', "", page)
        return sent.status_code, sent.headers["Location"], page

    new = answer()
    assert answer() == new
    assert answer(given_name="Bo") == new
    waiting = answer(email="new@lab.example")
    assert (waiting[0], waiting[1], waiting[2].replace("new@", "asa@")) == new
    assert [row.state for row in registrations()] == ["confirmed", "waiting"]


@pytest.mark.parametrize("address", ["ASA@LAB.EXAMPLE", "  asa@lab.example ", "Asa@Lab.example"])
def test_an_address_in_other_writing_is_the_same_address(client: FlaskClient, address: str) -> None:
    make_category(seats=9)
    send(client)
    assert send(client, email=address).status_code == 303
    assert len(registrations()) == 1


def test_the_same_form_twice_is_one_registration(client: FlaskClient) -> None:
    make_category(seats=9)
    page = client.get("/register").text
    form = hidden_fields(page) | ASA | {"category": "1"}
    answers = [client.post("/register", data=form) for _ in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (303, "/register/sent")
    ] * 2
    assert len(registrations()) == 1
    assert len(mails_about("registration", 1)) == 1


def test_one_form_sent_20_times_at_once_over_http(app: Flask, database_url: str, tmp_path: Path) -> None:
    make_category(seats=50)
    with served("conference.app:production_app()", office_environment(database_url, tmp_path)) as server:
        first = Visitor(server.port)
        with closing(first.connection):
            form = hidden_fields(first.ask("GET", "/register")[1]) | ASA | {"category": "1"}

        def post(_number: int) -> int:
            visitor = Visitor(server.port)
            visitor.cookie = first.cookie
            with closing(visitor.connection):
                return visitor.ask("POST", "/register", form)[0]

        with ThreadPoolExecutor(20) as clients:
            assert set(clients.map(post, range(20))) == {303}
    assert [row.state for row in registrations()] == ["confirmed"]
    assert get_category(1).ledger.taken == 1  # type: ignore[arg-type]  # the only one


def test_the_address_can_be_corrected_in_this_browser(app: Flask, client: FlaskClient) -> None:
    make_category(seats=9)
    send(client, email="typo@lab.example")
    old, code = link_of(1, 1), registrations()[0].badge_code
    page = client.get("/register/sent").text
    answer = client.post("/register/correct", data=hidden_fields(page) | {"email": "right@lab.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register/sent")
    assert "right@lab.example" in client.get("/register/sent").text
    (row,) = registrations()
    assert (row.email, row.link_version) == ("right@lab.example", 2)
    assert row.badge_code != code  # a ticket that went to the wrong address opens no door
    assert client.get(f"/r/{old}").status_code == 404
    assert [(mail.recipient, mail.state) for mail in mails_about("registration", 1)] == [
        ("right@lab.example", "queued"),
        ("typo@lab.example", "cancelled"),
    ]


def test_a_head_request_is_a_look_and_no_empty_form(client: FlaskClient) -> None:
    make_category(seats=9)
    assert client.head("/register").status_code == 200


def test_a_wrong_correction_says_how_to_write_it(client: FlaskClient) -> None:
    make_category(seats=9)
    send(client)
    page = client.get("/register/sent").text
    answer = client.post("/register/correct", data=hidden_fields(page) | {"email": "right"})
    assert answer.status_code == 400
    assert "Enter an e-mail address in the form name@hospital.example." in answer.text
    assert 'value="right"' in answer.text


def test_another_browser_and_a_late_one_cannot_correct(app: Flask, client: FlaskClient) -> None:
    make_category(seats=9)
    send(client)
    stranger = app.test_client()
    token = hidden_fields(stranger.get("/register").text)
    answer = stranger.post("/register/correct", data=token | {"email": "mine@x.example"})
    assert answer.status_code == 410
    assert "The address can be corrected for 30 minutes" in answer.text
    page = client.get("/register/sent").text
    transact(
        lambda session: session.execute(update(AttemptRow).values(created_at=real_now() - CORRECTION_TIME))
    )
    answer = client.post("/register/correct", data=hidden_fields(page) | {"email": "late@x.example"})
    assert answer.status_code == 410
    assert "asa@lab.example" not in client.get("/register/sent").text
    assert [row.email for row in registrations()] == ["asa@lab.example"]


def test_errors_are_linked_and_what_was_typed_stays(client: FlaskClient) -> None:
    make_category(seats=9)
    answer = send(
        client, given_name="", email="nonsense", country="XX", orcid="0000-0002-1825-0098", category=""
    )
    assert answer.status_code == 400
    wrong = re.findall(r'<a href="#(\w+)">(.*?)</a>', answer.text)
    assert wrong == [
        ("given_name", "Enter your given name."),
        ("email", "Enter an e-mail address in the form name@hospital.example."),
        ("country", "Choose a country of the list."),
        ("category", "Choose how you take part."),
        ("orcid", "This ORCID iD has a wrong digit. It has the form 0000-0002-1825-0097."),
    ]
    for typed in ("Lindström", "nonsense", "0000-0002-1825-0098", "Karolinska Institutet"):
        assert f'value="{typed}"' in answer.text
    assert "<details open>" in answer.text
    assert registrations() == []


def test_the_summary_names_the_field_whose_text_will_not_do(client: FlaskClient) -> None:
    category = make_category(seats=9, fee_minor=100)
    make_question("Diet", is_required=True)
    make_question("What do you bring?", is_required=True)
    page = send(
        client, category=str(category), family_name="Lind\x00ström", affiliation="x" * 201,
        **{"invoice-city": "a\x07b"},
    ).text  # fmt: skip
    told = dict(re.findall(r'<a href="#([\w-]+)">(.*?)</a>', page))
    unprintable = "This text holds a character that cannot be printed"
    assert told["family_name"].startswith(f"Family name: {unprintable} (U+0000).")
    assert told["affiliation"].startswith("Affiliation: This text has 201 characters; ")
    assert told["invoice-city"].startswith(f"Town: {unprintable}.")
    assert told["invoice-name"] == "Enter the organisation or person that the invoice goes to."
    assert (told["q1"], told["q2"]) == (
        "Diet: Answer this question.",
        "What do you bring? Answer this question.",
    )
    # Below its label it need not.
    assert f'id="family_name-error1">{unprintable} (U+0000).' in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"given_name": "x" * 121}, "This text has 121 characters; 120 fit. Shorten it."),
        ({"email": f"{'x' * 250}@x.example"}, "This text has 260 characters; 254 fit. Shorten it."),
        ({"family_name": "Lind\x00ström"}, "(U+0000)"),
        ({"family_name": "Lind\u202eström"}, "(U+202E)"),
        ({"affiliation": "KI\nBcc: x@y.example"}, "(U+000A)"),
        ({"category": "x"}, "This category is no longer offered. Choose one of those shown."),
        ({"category": "999"}, "This category is no longer offered. Choose one of those shown."),
        ({"category": "99999999999999999999"}, "This text has 20 characters; 9 fit. Shorten it."),
        ({"profession": "wizard"}, "Choose a profession of the list, or no answer."),
        ({"career_stage": "wizard"}, "Choose a career stage of the list, or no answer."),
        ({"ror": "056d84692"}, "This ROR id has a wrong character."),
    ],
)
def test_bad_input_is_refused_with_a_remedy(
    client: FlaskClient, fields: dict[str, str], message: str
) -> None:
    make_category(seats=9)
    answer = send(client, **fields)
    assert answer.status_code in {400, 422}
    assert message in answer.text
    assert "Åsa" in answer.text or "given_name" in fields
    assert registrations() == []


def test_a_stale_token_gives_back_what_was_typed(client: FlaskClient) -> None:
    make_category(seats=9)
    answer = send(client, csrf_token="stale")
    assert answer.status_code == 400
    assert "This page was open too long. What you typed is still here: send it again." in answer.text
    assert 'value="Lindström"' in answer.text
    again = client.post("/register", data=hidden_fields(answer.text) | ASA | {"category": "1"})
    assert again.status_code == 303


def test_a_category_deleted_or_closed_since_the_form_was_opened(client: FlaskClient) -> None:
    gone, _ = make_category("Gone"), make_category("Industry", seats=0)
    page = client.get("/register").text
    transact(lambda session: delete_category(session, gone, 1, actor=BY_SYSTEM))
    db.session.rollback()
    form = hidden_fields(page) | ASA
    answer = client.post("/register", data=form | {"category": str(gone)})
    assert (answer.status_code, "no longer offered" in answer.text) == (422, True)
    answer = client.post("/register", data=form | {"category": "2"})
    assert answer.status_code == 422
    assert "Registration as Industry is closed. Choose another category" in answer.text


def test_two_megabytes_are_too_much(client: FlaskClient) -> None:
    make_category(seats=9)
    answer = send(client, affiliation="x" * 2_000_000)
    assert answer.status_code == 413
    assert "At most 1 MB can be sent at once." in answer.text


def test_fields_that_the_form_does_not_have_are_ignored(client: FlaskClient) -> None:
    category = make_category(seats=0 + 1)
    send(client, email="first@lab.example", given_name="First")
    more = {
        "state": "confirmed", "waiting_number": "0", "role": "organiser", "id": "77", "number": "AAAAAA", "person_id": "1",
        "link_version": "9", "badge_code": "X" * 20, "is_public": "y", "taken": "0", "seats": "99", "registration_id": "1",
    }  # fmt: skip
    assert send(client, **more).status_code == 303
    row = registrations()[1]
    assert (row.id, row.state, row.waiting_number, row.link_version) == (2, State.WAITING, 1, 1)
    assert row.number != "AAAAAA"
    assert get_category(category).ledger.seats == 1


@pytest.mark.parametrize(
    "name",
    [
        "{user.__class__}",
        "{{7*7}}",
        "{x} %(name)s %s",
        "[link](/x)",
        "<img src='/etc/hostname'>",
        "李",
        "محمد",
    ],
)
def test_a_name_stays_the_text_that_was_typed(client: FlaskClient, name: str) -> None:
    make_category(seats=9)
    assert send(client, given_name=name).status_code == 303
    (mail,) = mails_about("registration", 1)
    assert f"Dear {name} Lindström," in mail.text
    page = client.get(f"/r/{link_of(1, 1)}").text
    assert "49" not in re.sub(r"\w{6,}", "", page) or "{{7*7}}" not in name
    assert "<img src='/etc" not in page


def test_a_one_word_name_is_enough(client: FlaskClient) -> None:
    make_category(seats=9)
    assert send(client, given_name="Suharto", family_name="").status_code == 303
    person_id = get_registration(RegistrationId(1)).person_id
    assert get_person(person_id).name == "Suharto"


def test_nothing_is_stored_before_the_form_is_sent(client: FlaskClient) -> None:
    make_category(seats=9)
    client.get("/register")
    assert db.session.scalar(select(func.count()).select_from(AttemptRow)) == 0
