"""`conference worker` told to end: within ten seconds, and no mail is in doubt or waits for a lease."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from conference.db.base import db
from conference.mail.tables import OutboxRow
from tests.benchmarks.servers import office_environment
from tests.factories.mail import queue_note
from tests.factories.smtp import SILENT, TAKEN, Mailserver, mailserver

ROOT = Path(__file__).parents[2]
MAILS = 45
# Ten seconds, which tests/unit/jobs/test_leaving.py adds up from the parts; a machine that does other things may need
# some more, and a server that is silent is so for minutes.
ENDS_WITHIN_S = 60


@contextmanager
def worker(url: str, folder: Path, port: int, tls: str = "none") -> Iterator[subprocess.Popen[bytes]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    env = (
        clean
        | office_environment(url, folder)
        | {"CONFERENCE_MAIL_PORT": str(port), "CONFERENCE_MAIL_TLS": tls}
    )
    command = [sys.executable, "-m", "conference.cli", "worker", "--concurrency", "2"]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _rows() -> list[tuple[str, int, str]]:
    db.session.rollback()
    found = db.session.execute(select(OutboxRow.state, OutboxRow.attempts, OutboxRow.message_id))
    return [(row[0], row[1], row[2]) for row in found]


def _ended_in_time(process: subprocess.Popen[bytes]) -> int:
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(120)
    assert time.monotonic() - begun < ENDS_WITHIN_S
    return code


def _wait_for(server: Mailserver, lines: int, word: str) -> None:
    end = time.monotonic() + 30
    while sum(line.startswith(word) for line in server.lines) < lines:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_mails_in_dialogue_are_settled_and_the_others_queued(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    for number in range(MAILS):
        queue_note(app, f"p{number}@clinic.example")
    with mailserver(pause_s=0.4) as server, worker(database_url, tmp_path, server.port) as process:
        _wait_for(server, 5, "data")
        assert _ended_in_time(process) == 0
        taken = server.message_ids()
    rows = _rows()
    assert {(state, attempts) for state, attempts, _ in rows} == {("done", 1), ("queued", 0)}
    assert sorted(taken) == sorted(message_id for state, _, message_id in rows if state == "done")
    assert 5 <= len(taken) < MAILS


def test_a_silent_server_does_not_hold_it(app: Flask, database_url: str, tmp_path: Path) -> None:
    for number in range(MAILS):
        queue_note(app, f"p{number}@clinic.example")
    with mailserver({TAKEN: SILENT}) as server, worker(database_url, tmp_path, server.port) as process:
        _wait_for(server, 2, "data")
        assert _ended_in_time(process) == 0
    states = sorted((state, attempts) for state, attempts, _ in _rows())
    assert states == [("queued", 0)] * (MAILS - 2) + [("retrying", 1)] * 2


def test_a_server_that_shakes_no_hand_does_not_hold_it(app: Flask, database_url: str, tmp_path: Path) -> None:
    for number in range(3):
        queue_note(app, f"p{number}@clinic.example")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        worker(database_url, tmp_path, server.getsockname()[1], tls="tls") as process,
    ):
        server.settimeout(30)
        line, _ = server.accept()  # and says nothing to its TLS
        with line:
            assert line.recv(1)
            assert _ended_in_time(process) == 0
    assert {state for state, _, _ in _rows()} <= {"queued", "retrying", "running"}
