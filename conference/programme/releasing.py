"""The version that waits for its time, as a worker sees it."""

from sqlalchemy import select

from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import transact
from conference.programme.tables import ScheduledRow
from conference.programme.versioning import release


class VersionsDue:
    """Needs no lease: the version is looked at again under the draft's lock, and a killed worker has changed nothing."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        due = select(ScheduledRow.id).where(ScheduledRow.publish_at <= clock.now())
        return list(db.session.scalars(due))

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        db.session.rollback()
        transact(lambda session: release(session, clock.now()))


due = VersionsDue()
