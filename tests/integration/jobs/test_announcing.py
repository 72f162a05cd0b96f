"""Rows are announced when their transaction is committed, and a message about them may come late, twice or wrong."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from conference.config import Settings, SettingsError
from conference.db.base import db
from conference.db.work import unit_of_work
from conference.jobs import broker, broker_worker, opening
from conference.jobs.announcing import carry_with
from conference.jobs.broker_worker import Tasks
from conference.jobs.model import Announced, JobState
from conference.jobs.opening import open_broker
from conference.jobs.queries import get_job
from conference.mail.model import Rank
from conference.mail.outbox import outbox
from conference.mail.service import enqueue
from conference.mail.tables import OutboxRow
from tests.factories.broker import silent_port
from tests.factories.mail import make_due, note_templates, outbox_row, queue_note
from tests.factories.registration import make_category
from tests.factories.smtp import closed_port, mailserver, send_through
from tests.factories.web import REGISTRATION_FORM, token_of
from tests.faults.sending import _naive_claim
from tests.integration.jobs.test_jobs import asked

# Far more than a form takes on a busy machine, and well below what a connection to the broker may take in that test.
AT_ONCE_S = 20
AWAY_S = 60.0


@pytest.fixture
def told(app: Flask) -> list[Announced]:
    """What a broker would have been told."""
    rows: list[Announced] = []
    carry_with(app, rows.extend)
    return rows


def _tasks(app: Flask) -> Tasks:
    return Tasks(app, threading.Event())


def _with_broker(app: Flask, url: str) -> None:
    settings: Settings = app.extensions["conference.settings"]
    open_broker(app, replace(settings, broker_url=url))


def test_a_mail_and_a_job_are_announced_by_name_and_number(app: Flask, told: list[Announced]) -> None:
    first, second = queue_note(app), queue_note(app, rank=Rank.CAMPAIGN)
    job = asked()
    assert told == [
        Announced(source="mail", row_id=first, rank=0),
        Announced(source="mail", row_id=second, rank=1),
        Announced(source="jobs", row_id=job),
    ]


def test_what_is_rolled_back_is_announced_to_nobody(app: Flask, told: list[Announced]) -> None:
    def fail() -> None:
        with unit_of_work() as session:
            enqueue(
                session,
                kind="note",
                recipient="asa@clinic.example",
                recipient_name="Åsa",
                about=("registration", 1),
                facts={"name": "Åsa"},
            )
            raise RuntimeError

    with note_templates(app), pytest.raises(RuntimeError):
        fail()
    assert told == []


def test_nothing_is_announced_before_the_commit(app: Flask, told: list[Announced]) -> None:
    seen: list[list[Announced]] = []
    with note_templates(app), unit_of_work() as session:
        for _ in range(2):
            enqueue(
                session,
                kind="note",
                recipient="asa@clinic.example",
                recipient_name="Åsa",
                about=("registration", 1),
                facts={"name": "Åsa"},
            )
        seen.append(list(told))
    assert (seen, len(told)) == ([[]], 2)


def test_a_message_that_comes_twice_sends_one_mail(app: Flask) -> None:
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(4)]
    with mailserver(pause_s=0.05) as server, ThreadPoolExecutor(4) as threads:
        send_through(app, server.port)
        for _ in range(4):
            threads.submit(_tasks(app).run, "mail", mails)
        threads.shutdown()
    assert len(server.raw) == 4
    assert {(outbox_row(one)["state"], outbox_row(one)["attempts"]) for one in mails} == {("done", 1)}


def test_the_mails_of_one_message_go_over_one_connection(app: Flask) -> None:
    """Told of once: of four that run at the same moment each may have claimed a part, over a connection of its own."""
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(4)]
    with mailserver() as server:
        send_through(app, server.port)
        _tasks(app).run("mail", mails)
    assert (len(server.raw), server.connections) == (4, 1)


def test_control_without_the_claim_a_message_that_comes_twice_doubles_the_mail(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_id = queue_note(app)
    both_have_read = threading.Barrier(2)
    monkeypatch.setattr("conference.mail.outbox._claim", _naive_claim)
    with mailserver() as server, ThreadPoolExecutor(4) as threads:

        def come_between() -> None:
            """Let two read before either marks, and all but one mark when that one is sending."""
            with suppress(threading.BrokenBarrierError):  # once two have read, nobody waits for another
                if both_have_read.wait(60) == 0:
                    both_have_read.abort()
                    return
            server.data_begun.wait(60)

        monkeypatch.setattr("tests.faults.sending._between", come_between)
        send_through(app, server.port)
        for _ in range(4):
            threads.submit(_tasks(app).run, "mail", [mail_id])
        threads.shutdown()
    assert len(server.raw) > 1


def test_a_message_about_a_mail_that_is_not_due_sends_nothing(app: Flask) -> None:
    mail_id = queue_note(app)
    with mailserver() as server:
        send_through(app, server.port)
        for state in (JobState.DONE, JobState.FAILED, JobState.HELD, JobState.CANCELLED):
            make_due(mail_id, state=state)
            _tasks(app).run("mail", [mail_id, 10_000])
            assert outbox_row(mail_id)["state"] == state
    assert server.connections == 0


def test_the_limits_of_a_minute_hold_for_messages_too(app: Flask) -> None:
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(5)]
    with mailserver() as server:
        send_through(app, server.port, mail_per_minute=3)
        _tasks(app).run("mail", mails[:2])
        _tasks(app).run("mail", mails[2:])
        _tasks(app).sweep()
        assert len(server.raw) == 3
        send_through(app, server.port, mail_per_minute=0)
        _tasks(app).sweep()
        assert len(server.raw) == 5


def test_a_message_about_a_job_wakes_what_works_apart(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper takes minutes, which a thread that sends mails has not."""
    job, woken = asked(1), []
    monkeypatch.setattr(broker_worker, "wake", lambda: woken.append(1))
    _tasks(app).run("jobs", [job])
    _tasks(app).sweep()
    assert (woken, get_job(job, "counting").state) == ([1], JobState.QUEUED)


@pytest.mark.parametrize(
    ("source", "row_ids"),
    [("nobody", [1]), ("lost links", [1]), ("mail", ["x"]), ("mail", []), ("mail", [10**30])],
)
def test_a_message_from_anywhere_else_does_nothing(app: Flask, source: str, row_ids: list[int]) -> None:
    mail_id = queue_note(app)
    _tasks(app).run(source, row_ids)
    assert (outbox_row(mail_id)["state"], outbox_row(mail_id)["attempts"]) == ("queued", 0)


def test_told_to_stop_nothing_is_begun(app: Flask) -> None:
    mail_id, stop = queue_note(app), threading.Event()
    stop.set()
    Tasks(app, stop).run("mail", [mail_id])
    Tasks(app, stop).sweep()
    assert outbox_row(mail_id)["state"] == "queued"


@pytest.fixture(params=["closed", "silent"])
def away(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a broker that is away: nobody listens, or nobody answers."""
    with closed_port() if request.param == "closed" else silent_port() as port:
        yield f"redis://:secret@127.0.0.1:{port}/0"


def test_without_a_broker_a_registration_is_as_fast_and_its_mail_goes_by_the_poller(
    app: Flask, client: FlaskClient, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONNECT_S", "ANSWER_S"):
        monkeypatch.setattr(broker, name, AWAY_S)
    _with_broker(app, away)
    category = str(make_category())
    begun = time.monotonic()
    sent = {**REGISTRATION_FORM, "csrf_token": token_of(client, "/register"), "category": category}
    answer = client.post("/register", data=sent)
    assert (answer.status_code, time.monotonic() - begun < AT_ONCE_S) == (303, True), answer.text
    db.session.rollback()
    assert list(db.session.execute(select(OutboxRow.state, OutboxRow.recipient))) == [
        ("queued", "asa@demo.example")
    ]
    with mailserver() as server:
        send_through(app, server.port)
        assert outbox.work_off("poller", threading.Event()) == 1
    assert len(server.raw) == 1


@pytest.mark.parametrize(("url", "missing"), [("redis://h", "redis"), ("amqp://h", "amqp")])
def test_a_broker_without_its_library_is_refused_with_the_way_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch, url: str, missing: str
) -> None:
    for name in ("celery", missing):
        with monkeypatch.context() as patch:
            patch.setattr(opening, "find_spec", lambda asked, gone=name: None if asked == gone else asked)
            with pytest.raises(SettingsError) as raised:
                _with_broker(app, url)
        assert str(raised.value) == (
            f"CONFERENCE_BROKER_URL is set, and the library {name} is not installed. Install it with"
            " `pip install 'conference-office[broker]'`, or unset CONFERENCE_BROKER_URL."
        )
