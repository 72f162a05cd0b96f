"""No dialogue outlives its time, whatever it was at: connecting, shaking hands, or asking."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from flask import Flask

from conference.core.clock import real_now
from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail import delivery, outbox
from conference.mail.composing import Letter, Message
from conference.mail.delivery import Delivery
from conference.mail.errors import NotDeliveredError
from conference.mail.hosts import Host
from conference.mail.model import Attachment, AttachmentOrder
from conference.mail.outbox import deliver
from conference.mail.registry import attachment_makers
from conference.mail.rules import IN_DOUBT
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.smtp import DROP, TAKEN, mailserver, send_through

ENOUGH_TO_FILL_IT = 4


@contextmanager
def dead_port() -> Iterator[int]:
    """Yield a port at which a connection is neither taken nor refused: whose queue is full and that nobody empties."""
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(ENOUGH_TO_FILL_IT):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]


def _letter(sender: str = "office@conference.example", recipient: str = "asa@clinic.example") -> Message:
    return Message(
        Letter(
            sender=sender,
            reply_to="",
            recipient=recipient,
            recipient_name="",
            subject="s",
            text="t",
            html="<p>t</p>",
            message_id="<1@conference.example>",
            written_at=real_now(),
        )
    )


def test_a_server_with_dead_addresses_is_not_reached_after_the_lease(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dead_port() as dead, mailserver() as server:
        at = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (dead, dead)]
        at.append((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port)))
        send_through(app, server.port, mail_timeout_s=2, lease_s=4)
        mail_id = queue_note(app)
        monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: at)
        assert deliver(mail_id, "me") in {JobState.RETRYING, None}  # None where writing it down took too long
    # Each address may take two seconds, and a dialogue three: none is left for the third.
    assert (server.connections, server.raw) == (0, [])


def test_a_dead_address_is_passed_over_while_there_is_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dead_port() as dead, mailserver() as server:
        at = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (dead, server.port)
        ]
        send_through(app, server.port, mail_timeout_s=1)
        mail_id = queue_note(app)
        monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: at)
        assert deliver(mail_id, "me") == JobState.DONE


def test_no_mail_is_begun_whose_time_was_over_before_its_content(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The watch, which would end the connection too, looks elsewhere: the check before DATA is alone.
    monkeypatch.setattr("conference.mail.hosts._shut", lambda _host: None)
    with mailserver() as server, app.app_context():
        send_through(app, server.port)
        with (
            Delivery(threading.Event()) as line,
            pytest.raises(NotDeliveredError, match="time for one mail") as raised,
        ):
            line.send(_letter(), b"x\r\n", ends_at=time.monotonic() + 0.3, before=lambda: time.sleep(0.25))
    assert not raised.value.is_final
    assert not raised.value.is_in_doubt
    assert not any(one.startswith("data") for one in server.lines)


def test_a_connection_is_ended_that_came_to_be_after_its_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = socket.getaddrinfo

    def slowly(*args: object, **more: object) -> object:
        time.sleep(0.6)
        return found(*args, **more)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr("socket.getaddrinfo", slowly)
    with mailserver() as server, app.app_context():
        send_through(app, server.port)
        with Delivery(threading.Event()) as line, pytest.raises(NotDeliveredError):
            line.send(_letter(), b"x\r\n", ends_at=time.monotonic() + 0.3)
    assert server.raw == []


def test_what_was_sent_before_is_written_down_before_an_address_is_refused(app: Flask) -> None:
    said: list[int] = []
    with mailserver() as server, app.app_context():
        server.extensions = ("8BITMIME",)
        send_through(app, server.port)
        ends_at = time.monotonic() + 30
        with Delivery(threading.Event()) as line:
            line.send(_letter(), b"x\r\n", ends_at=ends_at)
            with pytest.raises(NotDeliveredError, match="SMTPUTF8") as raised:
                line.send(
                    _letter(recipient="åsa@clinic.example"),
                    b"x\r\n",
                    ends_at=ends_at,
                    before=lambda: said.append(len(server.lines)),
                )
    assert raised.value.is_final
    assert server.lines[said[0] :] == ["rset", "quit"]


def test_a_mail_that_is_answered_for_at_no_try_is_held_after_the_third(app: Flask) -> None:
    with mailserver({TAKEN: DROP}) as server:
        send_through(app, server.port)
        mail_id = queue_note(app)
        ends = []
        for _ in range(3):
            make_due(mail_id)
            ends.append(deliver(mail_id, "me"))
    assert ends == [JobState.RETRYING, JobState.RETRYING, JobState.HELD]
    answer = str(outbox_row(mail_id)["last_answer"])
    assert answer.startswith(IN_DOUBT)
    assert "3 times in a row" in answer
    assert len(set(server.message_ids())) == 1


def test_a_try_that_is_in_no_doubt_begins_the_count_anew(app: Flask) -> None:
    mail_id = queue_note(app)
    ends = []
    for answers in ({TAKEN: DROP}, {TAKEN: DROP}, {"RCPT": "450 busy"}, {TAKEN: DROP}, {"RCPT": DROP}):
        with mailserver(answers) as server:
            send_through(app, server.port)
            make_due(mail_id)
            ends.append(deliver(mail_id, "me"))
    assert ends == [JobState.RETRYING] * 5


def test_a_large_mail_goes_in_pieces_that_each_have_their_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[int] = []
    send = Host.send

    def noting(host: Host, content: bytes | str) -> None:
        pieces.append(len(content))
        send(host, content)

    monkeypatch.setattr(Host, "send", noting)
    content = b"0123456789abcde\n" * 20_000
    attachment_makers.fill(
        "test-large",
        lambda _facts: Attachment(filename="a.bin", content_type="application/x-a", content=content),
    )
    try:
        with mailserver() as server:
            send_through(app, server.port)
            mail_id = queue_note(app, attachments=(AttachmentOrder(kind="test-large", facts={}),))
            assert deliver(mail_id, "me") == JobState.DONE
    finally:
        attachment_makers._entries.pop("test-large")
    (part,) = server.mails[0].iter_attachments()
    assert part.get_content() == content
    assert max(pieces) == delivery.PIECE


def test_each_mail_of_a_connection_has_the_servers_whole_patience(app: Flask) -> None:
    with mailserver(pause_s=3) as server, app.app_context():
        send_through(app, server.port)
        with Delivery(threading.Event()) as line:
            with pytest.raises(NotDeliveredError):
                line.send(_letter(), b"x\r\n", ends_at=time.monotonic() + 1)
            server.pause_s = 0.0
            line.send(_letter(), b"x\r\n", ends_at=time.monotonic() + 2.5)
            server.pause_s = 3
            # The connection was made when less than that was left.
            assert line.send(_letter(), b"x\r\n", ends_at=time.monotonic() + 60) == "250 taken"


def test_a_clock_that_is_wrong_takes_no_mail_out_of_anothers_hands(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # one file is on one machine, which has one clock
    mail_id = queue_note(app)
    assert outbox._claim("first") == [mail_id]
    later = timedelta(minutes=5)
    monkeypatch.setattr("conference.jobs.claim.real_now", lambda: real_now() + later)
    monkeypatch.setattr("conference.mail.settling.real_now", lambda: real_now() + later)
    assert outbox._claim("second") == []
