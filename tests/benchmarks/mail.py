"""`mail`: a message to many, sent by one worker, beside a bare loop of smtplib over one connection in the same run.

The server (mail_sink) puts each mail on its disk before it says 250, as servers must; `--memory` takes one that does
not. The loop's messages are ready-made and of the same size; the worker claims, composes, sends and marks. Twenty rounds
of each take turns, each compared with the one beside it. `enqueue_cpu_s` is what writing all mails into the outbox
took, `rss_growth_mib` how much the process grew from the second round to the last.
"""

import argparse
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import flask_migrate
import psutil
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from conference.app import create_app
from conference.config import load_settings
from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.composing import Message
from conference.mail.model import Rank
from conference.mail.outbox import _READ, _letter, outbox
from conference.mail.service import enqueue
from conference.mail.tables import OutboxRow
from tests.benchmarks.servers import ROOT, databases, office_environment

ROUNDS = 20
READY_MADE = 50
SENDER = "office@conference.example"
WORDS = (
    "Dear Åsa Exempelsson,\n\nthe session on measurable residual disease moves to Thursday, 14:00, in the great hall. "
    "Whoever signed up for the workshop at that hour keeps the place; the workshop begins an hour later.\n\n"
) * 3


@contextmanager
def _sink(*, in_memory: bool) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.mail_sink", *(["memory"] if in_memory else [])]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sink:
        assert sink.stdout is not None
        assert sink.stdin is not None
        yield int(sink.stdout.readline())
        sink.stdin.close()


def _enqueue(count: int) -> float:
    """Write so many mails, 500 a transaction and none due yet; return the CPU seconds."""
    before = time.process_time()
    for first in range(0, count, 500):
        numbers = range(first, min(count, first + 500))
        transact(partial(_write, numbers))
    taken = time.process_time() - before
    later = {"due_at": real_now() + timedelta(hours=1)}
    transact(lambda session: session.execute(update(OutboxRow).values(later)))
    return taken


def _write(numbers: range, session: Session) -> None:
    for number in numbers:
        enqueue(
            session,
            kind="message",
            recipient=f"asa{number}@demo.example",
            recipient_name=f"Åsa Exempelsson {number}",
            about=("registration", number),
            facts={"wanted_subject": "A session has moved", "parts": [WORDS]},
            rank=Rank.CAMPAIGN,
        )


def _send(first: int, last: int) -> float:
    """Let the mails of these numbers be due, and return how many a second one worker sends."""
    due = update(OutboxRow).where(OutboxRow.id.between(first, last)).values(due_at=real_now())
    transact(lambda session: session.execute(due))
    begun, done = time.perf_counter(), 0
    while done <= last - first:
        done += outbox.work_off("benchmark", threading.Event())
    return done / (time.perf_counter() - begun)


def _send_bare(port: int, mails: Sequence[tuple[str, bytes]], count: int) -> float:
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, "conference.example", timeout=30) as server:
        for number in range(count):
            recipient, content = mails[number % len(mails)]
            server.sendmail(SENDER, [recipient], content)
    return count / (time.perf_counter() - begun)


def _ready_made() -> list[tuple[str, bytes]]:
    with db.engine.connect() as connection:
        rows = connection.execute(_READ.limit(READY_MADE)).all()
    return [(row.recipient, Message(_letter(row)).wire()) for row in rows]


def measure(count: int, *, in_memory: bool = False) -> dict[str, Any]:
    """Return the figures of so many mails."""
    with databases() as (url, _), tempfile.TemporaryDirectory() as folder, _sink(in_memory=in_memory) as port:
        environment = office_environment(url, Path(folder)) | {"CONFERENCE_MAIL_PORT": str(port)}
        with create_app(load_settings(environment, "test")).app_context():
            flask_migrate.upgrade()
            enqueue_cpu_s = _enqueue(count)
            mails, process = _ready_made(), psutil.Process()
            rates, floor_rates, sizes = [], [], []
            each = count // ROUNDS
            with counted_statements() as statements:
                for number in range(ROUNDS):
                    rates.append(_send(number * each + 1, (number + 1) * each))
                    floor_rates.append(_send_bare(port, mails, each))
                    sizes.append(process.memory_info().rss)
            states = select(func.count()).where(OutboxRow.state == "done")
            assert db.session.scalar(states) == each * ROUNDS
            db.session.remove()
            db.engine.dispose()
    ratios = [rate / floor_rate for rate, floor_rate in zip(rates, floor_rates, strict=True)]
    return {
        "name": "mail",
        "count": count,
        "rate": round(statistics.median(rates), 1),
        "floor_rate": round(statistics.median(floor_rates), 1),
        "ratio": round(statistics.median(ratios), 3),
        "peak_rss_mib": round(max(sizes) / 2**20, 1),
        "queries": len(statements) // count,
        "enqueue_cpu_s": round(enqueue_cpu_s, 2),
        "rss_growth_mib": round((sizes[-1] - sizes[1]) / 2**20, 1),
    }


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` mails, in twenty rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--memory", action="store_true", help="to a server that keeps no mail on its disk")
    given = parser.parse_args(arguments)
    return measure(given.count, in_memory=given.memory)
