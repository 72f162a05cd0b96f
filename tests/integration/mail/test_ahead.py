"""The next mail is composed while the server takes one; and only where that puts nothing in doubt."""

import smtplib
import threading

import pytest
from flask import Flask
from sqlalchemy import Connection

from conference.mail import outbox, settling
from conference.mail.model import AttachmentOrder
from tests.factories.mail import outbox_row, queue_note
from tests.factories.smtp import mailserver, send_through


def _order(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return in which order mails are composed and taken."""
    seen: list[str] = []
    compose = outbox._compose

    def composing(row: object) -> object:
        seen.append(f"compose {row.id}")  # type: ignore[attr-defined]  # a row of any columns
        return compose(row)  # type: ignore[arg-type]  # passed through

    settle = settling._settle

    def settling_all(connection: Connection, noted: settling._Note, owner: str) -> list[int]:
        seen.extend(f"settle {mail_id} {end.state}" for mail_id, end in noted.ends.items())
        return settle(connection, noted, owner)

    def saying(host: smtplib.SMTP, verb: str, more: str = "") -> None:
        # Of each dialogue the question that begins it, and the one after which the mail is in doubt.
        seen.extend([verb] if verb in {"mail", "data"} else [])
        putcmd(host, verb, more)

    putcmd = smtplib.SMTP.putcmd
    with mailserver() as server, monkeypatch.context() as patch:
        send_through(app, server.port)
        patch.setattr(smtplib.SMTP, "putcmd", saying)
        patch.setattr(outbox, "_compose", composing)
        patch.setattr(settling, "_settle", settling_all)
        outbox.outbox.work_off("me", threading.Event())
    return seen


def test_words_are_composed_ahead(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_note(app)
    queue_note(app)
    assert _order(app, monkeypatch) == [
        *("compose 1", "mail", "data", "compose 2"),
        # Written while the server thinks about the next mail, and before that one is in doubt.
        *("mail", "settle 1 done", "data", "settle 2 done"),
    ]


def test_papers_are_made_in_their_turn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_note(app)
    queue_note(app, attachments=(AttachmentOrder(kind="nobody", facts={}),))
    assert _order(app, monkeypatch) == [
        *("compose 1", "mail", "data"),
        *("settle 1 done", "compose 2", "settle 2 held"),
    ]


@pytest.mark.parametrize("line", [".", "..", ".hidden"])
def test_a_line_that_begins_with_a_dot_arrives(app: Flask, line: str) -> None:
    mail_id = queue_note(app, name=f"{line}")
    with mailserver() as server:
        send_through(app, server.port)
        outbox.deliver(mail_id, "me")
    assert outbox_row(mail_id)["state"] == "done"
    assert server.raw[0].endswith(b"\r\n")


def test_an_address_that_no_dialogue_can_carry_is_held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_id = queue_note(app)
    with mailserver() as server:
        send_through(app, server.port)
        putcmd = smtplib.SMTP.putcmd

        def saying(host: smtplib.SMTP, verb: str, more: str = "") -> None:
            if verb == "rcpt":
                raise ValueError("no such words")
            putcmd(host, verb, more)

        monkeypatch.setattr(smtplib.SMTP, "putcmd", saying)
        outbox.deliver(mail_id, "me")
    row = outbox_row(mail_id)
    assert (row["state"], row["last_answer"]) == ("held", "ValueError: no such words")
