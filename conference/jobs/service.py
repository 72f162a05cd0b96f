"""Longer work that a page asks for and a worker does: asked for, done with its progress told, and forgotten."""

import hashlib
import json
import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import JobId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.announcing import announce
from conference.jobs.claim import claim, lost_leases, put_back, settle, shared_now
from conference.jobs.errors import LeaseLostError
from conference.jobs.model import CLAIMABLE, JobState
from conference.jobs.queries import as_job
from conference.jobs.registry import job_makers
from conference.jobs.rules import MOST_TRIES, next_delay
from conference.jobs.tables import JobRow
from conference.web.settings import current_settings

log = logging.getLogger(__name__)
# A file of a job may hold names: it is fetched within minutes, and is gone after a day.
KEPT = timedelta(days=1)
_LIVE = (*CLAIMABLE, JobState.RUNNING)


def ask_for(session: Session, *, kind: str, facts: Mapping[str, Any], staff_id: int | None = None) -> JobId:
    """Return the job of this kind with these facts: the one that waits or is being done already, or else a new one.

    `facts` is plain JSON. Two who ask at the same instant get one job: the second's transaction is tried again.
    """
    key = hashlib.sha256(json.dumps([kind, facts], sort_keys=True).encode()).hexdigest()
    live = session.scalar(select(JobRow.id).where(JobRow.key == key, JobRow.state.in_(_LIVE)))
    if live is not None:
        return JobId(live)
    now = real_now()
    row = JobRow(kind=kind, key=key, facts=dict(facts), staff_id=staff_id, created_at=now, due_at=now)
    session.add(row)
    session.flush()
    announce(session, "jobs", row.id)
    return JobId(row.id)


def stop(session: Session, job_id: JobId) -> bool:
    """Let the job be wanted no more, and return whether it still was: its maker ends when it next says how far it is."""
    result = session.execute(
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state.in_(_LIVE))
        .values(state=JobState.CANCELLED, lease_owner=None, lease_until=None, ended_at=real_now())
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def tell(job_id: JobId, owner: str, done: int, total: int) -> None:
    """Write how far the job is, and hold it for another lease; raises LeaseLostError where it is another's now."""
    lease = timedelta(seconds=current_settings().lease_s)

    def work(session: Session) -> object:
        return session.execute(
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.lease_owner == owner, JobRow.state == JobState.RUNNING)
            .values(done=done, total=total, lease_until=shared_now(session) + lease)
            .execution_options(synchronize_session=False)
        )

    result = transact(work)
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise LeaseLostError


class Jobs:
    """The jobs as a worker sees them."""

    def claim(self, owner: str) -> list[int]:
        lease_s = current_settings().lease_s
        return transact(
            lambda session: claim(
                session, JobRow, owner=owner, now=shared_now(session), lease_s=lease_s, limit=1
            )
        )

    def run(self, job_id: int, owner: str) -> None:
        """Do a claimed job and settle it: done, to be tried again, or given up."""
        with Session(db.engine) as session:
            row = session.get(JobRow, job_id)
        if row is None or row.lease_owner != owner:
            return
        try:
            state, values = self._ended(row, owner)
        except LeaseLostError:
            return  # another worker does it again from the beginning
        transact(lambda session: settle(session, JobRow, job_id, owner=owner, state=state, values=values))

    def give_back(self, owner: str) -> int:
        """Let the job in hand wait again; its maker meets LeaseLostError when it next says how far it is."""
        mine = select(JobRow.id).where(JobRow.lease_owner == owner, JobRow.state == JobState.RUNNING)
        return transact(lambda session: put_back(session, JobRow, session.scalars(mine).all(), owner=owner))

    def _ended(self, row: JobRow, owner: str) -> tuple[JobState, dict[str, object]]:
        job = as_job(row)
        if lost_leases(row.attempts, row.last_answer) >= MOST_TRIES:
            return JobState.FAILED, {
                "last_answer": "Its workers ended while they did it.",
                "ended_at": real_now(),
            }
        try:
            result = job_makers.get(job.kind)(job, lambda done, total: tell(job.id, owner, done, total))
        except LeaseLostError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a maker raises, the job must end and be seen
            return self._after(error, row.attempts)
        return JobState.DONE, {"result": result, "last_answer": "done", "ended_at": real_now()}

    @staticmethod
    def _after(error: Exception, attempts: int) -> tuple[JobState, dict[str, object]]:
        # Only the type: what an error says can hold a name.
        said = type(error).__name__
        log.warning("job: %s at try %d", said, attempts)
        delay = next_delay(attempts, random.random()) if attempts < MOST_TRIES else None  # noqa: S311 -- jitter, not a secret
        if delay is None:
            return JobState.FAILED, {"last_answer": said, "ended_at": real_now()}
        return JobState.RETRYING, {"last_answer": said, "due_at": real_now() + delay}


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete the jobs that were asked for more than a day ago, whatever became of them; return how many."""
    statement = (
        delete(JobRow).where(JobRow.created_at < now - KEPT).execution_options(synchronize_session=False)
    )
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


jobs = Jobs()
