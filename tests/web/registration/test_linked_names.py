"""A name or affiliation that mail programs would turn into a link is refused wherever people type one, and nothing is lost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from conference.core.linkable import JOINER
from conference.db.base import db
from conference.mail.tables import OutboxRow
from conference.registration.importing_rows import FIELDS, Problem, read_row, shape_problem
from conference.registration.tables import RegistrationRow
from tests.benchmarks.servers import hidden_fields
from tests.factories.registration import make_category, register_attendee
from tests.web.registration.test_bad_input import FIELDS as TYPED
from tests.web.registration.test_group_pages import filled

PHISH = "You won 1000 EUR, claim it at https://evil.example/prize"
NAMES = ("given_name", "family_name", "title", "letters", "badge_name", "affiliation", "affiliation_short")


def count() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(RegistrationRow.id)).all())


@pytest.mark.parametrize("field", NAMES)
def test_the_form_refuses_a_link_in_each_name_and_keeps_what_was_typed(
    client: FlaskClient, field: str
) -> None:
    make_category()
    typed = TYPED | {"family_name": "Lind", field: "see https://evil.example/x"}
    answer = client.post("/register", data=hidden_fields(client.get("/register").text) | typed)
    assert answer.status_code == 400
    assert "“https://evil.example/x” would become a link in mails." in answer.text
    assert "put a space after the dot" in answer.text
    assert [str(escape(value)) in answer.text for value in typed.values()] == [True] * len(typed)
    assert count() == 0


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "Given name: “evil.example” would become a link in mails."),
        ("sv", "Förnamn: ”evil.example” skulle bli en länk i mejl."),
        ("de", "Vorname: „evil.example“ würde in E-Mails zu einem Link."),
    ],
)
def test_the_refusal_is_in_the_reader_s_language(client: FlaskClient, tag: str, words: str) -> None:
    make_category()
    data = hidden_fields(client.get("/register").text) | TYPED | {"given_name": "evil.example"}
    answer = client.post("/register", data=data, headers={"Accept-Language": tag})
    assert (answer.status_code, words in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("name", "affiliation"),
    [
        ("J.R.R.", "Universitätsklinikum Bonn e.V."),
        ("St.Göran", "Lab @ AstraZeneca R&D"),
        ("A.B.", "GmbH & Co.KG"),
    ],
)
def test_real_names_pass(client: FlaskClient, name: str, affiliation: str) -> None:
    make_category()
    changed = {"given_name": name, "affiliation": affiliation, "title": "Prof. Dr.med."}
    data = hidden_fields(client.get("/register").text) | TYPED | changed
    assert client.post("/register", data=data).status_code == 303
    assert count() == 1


def test_a_coordinator_names_nobody_with_a_link(client: FlaskClient) -> None:
    category = make_category()
    data = filled(client, category, **{"people-1-family_name": "bo@evil.example", "given_name": "www.evil"})
    answer = client.post("/register/group", data=data)
    assert answer.status_code == 400
    assert "Given name: “www.evil” would become a link" in answer.text
    assert "Person 2: Family name: “bo@evil.example” would become a link" in answer.text
    assert 'value="bo@evil.example"' in answer.text
    assert count() == 0


def test_a_file_names_nobody_with_a_link() -> None:
    columns = {name: place for place, name in enumerate(FIELDS)}
    row = {"given_name": "Bo", "email": "bo@x.example", "affiliation": "KI", "country": "SE"}
    for name in NAMES:
        cells = [(row | {name: "evil.example/x"}).get(one, "") for one in FIELDS]
        problem = read_row(cells, columns)
        assert isinstance(problem, Problem)
        assert (problem.field, problem.facts) == (name, {"part": "evil.example"})
    assert not isinstance(read_row([row.get(one, "") for one in FIELDS], columns), Problem)
    invited = shape_problem({"email": "bo@x.example", "family_name": PHISH}, ("email",))
    assert (invited and invited.field, invited and invited.facts) == (
        "family_name",
        {"part": "https://evil.example/prize"},
    )


def test_what_comes_past_the_forms_is_harmless_in_the_mail_and_its_address(app: Flask) -> None:
    register_attendee(make_category(), given_name=PHISH, family_name="Lind")
    db.session.rollback()
    mail = db.session.scalars(select(OutboxRow)).one()
    harmless = f"https:{JOINER}//evil{JOINER}.example/prize"
    for part in (mail.text, mail.html, mail.recipient_name):
        assert (harmless in part, "https://evil" in part) == (True, False)
