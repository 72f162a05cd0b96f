"""From, Reply-To and envelope apart, and `conference check --mail`."""

from pathlib import Path

import pytest
from flask import Flask

from conference.jobs.model import JobState
from conference.mail.outbox import deliver
from tests.benchmarks.servers import office_environment
from tests.factories.mail import queue_note
from tests.factories.smtp import DROP, Mailserver, closed_port, mailserver, send_through
from tests.integration.commands.test_commands import conference


def test_from_reply_to_and_envelope_are_set_apart(app: Flask) -> None:
    with mailserver() as server:
        send_through(
            app,
            server.port,
            mail_sender='"Office, the" <office@conference.example>',
            mail_reply_to="desk@conference.example",
            mail_envelope_sender="bounces@mail.conference.example",
        )
        assert deliver(queue_note(app), "me") == JobState.DONE
    (mail,) = server.mails
    assert next(line for line in server.lines if line.startswith("mail")).startswith(
        "mail FROM:<bounces@mail.conference.example>"
    )
    assert mail["From"].addresses[0].addr_spec == "office@conference.example"
    assert (str(mail["Reply-To"]), mail["Return-Path"]) == ("desk@conference.example", None)


def _check(folder: Path, port: int, address: str = "me@clinic.example", **more: str) -> tuple[int, str, str]:
    env = office_environment(f"sqlite:///{folder}/none.sqlite3", folder) | {"CONFERENCE_MAIL_PORT": str(port)}
    del env["CONFERENCE_INSTANCE"]
    answer = conference(folder, "check", "--mail", address, **(env | more))
    assert "Traceback" not in answer.stderr
    return answer.returncode, answer.stdout, answer.stderr


def _taken(server: Mailserver) -> list[str]:
    return [str(mail["To"]) for mail in server.mails]


def test_check_sends_one_mail_and_prints_each_answer(tmp_path: Path) -> None:
    with mailserver({"AUTH": "235 welcome"}, extensions=("AUTH PLAIN", "8BITMIME")) as server:
        login = {"CONFERENCE_MAIL_USERNAME": "office", "CONFERENCE_MAIL_PASSWORD": "geheim"}
        code, told, error = _check(tmp_path, server.port, **login)
    assert (code, error, _taken(server)) == (0, "", ["me@clinic.example"])
    assert told.splitlines() == [
        "220 loopback ready",
        "250 loopback",
        "250 AUTH PLAIN",
        "250 8BITMIME",
        "235 welcome",
        "250 fine",
        "250 fine",
        "354 go on",
        "250 taken",
        "221 bye",
        "The mail server took the mail to me@clinic.example.",
    ]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"RCPT": "550 5.1.1 unknown"}, "did not take the mail: 550 5.1.1 unknown"),
        ({"GREETING": "554 go away"}, "cannot be used: 554 go away"),
        ({"DATA": DROP}, "did not take the mail: SMTPServerDisconnected: Connection unexpectedly closed"),
    ],
)
def test_a_refusal_is_one_sentence_and_a_code(tmp_path: Path, answers: dict[str, str], sentence: str) -> None:
    with mailserver(answers) as server:
        code, told, error = _check(tmp_path, server.port)
    assert (code, error) == (2, f"The mail server 127.0.0.1:{server.port} {sentence}\n")
    assert "took the mail" not in told


def test_nobody_there_and_no_address_are_sentences(tmp_path: Path) -> None:
    with closed_port() as port:
        code, _, error = _check(tmp_path, port)
        assert (code, "cannot be used: ConnectionRefusedError" in error) == (2, True)
        code, _, error = _check(tmp_path, port, "nobody")
        assert (code, error) == (2, "'nobody' is no address: write it as in office@conference.example.\n")
        code, _, error = _check(tmp_path, port, CONFERENCE_MAIL_SERVER="")
        assert (code, error) == (2, "No mail can be sent: set CONFERENCE_MAIL_SERVER.\n")
