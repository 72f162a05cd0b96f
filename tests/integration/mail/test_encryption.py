import pytest
from flask import Flask

from conference.jobs.model import JobState
from conference.mail.outbox import deliver
from tests.factories.mail import outbox_row, queue_note
from tests.factories.smtp import CERTIFICATE, mailserver, send_through, server_context

SENT = (JobState.DONE, "250 taken")


def _send(app: Flask, port: int, **changes: str) -> tuple[JobState | None, object]:
    send_through(app, port, **changes)
    mail_id = queue_note(app)
    return deliver(mail_id, "me"), outbox_row(mail_id)["last_answer"]


@pytest.mark.parametrize(("mail_tls", "at_once"), [("starttls", False), ("tls", True)])
def test_a_server_with_a_known_certificate_is_trusted(app: Flask, mail_tls: str, at_once: bool) -> None:
    with mailserver(tls=server_context(), from_the_first_byte=at_once) as server:
        assert _send(app, server.port, mail_tls=mail_tls, mail_ca_file=str(CERTIFICATE)) == SENT
    assert len(server.raw) == 1


@pytest.mark.parametrize(("mail_tls", "at_once"), [("starttls", False), ("tls", True)])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "self-signed certificate"),
        ({"mail_ca_file": str(CERTIFICATE), "mail_server": "localhost"}, "Hostname mismatch"),
    ],
)
def test_a_certificate_that_does_not_hold_stops_everything(
    app: Flask, mail_tls: str, at_once: bool, changes: dict[str, str], reason: str
) -> None:
    with mailserver(tls=server_context(), from_the_first_byte=at_once) as server:
        state, answer = _send(app, server.port, mail_tls=mail_tls, **changes)
    assert (state, server.raw) == (JobState.RETRYING, [])
    assert reason in str(answer)
    assert not [line for line in server.lines if line.lower().startswith("mail")]


def test_a_server_that_offers_no_encryption_gets_no_mail(app: Flask) -> None:
    with mailserver() as server:
        state, answer = _send(app, server.port, mail_tls="starttls")
    assert (state, server.raw) == (JobState.RETRYING, [])
    assert answer == "SMTPNotSupportedError: STARTTLS extension not supported by server."
    assert not [line for line in server.lines if line.lower().startswith("mail")]
