"""Work that a page asks for: asked for once, done by a worker with its progress told, tried again, given up."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from conference.core.clock import real_now
from conference.core.errors import NotFoundError
from conference.core.ids import JobId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.errors import LeaseLostError
from conference.jobs.model import Job, JobState
from conference.jobs.queries import get_job
from conference.jobs.registry import Say, job_makers
from conference.jobs.rules import MOST_TRIES
from conference.jobs.service import ask_for, forget_old, jobs, tell
from conference.jobs.tables import JobRow

Maker = Callable[[Job, Say], str]


@pytest.fixture
def makers(app: Flask) -> Iterator[dict[str, Maker]]:
    """What the kind "counting" does, as `makers["counting"]`."""
    made: dict[str, Maker] = {"counting": lambda _job, _say: ""}

    def count(job: Job, say: Say) -> str:
        return made["counting"](job, say)

    job_makers.fill("counting", count)
    yield made
    job_makers._entries.pop("counting")


def asked(number: int = 1) -> JobId:
    return transact(lambda session: ask_for(session, kind="counting", facts={"number": number}))


def work(owner: str = "worker") -> list[int]:
    claimed = jobs.claim(owner)
    for one in claimed:
        jobs.run(one, owner)
    db.session.rollback()
    return claimed


def fate(job_id: JobId) -> tuple[JobState, int, int, str]:
    db.session.rollback()
    job = get_job(job_id, "counting")
    return job.state, job.done, job.total, job.result


def be_due(job_id: JobId, **values: object) -> None:
    transact(
        lambda session: session.execute(
            update(JobRow).where(JobRow.id == job_id).values({"due_at": real_now()} | values)
        )
    )


def test_a_job_is_done_and_tells_how_far_it_is(makers: dict[str, Maker]) -> None:
    seen = []

    def count(job: Job, say: Say) -> str:
        say(3, 10)
        seen.append((fate(job.id), dict(job.facts)))
        return "made.pdf"

    makers["counting"] = count
    job_id = asked()
    assert fate(job_id) == (JobState.QUEUED, 0, 0, "")
    assert work() == [job_id]
    assert seen == [((JobState.RUNNING, 3, 10, ""), {"number": 1})]
    assert fate(job_id) == (JobState.DONE, 3, 10, "made.pdf")
    assert work() == []


def test_asked_for_twice_it_is_one_job_until_it_is_done(makers: dict[str, Maker]) -> None:
    first = asked()
    assert (asked(), asked(2) != first) == (first, True)
    while work():
        pass
    assert asked() != first


def test_two_who_ask_at_once_get_the_same(app: Flask, makers: dict[str, Maker]) -> None:
    begin = threading.Barrier(8)

    def ask(_turn: int) -> JobId:
        with app.app_context():
            begin.wait(60)
            return asked()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert len(set(found)) == 1
    assert db.session.scalars(select(JobRow.id)).all() == found[:1]


def test_what_fails_is_tried_again_and_given_up_at_the_third(makers: dict[str, Maker]) -> None:
    def fail(_job: Job, _say: Say) -> str:
        raise ValueError("Åsa Lind")

    makers["counting"] = fail
    job_id = asked()
    states = []
    for _ in range(MOST_TRIES):
        be_due(job_id)
        work()
        states.append(fate(job_id)[0])
    assert states == [JobState.RETRYING, JobState.RETRYING, JobState.FAILED]
    # What an error says can hold a name; of which kind it was is enough.
    assert get_job(job_id, "counting").last_answer == "ValueError"


def test_whose_lease_is_over_neither_tells_nor_ends_it(makers: dict[str, Maker]) -> None:
    def slow(job: Job, say: Say) -> str:
        be_due(job.id, lease_until=real_now() - timedelta(seconds=1))
        assert jobs.claim("second") == [job.id]
        with pytest.raises(LeaseLostError):
            tell(job.id, "first", 1, 2)
        say(1, 2)
        raise AssertionError("it went on")

    makers["counting"] = slow
    job_id = asked()
    jobs.run(jobs.claim("first")[0], "first")
    assert fate(job_id) == (JobState.RUNNING, 0, 0, "")
    makers["counting"] = lambda _job, _say: "second.pdf"
    jobs.run(job_id, "second")
    assert fate(job_id) == (JobState.DONE, 0, 0, "second.pdf")


def test_telling_holds_it_for_another_lease(makers: dict[str, Maker]) -> None:
    job_id = asked()
    jobs.claim("first")
    be_due(job_id, lease_until=real_now() + timedelta(seconds=1))
    tell(job_id, "first", 1, 2)
    db.session.rollback()
    until = db.session.scalars(select(JobRow.lease_until)).one()
    assert until is not None
    assert until > real_now() + timedelta(seconds=30)


def test_what_costs_its_workers_is_given_up(makers: dict[str, Maker]) -> None:
    job_id = asked()
    for _ in range(MOST_TRIES):
        assert jobs.claim("dead") == [job_id]
        be_due(job_id, lease_until=real_now() - timedelta(seconds=1))
    work()
    assert fate(job_id)[0] is JobState.FAILED


def test_after_a_day_it_is_forgotten_and_another_kind_is_not_found(makers: dict[str, Maker]) -> None:
    job_id = asked()
    with pytest.raises(NotFoundError):
        get_job(job_id, "badges")
    later = real_now() + timedelta(hours=23)
    assert transact(lambda session: forget_old(session, now=later)) == 0
    assert transact(lambda session: forget_old(session, now=later + timedelta(hours=2))) == 1
    db.session.rollback()
    with pytest.raises(NotFoundError):
        get_job(job_id, "counting")
