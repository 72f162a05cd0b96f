"""Whether mails go out as they should: for the banner of the office's pages, for /readyz and for /metrics."""

from collections.abc import Sequence

from sqlalchemy import func, select

from conference.core.clock import real_now
from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail.filters import late
from conference.mail.model import Trouble
from conference.mail.queries import waiting_since
from conference.mail.rules import FAILURES_WITHIN, LATE, MOST_FAILURES_AN_HOUR, mails_pile_up
from conference.mail.tables import AttemptRow, BounceRow, OutboxRow

_GIVEN_UP = (JobState.FAILED, JobState.HELD)


def queue_waits() -> str | None:
    """Return why the queue is not ready: a mail has been due for 10 minutes and nobody took it up."""
    since = waiting_since(real_now() - LATE)
    return f"the mail queue waits since {since:%Y-%m-%d %H:%M} UTC" if since else None


def trouble() -> Trouble | None:
    """Return why the office should look at its mails, or None. One statement, which reads two indexes' ends.

    It counts no further than the rule needs: each page of the office asks.
    """
    now = real_now()
    oldest = select(OutboxRow.due_at).where(late(now - LATE)).order_by(OutboxRow.due_at).limit(1)
    recent = (
        select(AttemptRow.id)
        .where(AttemptRow.ended_at > now - FAILURES_WITHIN, AttemptRow.state.in_(_GIVEN_UP))
        .limit(MOST_FAILURES_AN_HOUR + 1)
    )
    failures = select(func.count()).select_from(recent.subquery())
    since, failed = db.session.execute(select(oldest.scalar_subquery(), failures.scalar_subquery())).one()
    if since is None and not mails_pile_up(failed):
        return None
    return Trouble(late_since=since, failures=failed if mails_pile_up(failed) else 0)


def mails_by_state() -> dict[JobState, int]:
    """Return how many mails are in each state, 0 included. One statement."""
    rows = db.session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all()
    found = {JobState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in JobState}


def recent_attempts(
    ends: Sequence[JobState] = (JobState.DONE, JobState.RETRYING, *_GIVEN_UP),
) -> dict[JobState, int]:
    """Return how many tries of the last hour left a mail in each of these states, 0 included. One statement."""
    since = real_now() - FAILURES_WITHIN
    counted = select(AttemptRow.state, func.count()).group_by(AttemptRow.state)
    rows = db.session.execute(counted.where(AttemptRow.state.in_(ends), AttemptRow.ended_at > since)).all()
    found = {JobState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in ends}


def oldest_due_s() -> float:
    """Return for how many seconds the oldest mail has been due that nobody took up; 0.0 without one."""
    now = real_now()
    since = waiting_since(now)
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def bounces_by_kind() -> dict[str, int]:
    """Return how many mails were reported back for good and for a while. One statement."""
    rows = db.session.execute(select(BounceRow.is_hard, func.count()).group_by(BounceRow.is_hard)).all()
    found = {"hard" if is_hard else "noted": count for is_hard, count in rows}
    return {kind: found.get(kind, 0) for kind in ("hard", "noted")}


def queue_figures() -> dict[str, float]:
    """Return the banner's figures as /readyz shows them. They make nothing unready: a refused mail stops no page."""
    return {
        "oldest_due_s": round(oldest_due_s(), 1),
        "given_up_last_hour": sum(recent_attempts(_GIVEN_UP).values()),
    }
