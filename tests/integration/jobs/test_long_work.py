"""A paper that takes long keeps no mail waiting and no worker from ending."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from conference.core.ids import JobId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.model import Job
from conference.jobs.registry import Say, job_makers
from conference.jobs.service import ask_for, jobs
from conference.jobs.tables import JobRow
from conference.jobs.wake import wait_for_work, wake
from conference.jobs.worker import Worker, run_worker
from tests.factories.mail import outbox_row, queue_note
from tests.factories.smtp import mailserver, send_through

Fate = tuple[str, int, str | None, str]


@dataclass(slots=True)
class Paper:
    """A job that is begun, waits to be let go, says how far it is, and is done."""

    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    ended: list[str] = field(default_factory=list)

    def make(self, _job: Job, say: Say) -> str:
        self.begun.set()
        assert self.let_go.wait(600)
        try:
            say(1, 1)
        except Exception as error:
            self.ended.append(type(error).__name__)
            raise
        return "paper"


@pytest.fixture
def paper() -> Iterator[Paper]:
    made = Paper()
    job_makers.fill("test paper", made.make)
    yield made
    made.let_go.set()
    del job_makers._entries["test paper"]


def asked() -> JobId:
    return transact(lambda session: ask_for(session, kind="test paper", facts={}))


def fate(job_id: JobId) -> Fate:
    db.session.rollback()
    row = db.session.execute(
        select(JobRow.state, JobRow.attempts, JobRow.lease_owner, JobRow.result).where(JobRow.id == job_id)
    ).one()
    return (row[0], row[1], row[2], row[3])


def until(condition: Callable[[], bool], within_s: float = 60) -> bool:
    end = time.monotonic() + within_s
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def is_sent_meanwhile(
    app: Flask, paper: Paper, work: Callable[[threading.Event], object], within_s: float
) -> bool:
    """Return whether a mail goes out while the paper is in the making."""
    stop = threading.Event()
    with mailserver() as server:
        send_through(app, server.port)
        job_id = asked()
        thread = threading.Thread(target=work, args=(stop,))
        thread.start()
        assert paper.begun.wait(60)
        mail_id = queue_note(app)
        is_sent = until(lambda: outbox_row(mail_id)["state"] == "done", within_s)
        assert fate(job_id)[0] == "running"
        paper.let_go.set()
        assert until(lambda: fate(job_id)[0] == "done")
        stop.set()
        wake()
        thread.join(120)
    assert not thread.is_alive()
    assert fate(job_id)[3] == "paper"
    return is_sent


def test_a_mail_goes_out_while_a_paper_is_made(app: Flask, paper: Paper) -> None:
    assert is_sent_meanwhile(app, paper, lambda stop: run_worker(app, stop), within_s=60)


def test_one_loop_for_both_would_keep_it_waiting(app: Flask, paper: Paper) -> None:
    # The control: the same with a single worker for all sources, as it was before.
    assert not is_sent_meanwhile(app, paper, lambda stop: Worker(app, poll_s=0.05).run(stop), within_s=1.5)


def test_told_to_end_it_lets_a_paper_go_for_another_worker(app: Flask, paper: Paper) -> None:
    stop, job_id = threading.Event(), asked()
    thread = threading.Thread(target=run_worker, args=(app, stop))
    thread.start()
    assert paper.begun.wait(60)
    assert fate(job_id)[:2] == ("running", 1)
    stop.set()
    # The paper itself would go on for ten minutes.
    thread.join(120)
    assert not thread.is_alive()
    assert fate(job_id) == ("queued", 0, None, "")
    # It is another's from now on, whatever the first one still says or makes.
    assert jobs.claim("other") == [job_id]
    paper.let_go.set()
    assert until(lambda: paper.ended == ["LeaseLostError"])
    assert fate(job_id) == ("running", 1, "other", "")


def test_what_rings_while_a_thread_works_is_heard_by_it_though_others_heard_it_too() -> None:
    heard: list[float] = []

    def work() -> None:
        wait_for_work(0)
        both.wait(60)  # the bell rings now, while neither waits
        rung.wait(60)
        begun = time.monotonic()
        wait_for_work(120)
        heard.append(time.monotonic() - begun)

    both, rung = threading.Barrier(3), threading.Event()
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    both.wait(60)
    wake()
    rung.set()
    for thread in threads:
        thread.join(240)
    assert len(heard) == 2
    assert max(heard) < 60
