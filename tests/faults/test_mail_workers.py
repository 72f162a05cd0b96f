"""trust.md 11 with real processes: a worker killed with a mail in hand, and two workers on one outbox."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from conference.db.base import db
from conference.mail.tables import OutboxRow
from tests.conftest import settings_for
from tests.factories.mail import outbox_row, queue_note
from tests.factories.smtp import SILENT, TAKEN, Mailserver, mailserver

ROOT = Path(__file__).parent.parent.parent
MAILS = 40
Process = subprocess.Popen[str]


@contextmanager
def workers(
    count: int, url: str, folder: Path, port: int, lease_s: int, guard: str = "claim"
) -> Iterator[list[Process]]:
    """Yield so many worker processes that have begun at the same moment; they are dead afterwards."""
    command = [sys.executable, "-m", "tests.faults.sending", url, str(folder), str(port), str(lease_s), guard]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def _wait(until: Callable[[], bool], at_most_s: float) -> None:
    end = time.monotonic() + at_most_s
    while not until():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def _unsent() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(OutboxRow.state != "done")) or 0


def test_a_mail_of_a_killed_worker_is_sent_by_the_next_one_exactly_once(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    mail_id = queue_note(app)
    with mailserver({TAKEN: SILENT}) as server:
        with workers(1, database_url, tmp_path, server.port, 4) as (first,):
            assert server.data_begun.wait(60)
            first.kill()
            first.wait()
        lease_until = outbox_row(mail_id)["lease_until"]
        assert isinstance(lease_until, datetime)
        assert (outbox_row(mail_id)["state"], server.raw) == ("running", [])
        server.answers.clear()
        with workers(1, database_url, tmp_path, server.port, 4):
            _wait(lambda: _unsent() == 0, 60)
    row = outbox_row(mail_id)
    assert (row["state"], row["attempts"], server.message_ids()) == ("done", 2, [row["message_id"]])
    assert isinstance(row["sent_at"], datetime)
    assert row["sent_at"] >= lease_until


def _send_by_two(app: Flask, url: str, folder: Path, guard: str) -> tuple[Mailserver, Counter[str]]:
    for number in range(MAILS):
        queue_note(app, recipient=f"person{number}@clinic.example")
    with mailserver() as server, workers(2, url, folder, server.port, 120, guard):
        _wait(lambda: _unsent() == 0, 120)
    return server, Counter(server.message_ids())


def test_two_workers_send_each_mail_once(app: Flask, database_url: str, tmp_path: Path) -> None:
    server, sent = _send_by_two(app, database_url, tmp_path, "claim")
    assert (len(sent), set(sent.values())) == (MAILS, {1})
    # Each worker sends its batches of twenty over one connection.
    assert server.connections <= 4


def test_control_without_the_claim_two_workers_send_doubles(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    _, sent = _send_by_two(app, database_url, tmp_path, "naive")
    assert max(sent.values()) > 1


def test_the_default_lease_brings_a_mail_back_within_two_minutes(tmp_path: Path) -> None:
    assert settings_for("sqlite://", tmp_path).lease_s == 120
