"""`conference worker --broker` as a process, with a broker that is there, away or empty; and told to end."""

import signal
import subprocess
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from conference.config import load_settings
from conference.db.base import db
from conference.jobs.broker import open_post
from conference.jobs.courier import Parcel
from conference.mail.tables import OutboxRow
from tests.factories.broker import broker_worker, needs_redis, redis_server, wait_for
from tests.factories.mail import make_due, queue_note
from tests.factories.smtp import closed_port, mailserver
from tests.integration.commands.test_commands import conference

# Ten seconds, which tests/unit/jobs/test_leaving.py adds up from the parts; a machine that does other things may need
# some more, and a server that is silent is so for minutes.
ENDS_WITHIN_S = 60
# A worker begins within some seconds, and its beat asks for the first sweep after five; on a busy machine much later.
SWEPT_WITHIN_S = 120
# Of tests that are about the broker alone, and take seconds.
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _fates() -> list[tuple[str, int, str]]:
    db.session.rollback()
    found = db.session.execute(select(OutboxRow.state, OutboxRow.attempts, OutboxRow.message_id))
    return [(row[0], row[1], row[2]) for row in found]


def _is_sent() -> bool:
    return {state for state, _, _ in _fates()} == {"done"}


def _end(process: "subprocess.Popen[bytes]") -> int:
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(120)
    assert time.monotonic() - begun < ENDS_WITHIN_S
    return code


@needs_redis
def test_what_the_broker_forgot_or_never_heard_of_is_swept(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    """Nobody announces these: to a broker they are as good as lost. One was left by a dead worker."""
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(30)]
    make_due(mails[0], state="retrying", attempts=2, last_answer="450 busy")
    with (
        redis_server(tmp_path) as redis,
        mailserver() as server,
        broker_worker(database_url, tmp_path, server.port, redis.url) as process,
    ):
        wait_for(_is_sent, SWEPT_WITHIN_S)
        with redis.client() as client:
            client.flushall()
        queue_note(app)
        wait_for(_is_sent, SWEPT_WITHIN_S)
        assert _end(process) == 0
    assert sorted(server.message_ids()) == sorted(message_id for _, _, message_id in _fates())


@only_sqlite
def test_while_the_broker_is_away_each_worker_sweeps_by_itself(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    queue_note(app)
    with closed_port() as port, mailserver() as server:
        url = f"redis://127.0.0.1:{port}/0"
        with broker_worker(database_url, tmp_path, server.port, url) as process:
            wait_for(_is_sent, SWEPT_WITHIN_S)
            assert _end(process) == 0
    assert len(server.raw) == 1


@needs_redis
@only_sqlite
def test_a_broker_that_hangs_holds_neither_mails_nor_the_end(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    with (
        redis_server(tmp_path) as redis,
        mailserver() as server,
        broker_worker(database_url, tmp_path, server.port, redis.url) as process,
    ):
        wait_for(lambda: redis.listeners() == 1, SWEPT_WITHIN_S)
        redis.hang()
        queue_note(app)
        wait_for(_is_sent, SWEPT_WITHIN_S)
        assert _end(process) == 0
    assert len(server.raw) == 1


@needs_redis
def test_told_to_end_it_finishes_the_mail_in_hand_and_gives_the_others_back(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    mails = tuple(queue_note(app, f"p{number}@clinic.example") for number in range(40))
    with redis_server(tmp_path) as redis, mailserver(pause_s=0.4) as server:
        with broker_worker(database_url, tmp_path, server.port, redis.url, "--concurrency", "2") as process:
            wait_for(lambda: redis.listeners() == 1, SWEPT_WITHIN_S)
            with open_post(load_settings({}, "test", {"BROKER_URL": redis.url})) as post:
                post(Parcel(source="mail", row_ids=mails[:20], rank=0))
                post(Parcel(source="mail", row_ids=mails[20:], rank=0))
            wait_for(lambda: len(server.raw) >= 4, 60)
            assert _end(process) == 0
        taken = server.message_ids()
    fates = _fates()
    assert {(state, attempts) for state, attempts, _ in fates} == {("done", 1), ("queued", 0)}
    assert sorted(taken) == sorted(message_id for state, _, message_id in fates if state == "done")


NOT_SET = (
    "CONFERENCE_BROKER_URL is not set, so there is no broker to listen to. Set it, as in"
    " redis://127.0.0.1:6379/0, or run `conference worker` without --broker.\n"
)
NOT_READ = "CONFERENCE_BROKER_URL: its value cannot be used: must begin with redis://, rediss://, amqp:// or amqps://.\n"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [({}, NOT_SET), ({"CONFERENCE_BROKER_URL": "http://broker.example"}, NOT_READ)],
)
def test_a_worker_without_a_broker_says_what_to_set(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    safe = {
        "CONFERENCE_SECRET_KEY": "a" * 40,
        "CONFERENCE_BASE_URL": "https://conference.example",
        "CONFERENCE_MAIL_SERVER": "smtp.example",
        "CONFERENCE_MAIL_SENDER": "office@conference.example",
    }
    answer = conference(tmp_path, "worker", "--broker", **safe, **settings)
    assert (answer.returncode, answer.stdout, answer.stderr) == (2, "", sentence)
