"""Mails that a backup brought back as unsent: they may have gone out since, so a person says whether they go."""

from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from conference.jobs.announcing import announce
from conference.jobs.model import CLAIMABLE, JobState
from conference.mail.tables import OutboxRow

BROUGHT_BACK = "Brought back from a backup: it may have been sent since the backup was made."


def hold_unsent(session: Session) -> int:
    """Hold every mail that waits or was being sent, and return how many."""
    result = session.execute(
        update(OutboxRow)
        .where(OutboxRow.state.in_((*CLAIMABLE, JobState.RUNNING)))
        .values(state=JobState.HELD, lease_owner=None, lease_until=None, last_answer=BROUGHT_BACK)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def release_brought_back(session: Session, *, now: datetime) -> int:
    """Let the mails that `hold_unsent` held go out, and return how many. `now` is real time."""
    held = (OutboxRow.state == JobState.HELD, OutboxRow.last_answer == BROUGHT_BACK)
    ids = list(session.scalars(select(OutboxRow.id).where(*held)))
    session.execute(
        update(OutboxRow)
        .where(*held)
        .values(state=JobState.QUEUED, due_at=now, attempts=0, last_answer="")
        .execution_options(synchronize_session=False)
    )
    for mail_id in ids:
        announce(session, "mail", mail_id)
    return len(ids)
