import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from conference.core.clock import real_now
from conference.db.base import db
from conference.jobs import worker
from conference.jobs.registry import JobSource
from conference.jobs.wake import wake
from conference.jobs.worker import Worker, run_worker
from conference.mail.watching import queue_waits
from conference.web.registry import Registry, readiness_checks
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.smtp import mailserver, send_through


def test_a_worker_thread_is_woken_by_the_commit_and_drains_on_stop(app: Flask) -> None:
    stop = threading.Event()
    with mailserver() as server:
        send_through(app, server.port)
        thread = threading.Thread(target=Worker(app, poll_s=600).run, args=(stop,))
        thread.start()
        time.sleep(0.3)
        mail_id = queue_note(app)
        end = time.monotonic() + 60
        while outbox_row(mail_id)["state"] != "done" and time.monotonic() < end:
            time.sleep(0.02)
        stop.set()
        wake()
        thread.join(60)
    assert (outbox_row(mail_id)["state"], thread.is_alive(), len(server.raw)) == ("done", False, 1)


def test_run_worker_ends_at_once_when_told_before(app: Flask) -> None:
    stop = threading.Event()
    stop.set()
    assert run_worker(app, stop)


def test_run_worker_leaves_what_does_not_end_to_its_lease(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, let_go = threading.Event(), threading.Event()

    class Silent:
        def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the protocol's signature
            return [1]

        def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the protocol's signature
            stop.set()
            let_go.wait(30)

    sources: Registry[JobSource] = Registry("silent")
    sources.fill("silent", Silent())
    monkeypatch.setattr(worker, "short_sources", lambda: sources)
    monkeypatch.setattr(worker, "ENDING_S", 0.3)
    assert not run_worker(app, stop)
    let_go.set()
    assert "worker 1: what is in hand did not end in time" in caplog.text


class _Flaky:
    """A source that fails as a database that went away does, then gives one row that breaks, then one that works."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.claims: Iterator[list[int] | Exception] = iter([OperationalError("", {}, Exception()), [1], [2]])
        self.done: list[int] = []

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the protocol's signature
        step = next(self.claims)
        if isinstance(step, Exception):
            raise step
        return step

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the protocol's signature
        if job_id == 1:
            raise KeyError("a mistake in a job")
        self.done.append(job_id)
        self.stop.set()


def test_a_worker_outlives_the_database_and_its_jobs(app: Flask) -> None:
    stop = threading.Event()
    source = _Flaky(stop)
    sources: Registry[JobSource] = Registry("job source")
    sources.fill("flaky", source)
    Worker(app, sources=sources, poll_s=0.01).run(stop)
    assert source.done == [2]


def _waits() -> str | None:
    db.session.rollback()  # SQLite would go on reading what was there before
    return queue_waits()


def test_readiness_tells_of_mails_that_nobody_takes_up(app: Flask) -> None:
    mail_id = queue_note(app)
    assert (_waits(), dict(readiness_checks.items())["mail queue"]) == (None, queue_waits)
    since = real_now() - timedelta(minutes=11)
    sentence = f"the mail queue waits since {since:%Y-%m-%d %H:%M} UTC"
    make_due(mail_id, due_at=since)
    assert _waits() == sentence
    make_due(mail_id, due_at=since, state="running", lease_until=since)
    assert _waits() == sentence
    make_due(mail_id, due_at=since, state="held")
    assert _waits() is None
