from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import JobId
from conference.db.base import db
from conference.jobs.model import Job, JobState
from conference.jobs.tables import JobRow


def as_job(row: JobRow) -> Job:
    return Job(
        id=JobId(row.id),
        kind=row.kind,
        facts=row.facts,
        state=JobState(row.state),
        done=row.done,
        total=row.total,
        result=row.result,
        last_answer=row.last_answer,
        due_at=row.due_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def get_job(job_id: JobId, kind: str, session: Session | None = None) -> Job:
    """Return the job; raises NotFoundError, also for one of another kind."""
    row = (session or db.session).get(JobRow, job_id, populate_existing=True)
    if row is None or row.kind != kind:
        raise NotFoundError
    return as_job(row)


def results_named(session: Session) -> set[str]:
    """Return the names of the files that jobs still name."""
    return set(session.scalars(select(JobRow.result).where(JobRow.result != "")))


def jobs_by_state() -> dict[JobState, int]:
    """Return how many jobs of the last day are in each state, 0 included. One statement."""
    rows = db.session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all()
    found = {JobState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in JobState}
