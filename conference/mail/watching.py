"""Whether mails go out as they should: for the banner of the office's pages, for /readyz and for /metrics."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select, text

from conference.core.clock import real_now
from conference.db.base import db
from conference.jobs.lease import RUNNING, WAITING
from conference.jobs.model import JobState
from conference.mail.model import Lateness, Queue, Rank, Trouble
from conference.mail.rules import FAILURES_WITHIN, MOST_FAILURES_AN_HOUR, late_since, mails_pile_up
from conference.mail.tables import AttemptRow, BounceRow, OutboxRow

_GIVEN_UP = (JobState.FAILED, JobState.HELD)


def queue_waits() -> str | None:
    """Return why the queue is not ready, or None: `late_since` says when it is not. One statement."""
    now = real_now()
    since = late_since(_queue(now), now)
    return f"the mail queue waits since {since:%Y-%m-%d %H:%M} UTC" if since else None


def _queue(now: datetime) -> Queue:
    row = db.session.execute(select(*_asked(now))).one()
    return _read(*row)


def _asked(now: datetime) -> list[ScalarSelect[Any]]:
    """Return what `_read` reads. Each reads one end of an index, however many mails wait."""
    return [
        *(_oldest(rank, now) for rank in (Rank.OWN, Rank.CAMPAIGN)),
        *(_lost(rank, now) for rank in (Rank.OWN, Rank.CAMPAIGN)),
        select(func.max(AttemptRow.ended_at)).scalar_subquery(),
        select(func.max(OutboxRow.lease_until)).where(text(RUNNING)).scalar_subquery(),
    ]


def _read(
    own: datetime | None,
    campaign: datetime | None,
    own_lost: datetime | None,
    campaign_lost: datetime | None,
    settled_at: datetime | None,
    lease_until: datetime | None,
) -> Queue:
    return Queue(
        own_since=min((one for one in (own, own_lost) if one), default=None),
        campaign_since=min((one for one in (campaign, campaign_lost) if one), default=None),
        settled_at=settled_at,
        lease_until=lease_until,
    )


def _oldest(rank: Rank, now: datetime) -> ScalarSelect[Any]:
    """Return since when the oldest mail of the rank is due that waits. The condition is word for word its index's."""
    due = select(OutboxRow.due_at).where(text(WAITING), OutboxRow.rank == rank, OutboxRow.due_at <= now)
    return due.order_by(OutboxRow.due_at).limit(1).scalar_subquery()


def _lost(rank: Rank, now: datetime) -> ScalarSelect[Any]:
    """Return since when the first lease is over that nobody has taken over."""
    over = select(func.min(OutboxRow.lease_until)).where(text(RUNNING), OutboxRow.lease_until <= now)
    return over.where(OutboxRow.rank == rank).scalar_subquery()


def trouble() -> Trouble | None:
    """Return why the office should look at its mails, or None. One statement, which reads a few indexes' ends.

    It counts no further than the rule needs: each page of the office asks.
    """
    now = real_now()
    recent = (
        select(AttemptRow.id)
        .where(AttemptRow.ended_at > now - FAILURES_WITHIN, AttemptRow.state.in_(_GIVEN_UP))
        .limit(MOST_FAILURES_AN_HOUR + 1)
    )
    failures = select(func.count()).select_from(recent.subquery()).scalar_subquery()
    failed, *queue = db.session.execute(select(failures, *_asked(now))).one()
    since = late_since(_read(*queue), now)
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


def lateness() -> Lateness:
    """Return the ages of the queue, and whether it is late as the banner and /readyz say it. One statement."""
    now = real_now()
    queue = _queue(now)
    return Lateness(
        own_due_s=_age_s(queue.own_since, now),
        campaign_due_s=_age_s(queue.campaign_since, now),
        is_late=late_since(queue, now) is not None,
    )


def _age_s(since: datetime | None, now: datetime) -> float:
    return round((now - since).total_seconds(), 1) if since else 0.0


def bounces_by_kind() -> dict[str, int]:
    """Return how many mails were reported back for good and for a while. One statement."""
    rows = db.session.execute(select(BounceRow.is_hard, func.count()).group_by(BounceRow.is_hard)).all()
    found = {"hard" if is_hard else "noted": count for is_hard, count in rows}
    return {kind: found.get(kind, 0) for kind in ("hard", "noted")}


def queue_figures() -> dict[str, float]:
    """Return the banner's figures as /readyz shows them. They make nothing unready: a refused mail stops no page."""
    found = lateness()
    return {
        "late": int(found.is_late),
        "oldest_due_s": found.own_due_s,
        "campaign_oldest_due_s": found.campaign_due_s,
        "given_up_last_hour": sum(recent_attempts(_GIVEN_UP).values()),
    }
