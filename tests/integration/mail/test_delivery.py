import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.work import transact
from conference.jobs.claim import claim
from conference.jobs.model import JobState
from conference.mail.model import Attachment, AttachmentOrder, LinkOrder
from conference.mail.outbox import deliver, send_claimed
from conference.mail.queries import attempts_of
from conference.mail.registry import attachment_makers, link_makers
from conference.mail.tables import OutboxRow
from tests.factories.mail import make_due, outbox_row, queue_note, taken_of
from tests.factories.smtp import DRIP, DROP, GREETING, SILENT, TAKEN, closed_port, mailserver, send_through


def _fate(mail_id: int) -> tuple[object, object]:
    row = outbox_row(mail_id)
    return row["state"], row["last_answer"]


def test_a_mail_is_sent_with_both_parts_and_the_headers_of_its_row(app: Flask) -> None:
    with mailserver() as server:
        send_through(app, server.port, mail_reply_to="desk@conference.example")
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.DONE
    (mail,) = server.mails
    row = outbox_row(mail_id)
    assert {
        name: str(mail[name])
        for name in ("From", "To", "Reply-To", "Subject", "Message-ID", "Auto-Submitted")
    } == {
        "From": "office@conference.example",
        "To": "Åsa Lind <asa@clinic.example>",
        "Reply-To": "desk@conference.example",
        "Subject": "Note for Åsa Lind",
        "Message-ID": row["message_id"],
        "Auto-Submitted": "auto-generated",
    }
    assert abs(mail["Date"].datetime - real_now()) < timedelta(minutes=1)
    assert "Dear Åsa Lind,\nthis is a note." in taken_of(mail, "plain")
    assert '<p style="margin:0 0 16px">Dear Åsa Lind,<br>this is a note.</p>' in taken_of(mail, "html")
    assert (row["state"], row["attempts"], row["last_answer"], row["lease_owner"]) == (
        "done",
        1,
        "250 taken",
        None,
    )
    assert server.raw[0].isascii()
    assert max(len(line) for line in server.raw[0].splitlines()) <= 998


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", TAKEN])
@pytest.mark.parametrize("answer", ["421 closing", "450 4.2.1 mailbox busy", "452 4.3.1 full", "550 5.1.1 unknown", "553 5.1.3 no such name"])  # fmt: skip
def test_an_answer_that_is_no_yes_decides_by_its_first_digit(app: Flask, moment: str, answer: str) -> None:
    with mailserver({moment: answer}) as server:
        send_through(app, server.port)
        mail_id = queue_note(app)
        ended = deliver(mail_id, "me")
    # What is refused to MAIL speaks of who sends it, and that is the same in every mail.
    is_final = answer.startswith("5") and moment != "MAIL"
    assert _fate(mail_id) == ("failed" if is_final else "retrying", answer)
    assert ended == outbox_row(mail_id)["state"]
    due_at = outbox_row(mail_id)["due_at"]
    if ended == JobState.RETRYING:
        assert due_at > real_now() + timedelta(seconds=40)  # type: ignore[operator]  # the row is plain objects
    assert deliver(mail_id, "me") is None


@pytest.mark.parametrize(
    ("moment", "answer"), [(GREETING, "554 go away"), ("EHLO", "550 no"), ("AUTH", "535 wrong")]
)
def test_a_refusal_of_ourselves_is_no_refusal_of_the_mail(app: Flask, moment: str, answer: str) -> None:
    answers = {moment: answer} | ({"HELO": answer} if moment == "EHLO" else {})
    with mailserver(answers) as server:
        server.extensions = ("AUTH PLAIN",)
        send_through(app, server.port, mail_username="office", mail_password="secret")
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.RETRYING
    assert _fate(mail_id) == ("retrying", answer)


@pytest.mark.parametrize(
    ("fault", "moment"),
    [
        *((DROP, moment) for moment in (GREETING, "EHLO", "MAIL", "RCPT", "DATA", TAKEN)),
        *((SILENT, moment) for moment in (GREETING, "RCPT", TAKEN)),
        *((DRIP, moment) for moment in (GREETING, TAKEN)),
    ],
)
def test_a_server_that_fails_us_is_given_up_in_time_and_tried_again(
    app: Flask, moment: str, fault: str
) -> None:
    begun = time.monotonic()
    with mailserver({moment: fault}) as server:
        # A silence ends with the timeout, a drip with what the lease gives to dialogues; the server would go on for minutes.
        send_through(app, server.port, mail_timeout_s=1, lease_s=6 if fault == DRIP else 60)
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.RETRYING
        assert time.monotonic() - begun < 60
    assert outbox_row(mail_id)["last_answer"]


def test_nobody_at_the_port_is_tried_again(app: Flask) -> None:
    with closed_port() as port:
        send_through(app, port)
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.RETRYING
    assert _fate(mail_id)[1] == "ConnectionRefusedError: [Errno 111] Connection refused"


@pytest.mark.parametrize("fault", [DROP, SILENT, "421 in a hurry"])
def test_what_happens_to_quit_does_not_undo_a_sent_mail(app: Flask, fault: str) -> None:
    with mailserver({"QUIT": fault}) as server:
        send_through(app, server.port, mail_timeout_s=1)
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.DONE
        assert deliver(mail_id, "me") is None
    assert len(server.raw) == 1


def test_a_drop_after_data_sends_again_under_the_same_message_id(app: Flask) -> None:
    with mailserver({TAKEN: DROP}) as server:
        send_through(app, server.port)
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.RETRYING
        server.answers.clear()
        make_due(mail_id)
        assert deliver(mail_id, "me") == JobState.DONE
    assert server.message_ids() == [outbox_row(mail_id)["message_id"]] * 2
    assert server.raw[0].split(b"\r\n\r\n")[0].count(b"Date:") == 1


@pytest.fixture
def makers() -> Iterator[None]:
    def broken(_facts: object) -> Attachment:
        raise OSError("no font has the glyph")

    def calendar(facts: object) -> Attachment:
        assert isinstance(facts, dict)
        return Attachment(
            filename="Köp & <b>.ics",
            content_type="text/calendar; charset=utf-8; method=PUBLISH",
            content=facts["content"].encode(),
        )

    def unwritable(_facts: object) -> Attachment:
        return Attachment(filename="cut\ud800.pdf", content_type="application/pdf", content=b"")

    attachment_makers.fill("test-broken", broken)
    attachment_makers.fill("test-unwritable", unwritable)
    attachment_makers.fill("test-calendar", calendar)
    link_makers.fill("test-link", lambda ref: f"http://localhost/r/{ref['id']}?a=1&b=<2>")
    yield
    for registry, name in ((attachment_makers, "test-broken"), (attachment_makers, "test-unwritable"), (attachment_makers, "test-calendar"), (link_makers, "test-link")):  # fmt: skip
        registry._entries.pop(name)


def test_an_attachment_that_cannot_be_made_holds_the_mail(app: Flask, makers: None) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        held = queue_note(app, attachments=(AttachmentOrder(kind="test-broken", facts={}),))
        unknown = queue_note(app, attachments=(AttachmentOrder(kind="nobody", facts={}),))
        assert [deliver(held, "me"), deliver(unknown, "me")] == [JobState.HELD, JobState.HELD]
    assert server.connections == 0
    assert _fate(held) == ("held", "OSError: no font has the glyph")
    assert _fate(unknown) == ("held", "LookupError: no attachment maker is called 'nobody'")


def test_a_letter_that_cannot_be_written_down_is_held_and_not_claimed_for_ever(
    app: Flask, makers: None
) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        held = queue_note(app, attachments=(AttachmentOrder(kind="test-unwritable", facts={}),))
        assert deliver(held, "me") == JobState.HELD
    state, answer = _fate(held)
    assert (state, "Error" in str(answer)) == ("held", True)


def test_an_attachment_arrives_byte_for_byte(app: Flask, makers: None) -> None:
    content = "BEGIN:VCALENDAR\r\nSUMMARY:{{7*7}} Åsa\\, <b>\r\nEND:VCALENDAR\r\n"
    with mailserver() as server:
        send_through(app, server.port)
        order = AttachmentOrder(kind="test-calendar", facts={"content": content})
        assert deliver(queue_note(app, attachments=(order,)), "me") == JobState.DONE
    (part,) = server.mails[0].iter_attachments()
    assert part.get_payload(decode=True) == content.encode()
    assert part.get_filename() == "Köp & <b>.ics"
    assert (part.get_content_type(), part["Content-Type"].params["method"]) == ("text/calendar", "PUBLISH")


def test_the_link_is_filled_when_sent_and_never_stored(app: Flask, makers: None) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        mail_id = queue_note(app, link=LinkOrder(kind="test-link", ref={"id": 7}))
        assert deliver(mail_id, "me") == JobState.DONE
    row = outbox_row(mail_id)
    assert not [name for name, value in row.items() if "/r/7" in str(value)]
    assert "\nhttp://localhost/r/7?a=1&b=<2>\n" in taken_of(server.mails[0], "plain")
    assert 'href="http://localhost/r/7?a=1&amp;b=&lt;2&gt;"' in taken_of(server.mails[0], "html")


def test_an_address_beyond_ascii_needs_a_server_that_knows_it(app: Flask) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        mail_id = queue_note(app, recipient="jörg@straße.example")
        assert deliver(mail_id, "me") == JobState.DONE
        assert "rcpt TO:<jörg@xn--strae-oqa.example>" in server.lines
        assert str(server.mails[0]["To"]) == "Åsa Lind <jörg@xn--strae-oqa.example>"
        server.extensions = ("8BITMIME",)
        refused = queue_note(app, recipient="jörg@clinic.example")
        assert deliver(refused, "me") == JobState.FAILED
    assert _fate(refused)[1] == "The mail server knows no SMTPUTF8, which this address needs."


def test_a_lost_lease_does_not_overwrite(app: Flask) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        mail_id = queue_note(app)
        later = real_now() + timedelta(hours=1)
        first = transact(lambda s: claim(s, OutboxRow, owner="first", now=real_now(), lease_s=60, limit=1))
        second = transact(lambda s: claim(s, OutboxRow, owner="second", now=later, lease_s=60, limit=1))
        assert (first, second) == ([mail_id], [mail_id])
        assert send_claimed(mail_id, "first", time.monotonic()) is None
        assert outbox_row(mail_id)["lease_owner"] == "second"
        assert send_claimed(mail_id, "second", time.monotonic()) == JobState.DONE
    assert len(server.raw) == 1


def test_the_72_hours_end_in_a_refusal_that_staff_sees(app: Flask) -> None:
    with mailserver({"RCPT": "450 busy"}) as server:
        send_through(app, server.port)
        mail_id = queue_note(app)
        make_due(mail_id, attempts=200, last_answer="450 busy")
        assert deliver(MailId(mail_id), "me") == JobState.FAILED
    assert _fate(mail_id) == ("failed", "450 busy")


def test_each_try_is_kept_with_the_servers_words(app: Flask) -> None:
    with mailserver({"RCPT": "450 4.2.1 mailbox busy"}) as server:
        send_through(app, server.port)
        mail_id = queue_note(app)
        deliver(mail_id, "first")
    make_due(mail_id)
    with mailserver() as server:
        send_through(app, server.port)
        deliver(mail_id, "second")
    newest, oldest = attempts_of(mail_id)
    assert (oldest.owner, oldest.state, oldest.answer) == (
        "first",
        JobState.RETRYING,
        "450 4.2.1 mailbox busy",
    )
    assert (newest.owner, newest.state, newest.answer) == ("second", JobState.DONE, "250 taken")
    assert oldest.began_at <= oldest.ended_at <= newest.began_at
