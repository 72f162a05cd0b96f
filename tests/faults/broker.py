"""`broker`: pollers and Celery workers on one PostgreSQL, with a Redis that dies, comes back empty, and doubles.

While a fifth of the mails is written Redis is dead; then it is back, with nothing that it had; then each message goes
out twice; then it is emptied, with whatever lies there.

One line: what was `enqueued` and `delivered`, what is `lost`, what was `doubled`, how many `workers` there were, how
many mails the pollers and how many the Celery workers sent, and the seconds from the first mail to the last.

With `--broker URL` it is a broker that runs already, as a RabbitMQ: each message of a fifth goes out twice, and whoever
wants it killed or emptied meanwhile does so by hand.
"""

import argparse
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import func, select

from conference.app import create_app
from conference.db.base import db
from conference.jobs.broker import open_post
from conference.jobs.courier import Parcel
from conference.mail.tables import AttemptRow, OutboxRow
from tests.conftest import settings_for
from tests.factories.broker import RedisServer, redis_server, wait_for
from tests.factories.mail import queue_note
from tests.factories.smtp import Mailserver, mailserver
from tests.faults.mail import Nursery, fresh_postgresql

# As long as in production: no lease may run out here, since a mail of a lost one may rightly go twice.
LEASE_S = 120
POLL_S = 1.0
STARTS_WITHIN_S = 60
ENDS_WITHIN_S = 600


def _write(app: Flask, first: int, count: int) -> list[int]:
    return [queue_note(app, f"p{number}@clinic.example") for number in range(first, first + count)]


def _in_bad_weather(app: Flask, redis: RedisServer, mails: int) -> None:
    """Write so many mails, a fifth of them each while the broker is well, dead, back, doubling, and emptied."""
    fifth = mails // 5
    _write(app, 0, mails - 4 * fifth)
    redis.kill()
    _write(app, mails, fifth)
    redis.start()
    _write(app, 2 * mails, fifth)
    twice = _write(app, 3 * mails, fifth)
    with open_post(app.extensions["conference.settings"]) as post:
        for one in twice:
            post(Parcel(source="mail", row_ids=(one,), rank=0))
    _write(app, 4 * mails, fifth)
    with redis.client() as client:
        client.flushall()


def _by_a_broker_of_others(app: Flask, mails: int) -> None:
    fifth = mails // 5
    _write(app, 0, mails - fifth)
    twice = _write(app, mails, fifth)
    with open_post(app.extensions["conference.settings"]) as post:
        for one in twice:
            post(Parcel(source="mail", row_ids=(one,), rank=0))


def _is_all_sent() -> bool:
    db.session.rollback()
    return not db.session.scalar(select(func.count()).where(OutboxRow.state != "done"))


def _figures(server: Mailserver, pollers: list[int]) -> dict[str, int]:
    written = set(db.session.scalars(select(OutboxRow.message_id)))
    sent = Counter(server.message_ids())
    owners = db.session.scalars(select(AttemptRow.owner)).all()
    by_pollers = sum(int(owner.split(":")[1]) in pollers for owner in owners)
    return {
        "enqueued": len(written),
        "delivered": len(written & sent.keys()),
        "lost": len(written - sent.keys()),
        "doubled": sent.total() - len(sent),
        "by_pollers": by_pollers,
        "by_celery": len(owners) - by_pollers,
    }


def trial(
    url: str, folder: Path, *, mails: int, pollers: int, celery_workers: int, broker: str = ""
) -> dict[str, Any]:
    """Return the figures of so many mails on this migrated, empty database, by a Redis of our own or another broker."""
    with nullcontext() if broker else redis_server(folder) as redis, mailserver() as server:
        broker_url = redis.url if redis else broker
        app = create_app(settings_for(url, folder, MAIL_PORT=str(server.port), BROKER_URL=broker_url))
        nursery = Nursery(url, folder, server.port, LEASE_S, broker_url)
        polling = [nursery.bear(POLL_S) for _ in range(pollers)]
        listening = [nursery.bear("broker") for _ in range(celery_workers)]
        if redis:
            wait_for(lambda: redis.listeners() == celery_workers, STARTS_WITHIN_S)
        begun = time.monotonic()
        with app.app_context():
            if redis:
                _in_bad_weather(app, redis, mails)
            else:
                _by_a_broker_of_others(app, mails)
            wait_for(_is_all_sent, ENDS_WITHIN_S)
            took_s = time.monotonic() - begun
            for worker in (*polling, *listening):
                os.kill(worker, signal.SIGKILL)
            nursery.close()
            figures = _figures(server, polling)
            db.session.remove()
            db.engine.dispose()
    return {"name": "broker", **figures, "workers": pollers + celery_workers, "seconds": round(took_s, 1)}


def main(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the figures of two pollers and four Celery workers."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults broker")
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument(
        "--broker", default="", help="Of one that runs, as amqp://guest:guest@127.0.0.1:5672//"
    )
    given = parser.parse_args(arguments)
    with fresh_postgresql() as url, tempfile.TemporaryDirectory() as scratch:
        app = create_app(settings_for(url, Path(scratch)))
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()
        yield trial(url, Path(scratch), mails=given.mails, pollers=2, celery_workers=4, broker=given.broker)
