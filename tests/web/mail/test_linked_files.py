"""A file that was too large for its mail, fetched by the link in it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_LINK
from conference.core.clock import clock, real_now
from conference.core.links import sign
from conference.db.work import transact
from conference.mail.linked_files import KEPT, file_token
from conference.mail.model import Attachment, AttachmentOrder
from conference.mail.personal import erase
from conference.mail.registry import attachment_makers
from conference.registration.service import withdraw
from tests.factories.mail import make_due, outbox_row, queue_note, token_of_file
from tests.factories.registration import make_category, register_attendee

OVER = {
    "en": "This link has ended. Write to the conference office if you still need the file.",
    "sv": "Länken gäller inte längre. Skriv till konferenskansliet om du fortfarande behöver filen.",
    "de": "Dieser Link gilt nicht mehr. Schreiben Sie dem Tagungsbüro, wenn Sie die Datei noch brauchen.",
}


@pytest.fixture
def paper() -> Iterator[AttachmentOrder]:
    """An order of a paper that says what its facts say, and cannot be made of none."""

    def make(facts: dict[str, str]) -> Attachment:
        content = facts["words"].encode()
        return Attachment(filename="programme.pdf", content_type="application/pdf", content=content)

    attachment_makers.fill("test paper", make)  # type: ignore[arg-type]  # facts of text alone
    yield AttachmentOrder(kind="test paper", facts={"words": "frozen"})
    del attachment_makers._entries["test paper"]


def test_the_link_gives_exactly_that_file_and_changes_nothing(
    app: Flask, client: FlaskClient, paper: AttachmentOrder
) -> None:
    other = AttachmentOrder(kind="test paper", facts={"words": "other"})
    mail_id = queue_note(app, attachments=(paper, other), about=("person", 1))
    before = outbox_row(mail_id)
    url = f"/file/{token_of_file(mail_id, 2)}"
    for _ in range(3):
        head, file = client.head(url), client.get(url)
        assert (head.status_code, head.data) == (200, b"")
        assert (file.status_code, file.data, file.mimetype) == (200, b"other", "application/pdf")
    wanted = ("Content-Disposition", "Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    assert [file.headers[name] for name in wanted] == [
        "attachment; filename=programme.pdf",
        "no-store",
        "no-referrer",
        "noindex",
    ]
    assert client.post(url).status_code == 405
    assert outbox_row(mail_id) == before


def test_a_false_token_opens_nothing(app: Flask, client: FlaskClient, paper: AttachmentOrder) -> None:
    mail_id = queue_note(app, attachments=(paper,), about=("person", 1))
    number = str(outbox_row(mail_id)["message_id"])
    key = app.extensions["conference.settings"].secret_key
    good = token_of_file(mail_id)
    for token in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(f"{mail_id}-1-", f"{mail_id}-2-"),
        file_token(mail_id, "<other@conference.example>", 1),
        file_token(mail_id, number, 2),  # well signed, of no file
        file_token(mail_id + 1, number, 1),
        sign(key, "registration", mail_id, 1),
        f"{mail_id}",
        "9" * 30 + "-1-x",
        "²-1-x",
    ):
        answer = client.get(f"/file/{token}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store"), token
    assert client.get(f"/file/{good}").status_code == 200


@pytest.mark.parametrize("tag", ["en", "sv", "de"])
def test_it_ends_and_says_so_in_the_language_of_the_mail(
    app: Flask, client: FlaskClient, paper: AttachmentOrder, tag: str
) -> None:
    mail_id = queue_note(app, attachments=(paper,), about=("person", 1))
    url = f"/file/{token_of_file(mail_id)}"
    make_due(mail_id, language=tag, created_at=real_now() - KEPT + timedelta(minutes=1))
    assert client.get(url).status_code == 200
    make_due(mail_id, created_at=real_now() - KEPT)
    answer = client.get(url)
    assert (answer.status_code, OVER[tag] in answer.text, f'lang="{tag}"' in answer.text) == (410, True, True)


@pytest.mark.parametrize("fate", ["erased", "cancelled"])
def test_a_mail_that_is_emptied_or_cancelled_takes_its_link_along(
    app: Flask, client: FlaskClient, paper: AttachmentOrder, fate: str
) -> None:
    mail_id = queue_note(app, attachments=(paper,), about=("person", 7))
    url = f"/file/{token_of_file(mail_id)}"
    assert client.get(url).status_code == 200
    if fate == "erased":
        transact(lambda session: erase(session, [("person", 7)], []))
    else:
        make_due(mail_id, state="cancelled")
    answer = client.get(url)
    assert (answer.status_code, "This file is withdrawn" in answer.text) == (410, True)


def test_a_registration_that_ends_takes_the_files_of_its_mails_along(
    app: Flask, client: FlaskClient, paper: AttachmentOrder
) -> None:
    registration = register_attendee(make_category())
    mail_id = queue_note(app, attachments=(paper,), about=("registration", registration))
    url = f"/file/{token_of_file(mail_id)}"
    assert client.get(url).status_code == 200
    transact(lambda session: withdraw(session, registration, actor=BY_LINK, now=clock.now()))
    assert client.get(url).status_code == 410


def test_what_cannot_be_made_is_said_without_what_is_ours(
    app: Flask, client: FlaskClient, paper: AttachmentOrder
) -> None:
    broken = AttachmentOrder(kind=paper.kind, facts={})
    mail_id = queue_note(app, attachments=(broken,), about=("person", 1))
    answer = client.get(f"/file/{token_of_file(mail_id)}")
    assert (answer.status_code, "cannot be made now" in answer.text) == (503, True)
    assert "KeyError" not in answer.text
