"""A server that does not serve us is asked by one mail a pause, and no mail is given up for it."""

import threading
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail import outbox, pausing
from conference.mail.outbox import deliver
from conference.mail.pausing import Pause, server_pause
from conference.mail.tables import AttemptRow, OutboxRow
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.smtp import TAKEN, closed_port, mailserver, send_through


def work_off() -> int:
    return outbox.outbox.work_off("me", threading.Event())


def _states() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(OutboxRow.state)))


def _tries() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(AttemptRow.id)).all())


def _let_it_pass(app: Flask) -> None:
    """Let the pause be over."""
    with app.app_context():
        server_pause()._until = 0.0


@pytest.mark.parametrize(
    ("answers", "extensions", "settings"),
    [
        ({"MAIL": "530 5.7.57 client not authenticated"}, (), {}),
        ({"MAIL": "550 5.7.60 sender denied"}, (), {}),
        ({"AUTH": "535 5.7.3 no"}, ("AUTH PLAIN LOGIN",), {"mail_username": "office", "mail_password": "x"}),
        ({}, ("8BITMIME",), {"mail_reply_to": "büro@conference.example"}),
        ({}, ("AUTH XOAUTH2",), {"mail_username": "büro@x", "mail_oauth_token_command": "echo token"}),
    ],
)
def test_what_speaks_of_us_costs_no_mail(
    app: Flask, answers: dict[str, str], extensions: tuple[str, ...], settings: dict[str, str]
) -> None:
    for number in range(45):
        queue_note(app, f"p{number}@clinic.example")
    with mailserver(answers) as server:
        server.extensions = extensions
        send_through(app, server.port, **settings)
        assert [work_off() for _ in range(3)] == [1, 0, 0]
        assert (_states(), _tries(), server.connections) == ({"queued": 44, "retrying": 1}, 1, 1)
        _let_it_pass(app)
        assert [work_off(), work_off()] == [1, 0]
        server.answers.clear()
        server.extensions = ("8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN XOAUTH2")
        send_through(app, server.port, **dict.fromkeys(settings, ""))
        _let_it_pass(app)
        assert work_off() == 43  # the first asks, and then all go
    assert _states() == {"done": 43, "retrying": 2}


def test_the_words_name_what_is_to_be_set(app: Flask) -> None:
    mail_id = queue_note(app)
    with mailserver() as server:
        server.extensions = ("8BITMIME",)
        send_through(app, server.port, mail_reply_to="büro@conference.example")
        assert deliver(mail_id, "me") == JobState.RETRYING
    assert "CONFERENCE_MAIL_REPLY_TO" in str(outbox_row(mail_id)["last_answer"])


def test_a_mail_too_large_for_the_server_is_its_own_fault(app: Flask) -> None:
    mails = [queue_note(app), queue_note(app)]
    with mailserver({"MAIL": "552 5.3.4 message size exceeds"}) as server:
        send_through(app, server.port)
        assert work_off() == 2
    assert [outbox_row(one)["state"] for one in mails] == ["failed", "failed"]


def test_a_password_beyond_ascii_signs_in(app: Flask) -> None:
    mail_id = queue_note(app)
    with mailserver({"AUTH": "235 welcome"}) as server:
        server.extensions = ("AUTH PLAIN",)
        send_through(app, server.port, mail_username="office", mail_password="lösenord")
        assert deliver(mail_id, "me") == JobState.DONE
    assert "AUTH PLAIN AG9mZmljZQBsw7ZzZW5vcmQ=" in server.lines


@pytest.mark.parametrize("answer", ["250 taken", "251 forwarded", "252 accepted", "200 fine"])
def test_every_kind_of_yes_is_one(app: Flask, answer: str) -> None:
    mail_id = queue_note(app)
    with mailserver({TAKEN: answer, "RCPT": answer}) as server:
        send_through(app, server.port)
        assert deliver(mail_id, "me") == JobState.DONE
    assert outbox_row(mail_id)["last_answer"] == answer


@pytest.mark.parametrize("answer", ["OK queued", "354 more", "199 wait"])
def test_what_is_neither_yes_nor_no_leaves_the_mail_in_doubt_and_is_held_at_the_third(
    app: Flask, answer: str
) -> None:
    mail_id = queue_note(app)
    ends = []
    with mailserver({TAKEN: answer}) as server:
        send_through(app, server.port)
        for _ in range(3):
            make_due(mail_id)
            ends.append(deliver(mail_id, "me"))
    assert ends == [JobState.RETRYING, JobState.RETRYING, JobState.HELD]


def test_a_mail_that_cannot_be_made_ends_no_pause_and_holds_none_up(app: Flask) -> None:
    with closed_port() as port:
        send_through(app, port)
        first = queue_note(app)
        work_off()
    emptied = queue_note(app)
    make_due(emptied, recipient="")
    second = queue_note(app)
    with mailserver() as server:
        send_through(app, server.port)
        _let_it_pass(app)
        work_off()
        work_off()
    states = [outbox_row(one)["state"] for one in (first, emptied, second)]
    assert states == ["retrying", "cancelled", "done"]


def test_pauses_grow_and_end_with_the_first_success(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(pausing, "JITTER", 0.0)
    pause, waits = Pause(), []
    assert pause.room(100) == 100
    for _ in range(8):
        pause.refused()
        begun = now[0]
        while not pause.room(100):
            now[0] += 1
        waits.append(now[0] - begun)
    assert waits == [15, 30, 60, 120, 240, 480, 600, 600]
    # One asks, and nobody else meanwhile.
    assert [pause.room(100), pause.room(100)] == [0, 0]
    pause.served()
    assert pause.room(100) == 100


def test_who_never_told_how_it_went_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    pause = Pause()
    pause.refused()
    now[0] += 20
    assert (pause.room(100), pause.room(100)) == (1, 0)
    now[0] += pausing.ASKING_S
    assert pause.room(100) == 1
