"""A mail to many: with the first one's preview, one a person, once, and nothing in a name is read as more than a name."""

import re
from html import escape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from conference.audit.queries import history_of
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.service import enqueue, is_written
from conference.mail.tables import OutboxRow
from conference.registration import message_service
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.mail import words_of_html
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.web import token_of

URL = "/staff/registrations/mail"
NAMES = ("Åsa", "<b>Bo</b> {link} {{7*7}}", "Li")
TEXT = "Dear {given_name},\n\nyour number is {number}.\n{link}\nBye"


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    """Three participants, the third withdrawn."""
    category = make_category()
    for number, name in enumerate(NAMES, 1):
        register_attendee(category, email=f"n{number}@x.example", given_name=name)
    withdraw(RegistrationId(3))
    sign_in(client, Role.ORGANISER)
    return client


def sheet(client: FlaskClient, query: str = "", **fields: str) -> dict[str, str]:
    page = client.get(f"{URL}?{query}").text
    found = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    count = re.search(r'name="count" value="(\d+)"', page)
    assert found
    assert count
    kept = {"csrf_token": token_of(client, f"{URL}?{query}"), "key": found[1], "count": count[1]}
    return kept | {"subject": "News for {given_name}", "text": TEXT, "act": "send"} | fields


def send(client: FlaskClient, query: str = "", **fields: str) -> TestResponse:
    return client.post(f"{URL}?{query}", data=sheet(client, query, **fields))


def written() -> list[OutboxRow]:
    db.session.rollback()
    found = select(OutboxRow).where(OutboxRow.kind == "message").order_by(OutboxRow.id)
    return list(db.session.scalars(found))


def test_each_gets_one_mail_of_their_own_whoever_was_chosen(office: FlaskClient) -> None:
    answer = send(office)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/registrations")
    assert "3 mails are on their way." in office.get("/staff/registrations").text
    rows = written()
    assert [(row.recipient, row.subject) for row in rows] == [
        (f"n{number}@x.example", f"News for {name}") for number, name in enumerate(NAMES, 1)
    ]
    for row, name in zip(rows, NAMES, strict=True):
        assert row.text.startswith(f"Dear {name},\n\nyour number is ")
        assert f"Dear {escape(name)},<br>" in row.html
        assert row.text.count(row.link_slot) == 1
        assert f'href="{row.link_slot}"' in row.html
    told = [entry.action for entry in history_of("registration", 1)]
    assert "message written" in told


def test_both_parts_say_the_same(office: FlaskClient) -> None:
    send(office)
    for row in written():
        words = [word for word in row.text.split() if word not in {"--", row.link_slot}]
        assert words == [word for word in words_of_html(row.html) if word != row.link_slot]


def test_only_those_ticked_are_written_to_and_without_a_link_where_none_is_named(office: FlaskClient) -> None:
    assert send(office, "chosen=1", text="Dear {given_name}").status_code == 303
    assert [(row.recipient, row.link) for row in written()] == [("n1@x.example", None)]


def test_a_double_click_sends_once(office: FlaskClient) -> None:
    data = sheet(office)
    for _ in range(2):
        assert office.post(URL, data=data).status_code == 303
    assert len(written()) == 3
    assert "is not sent twice." in office.get("/staff/registrations").text
    assert office.post(URL, data=data | {"text": "Another text"}).status_code == 303
    assert len(written()) == 6


def test_a_second_that_saw_nothing_is_stopped_by_the_key(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard that holds where both look before either has written: the key is unique in the table."""
    data, seen = sheet(office), [False]

    def blind_at_first(session: Session, once: str) -> bool:
        if seen:
            return seen.pop()
        return is_written(session, once)

    assert office.post(URL, data=data).status_code == 303
    monkeypatch.setattr(message_service, "is_written", blind_at_first)
    assert office.post(URL, data=data).status_code == 303
    assert (seen, len(written())) == ([], 3)


def test_the_preview_is_what_the_first_reads_and_sends_nothing(office: FlaskClient) -> None:
    page = send(office, "chosen=2", act="preview").text
    preview = page[page.index('id="preview"') :]
    assert "Dear &lt;b&gt;Bo&lt;/b&gt; {link} {{7*7}}," in preview
    assert "(personal link)" in preview
    assert "Send to 1 person" in page
    assert written() == []


def test_the_page_says_how_many_and_who_has_ended(office: FlaskClient) -> None:
    page = office.get(URL).text
    assert "This goes to 3 people." in page
    assert "Withdrawn: 1" in page
    assert f'href="{URL}?chosen=1"' in office.get("/staff/registrations/many?chosen=1").text


@pytest.mark.parametrize(
    ("query", "fields", "said"),
    [
        ("", {"subject": ""}, "Write the subject."),
        ("", {"text": ""}, "Write the text."),
        ("", {"text": "{name}"}, "There is no placeholder {name}."),
        ("", {"subject": "{given_name.__class__}"}, "There is no placeholder {given_name.__class__}."),
        ("", {"subject": "{link}"}, "{link} stands in the text only."),
        ("", {"subject": "x" * 151}, "151 characters; 150 fit"),
        ("", {"count": "2"}, "The list has changed meanwhile: now it is 3."),
        ("text=nobody", {}, "Nobody who is chosen has an address."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    office: FlaskClient, query: str, fields: dict[str, str], said: str
) -> None:
    answer = send(office, query, **fields)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert written() == []
    if "text" not in fields:
        assert "your number is {number}" in answer.text


def test_two_more_are_read_by_no_more_statements(office: FlaskClient) -> None:
    office.get(URL)  # what stands is asked once
    counts = []
    for query in ("chosen=1", "chosen=1&chosen=2&chosen=3"):
        with counted_statements() as statements:
            office.get(f"{URL}?{query}")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_all_or_nobody(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fails_at_the_third(*args: object, **options: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise ValueError("the third")
        return enqueue(*args, **options)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(message_service, "enqueue", fails_at_the_third)
    message = message_service.Message(key="k" * 24, subject="s", text="t")
    ids = [RegistrationId(number) for number in (1, 2, 3)]
    actor = history_of("registration", 1)[0].actor
    with pytest.raises(ValueError, match="the third"):
        transact(lambda session: message_service.send_to_all(session, message, ids, actor=actor))
    assert (len(calls), written()) == (3, [])
