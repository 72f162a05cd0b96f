from pathlib import Path

import pytest
from flask import Flask
from jinja2 import UndefinedError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.core.ids import MailId
from conference.core.linkable import JOINER
from conference.db.base import db
from conference.db.work import counted_statements, unit_of_work
from conference.jobs import wake
from conference.jobs.model import JobState
from conference.mail.model import LinkOrder
from conference.mail.outbox import deliver
from conference.mail.queries import get_mail, mails_about
from conference.mail.service import enqueue
from conference.mail.tables import OutboxRow
from tests.factories.mail import name_shown, note_templates, outbox_row, queue_note, taken_of
from tests.factories.smtp import mailserver, send_through

LITERAL = "{user.__class__} {{7*7}} {x} %(name)s %s [a](http://b.example) <a href='http://c.example'>&amp;</a> =?utf-8?q?x?="


def _note(
    session: Session, name: str = "Åsa", recipient: str = "asa@clinic.example", **more: object
) -> MailId:
    return enqueue(
        session,
        kind="note",
        recipient=recipient,
        recipient_name=name,
        about=("registration", 1),
        facts={"name": name, **more},
    )


def _count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def test_rolled_back_leaves_no_mail_and_wakes_nobody(app: Flask) -> None:
    before = wake._bell.times

    def fail() -> None:
        with unit_of_work() as session:
            _note(session)
            raise RuntimeError

    with note_templates(app), pytest.raises(RuntimeError):
        fail()
    assert (_count(), wake._bell.times) == (0, before)


def test_committed_mail_exists_and_wakes_the_worker(app: Flask) -> None:
    before = wake._bell.times
    mail_id = queue_note(app)
    assert wake._bell.times == before + 1
    row = outbox_row(mail_id)
    assert (row["state"], row["attempts"], row["subject"], row["kind"]) == (
        "queued",
        0,
        "Note for Åsa Lind",
        "note",
    )
    assert row["created_at"] == row["due_at"]


def test_enqueue_is_one_statement(app: Flask) -> None:
    with note_templates(app), unit_of_work() as session, counted_statements() as statements:
        _note(session)
    assert [statement.split()[0] for statement in statements if "outbox" in statement] == ["INSERT"]
    assert len([s for s in statements if not s.startswith(("BEGIN", "COMMIT"))]) == 1


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<c@d>", "a b@c.example", "nobody", ""])
def test_an_address_that_could_be_more_than_one_is_refused(app: Flask, address: str) -> None:
    with note_templates(app), pytest.raises(ValueError, match="one plain address"), unit_of_work() as session:
        _note(session, recipient=address)
    assert _count() == 0


def test_a_fact_that_nobody_gave_is_an_error(app: Flask) -> None:
    with note_templates(app), pytest.raises(UndefinedError), unit_of_work() as session:
        enqueue(session, kind="note", recipient="a@b.example", recipient_name="", about=("x", 1), facts={})


def test_the_stored_text_holds_a_slot_and_the_office_sees_a_mask(app: Flask) -> None:
    mail_id = queue_note(app, link=LinkOrder(kind="nobody", ref={"id": 7}))
    row = outbox_row(mail_id)
    assert str(row["link_slot"]) in str(row["text"])
    assert str(row["link_slot"]) in str(row["html"])
    assert "\n(personal link)\n" in get_mail(mail_id).text
    assert [mail.id for mail in mails_about("registration", 1)] == [mail_id]
    assert mails_about("session", 1) == []


def test_what_a_person_typed_stays_literal_everywhere(app: Flask) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        assert deliver(queue_note(app, name=LITERAL), "me") == JobState.DONE
    (mail,) = server.mails
    # Each character is there, and joiners that nobody sees break what would become a link.
    shown = LITERAL.replace("://", f":{JOINER}//").replace(".example", f"{JOINER}.example")
    assert str(mail["Subject"]) == f"Note for {shown}"
    assert name_shown(mail) == shown
    assert f"Dear {shown}," in taken_of(mail, "plain")
    html = taken_of(mail, "html")
    assert f"&lt;a href=&#39;http:{JOINER}//c{JOINER}.example&#39;&gt;&amp;amp;&lt;/a&gt;" in html
    assert "{{7*7}}" in html
    assert "<a href='http" not in html


def test_a_line_end_in_a_name_begins_no_header(app: Flask) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        assert deliver(queue_note(app, name="Anna\r\nBcc: all@clinic.example"), "me") == JobState.DONE
    (mail,) = server.mails
    assert str(mail["Subject"]) == f"Note for Anna Bcc: all{JOINER}@clinic{JOINER}.example"
    assert mail["Bcc"] is None
    assert [line for line in server.lines if line.startswith("rcpt")] == ["rcpt TO:<asa@clinic.example>"]


def test_every_mail_is_documented_and_has_its_three_parts() -> None:
    folder = Path(__file__).parents[3] / "templates" / "mail"
    kinds = sorted(path.name for path in folder.iterdir() if path.is_dir())
    rows = [
        line.split("`")[1]
        for line in (folder / "README.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    assert sorted(rows) == kinds
    for kind in kinds:
        parts = {path.name for path in (folder / kind).iterdir()}
        assert parts == {"subject.txt", "body.txt", "body.html"}, kind
