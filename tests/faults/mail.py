"""`mail`: workers are killed at a random instant, one after the other, while mails go out to a server on loopback.

Beside them lives one worker that takes up what they leave, as on any machine that starts its worker again.

For each database one line: what was `enqueued` and `delivered`; what is `lost`; what was `doubled`, and how much of
that `doubled_after_data`: the server had the whole mail, and the worker was killed before it had noted the answer;
what was `held` because five workers in a row died with it, and was released as the office would; and the longest
time from a kill to the next worker's claim of what the dead one had.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from conference.app import create_app
from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.service import send_again
from conference.mail.tables import AttemptRow, OutboxRow
from tests.conftest import settings_for
from tests.factories.databases import running_postgres
from tests.factories.mail import queue_note, read_back
from tests.factories.smtp import Mailserver, mailserver

ROOT = Path(__file__).parents[2]
LEASE_S = 2
# So many, and so slowly taken, that about half of the kills meet a worker with a mail in hand, and that no queue
# grows whose length would be measured instead of the lease.
MAILS_A_ROUND = 4
ANSWERS_AFTER_S = 0.03
# Long enough to connect and to send some mails, short enough that each moment of that is hit.
LONGEST_LIFE_S = 0.5
# Rarely enough that new mails go to the worker that will be killed, and lost ones soon to the one that lives.
VICTIM_LOOKS_EVERY_S, SURVIVOR_LOOKS_EVERY_S = 0.02, 0.3
ENDS_WITHIN_S = 120


class Nursery:
    def __init__(
        self, url: str, folder: Path, port: int, lease_s: int = LEASE_S, broker_url: str = ""
    ) -> None:
        given = [url, str(folder), str(port), str(lease_s), broker_url]
        command = [sys.executable, "-m", "tests.faults.nursery", *given]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._said() == "ready"

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def bear(self, kind: float | str) -> int:
        """Return the process id of a worker that has begun: it looks for work so often, or is a "broker" one."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{kind}\n")
        self._process.stdin.flush()
        return int(self._said())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Waits:
    """From each kill to the next claim of what the dead worker had: a claim is as old as its lease."""

    def __init__(self) -> None:
        self._lost: dict[int, tuple[str, datetime]] = {}
        self.longest_s = 0.0

    def look(self, killed_at: datetime) -> None:
        """Note what was claimed anew since the last kill, and what this one has cost."""
        rows = db.session.execute(
            select(OutboxRow.id, OutboxRow.lease_owner, OutboxRow.lease_until).where(
                OutboxRow.state == "running", OutboxRow.lease_until.is_not(None)
            )
        ).all()
        db.session.rollback()
        for mail_id, owner, until in rows:
            assert owner is not None
            assert until is not None
            lost = self._lost.get(mail_id)
            if lost is None or lost[0] != owner:
                self._claimed(mail_id, until - timedelta(seconds=LEASE_S))
                self._lost[mail_id] = (owner, killed_at)

    def forget(self, mail_id: int) -> None:
        """Count no wait of a mail that was held: it waited for a person."""
        self._lost.pop(mail_id, None)

    def end(self) -> None:
        for mail_id in tuple(self._lost):
            tries = select(func.max(AttemptRow.began_at)).where(AttemptRow.mail_id == mail_id)
            at = db.session.scalar(tries)
            assert at is not None
            self._claimed(mail_id, at)

    def _claimed(self, mail_id: int, at: datetime) -> None:
        if mail_id in self._lost:
            _, killed_at = self._lost.pop(mail_id)
            self.longest_s = max(self.longest_s, (at - killed_at).total_seconds())


def _kill_many(app: Flask, nursery: Nursery, rounds: int, waits: Waits) -> int:
    """Kill so many workers, and return how many mails had to be released by hand meanwhile."""
    chance, released = random.Random(), 0
    for number in range(rounds):
        for one in range(MAILS_A_ROUND):
            queue_note(app, f"p{number}-{one}@clinic.example")
        worker = nursery.bear(VICTIM_LOOKS_EVERY_S)
        time.sleep(chance.uniform(0, LONGEST_LIFE_S))
        os.kill(worker, signal.SIGKILL)
        waits.look(real_now())
        released += _release_held(waits)
    return released


def _unsent() -> Counter[str]:
    db.session.rollback()
    rows = db.session.execute(select(OutboxRow.state).where(OutboxRow.state != "done")).scalars()
    return Counter(rows)


def _work_off(waits: Waits) -> int:
    """Wait until the worker that lives has sent all; return how many mails had to be released by hand."""
    released, end = 0, time.monotonic() + ENDS_WITHIN_S
    while _unsent() and time.monotonic() < end:
        released += _release_held(waits)
        time.sleep(0.1)
    return released


def _release_held(waits: Waits) -> int:
    held = db.session.scalars(select(OutboxRow.id).where(OutboxRow.state == "held")).all()
    db.session.rollback()
    for mail_id in held:
        waits.forget(mail_id)
        transact(partial(send_again, mail_id=MailId(mail_id), actor=BY_SYSTEM, now=real_now()))
    return len(held)


def _figures(server: Mailserver) -> dict[str, int]:
    written = set(db.session.scalars(select(OutboxRow.message_id)))
    copies: dict[str, list[int]] = {}
    last = {connection: place for place, (connection, _) in enumerate(server.copies)}
    for place, (_, content) in enumerate(server.copies):
        message_id = str(read_back(content)["Message-ID"])
        copies.setdefault(message_id, []).append(place)
    doubled = [places for places in copies.values() if len(places) > 1]
    explained = [places for places in doubled if all(_is_in_doubt(server, last, one) for one in places[:-1])]
    return {
        "enqueued": len(written),
        "delivered": len(written & set(copies)),
        "lost": len(written - set(copies)),
        "doubled": sum(len(places) - 1 for places in doubled),
        "doubled_after_data": sum(len(places) - 1 for places in explained),
    }


def _is_in_doubt(server: Mailserver, last: dict[int, int], place: int) -> bool:
    """Return whether this copy was the last that its connection carried, which then ended without a farewell."""
    connection = server.copies[place][0]
    return last[connection] == place and connection not in server.parted


def trial(url: str, rounds: int) -> dict[str, Any]:
    """Return the figures of so many kills on an empty database."""
    with tempfile.TemporaryDirectory() as scratch, mailserver(pause_s=ANSWERS_AFTER_S) as server:
        folder = Path(scratch)
        app = create_app(settings_for(url, folder))
        with app.app_context():
            flask_migrate.upgrade()
            waits, nursery = Waits(), Nursery(url, folder, server.port)
            survivor = nursery.bear(SURVIVOR_LOOKS_EVERY_S)
            held = _kill_many(app, nursery, rounds, waits) + _work_off(waits)
            os.kill(survivor, signal.SIGKILL)
            nursery.close()
            waits.end()
            figures = _figures(server)
            db.session.remove()
            db.engine.dispose()
    return {
        "name": "mail",
        "database": make_url(url).get_backend_name(),
        "rounds": rounds,
        **figures,
        "held": held,
        "lease_s": LEASE_S,
        "longest_wait_s": round(waits.longest_s, 2),
    }


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/office.sqlite3"


@contextmanager
def fresh_postgresql() -> Iterator[str]:
    with running_postgres() as server:
        name = f"faults_{uuid.uuid4().hex}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


_DATABASES = {"sqlite": _sqlite, "postgresql": fresh_postgresql}


def main(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the figures of each database; `--rounds` kills on each, `--database` names one."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults mail")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--database", choices=sorted(_DATABASES), action="append")
    given = parser.parse_args(arguments)
    for name in given.database or _DATABASES:
        with _DATABASES[name]() as url:
            yield trial(url, given.rounds)
