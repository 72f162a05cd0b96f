"""Mails that belong together: stopped, let go on, or ended before they are all sent.

A stop is written in two places. The mails that wait get a state that no claim reads, so that ten thousand of them
cost the others nothing; and the series says it, for what a worker had in hand at that instant: given back, or to be
tried again, it waits by a condition of the claim until `Leftovers` has marked it too.
"""

from collections import Counter
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from conference.core.ids import SeriesId
from conference.db.base import db
from conference.db.work import after_commit, transact
from conference.jobs.model import CLAIMABLE, JobState
from conference.jobs.wake import wake
from conference.mail.tables import OutboxRow, SeriesRow


class Stop(StrEnum):
    """Why the mails of a series do not go; NONE is that they do."""

    NONE = ""
    PAUSED = "paused"
    CANCELLED = "cancelled"


STOPPED = select(SeriesRow.id).where(SeriesRow.stopped != Stop.NONE)
_MAY_GO: ColumnElement[bool] = or_(OutboxRow.series_id.is_(None), OutboxRow.series_id.not_in(STOPPED))


def open_series(session: Session) -> SeriesId:
    """Return the id of a new series, whose mails may go."""
    row = SeriesRow(stopped=Stop.NONE)
    session.add(row)
    session.flush()
    return SeriesId(row.id)


def may_go(besides: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """Return the condition of mails that may be claimed: `besides`, and in no series that is stopped."""
    return _MAY_GO if besides is None else and_(besides, _MAY_GO)


def pause(session: Session, series_id: SeriesId) -> None:
    """Let what waits wait on, until `let_go`."""
    _stop(session, series_id, Stop.PAUSED)
    _mark(session, series_id, CLAIMABLE, JobState.PAUSED)


def cancel_rest(session: Session, series_id: SeriesId) -> None:
    """Let what waits, or is held back, never be sent."""
    _stop(session, series_id, Stop.CANCELLED)
    _mark(session, series_id, (*CLAIMABLE, JobState.PAUSED, JobState.HELD), JobState.CANCELLED)


def let_go(session: Session, series_id: SeriesId) -> None:
    """Let what was paused go on: in the order and at the times that it had."""
    _stop(session, series_id, Stop.NONE)
    # A mail that was tried once is one to be tried again.
    waiting = case((OutboxRow.attempts > 0, JobState.RETRYING.value), else_=JobState.QUEUED.value)
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.series_id == series_id, OutboxRow.state == JobState.PAUSED)
        .values(state=waiting)
        .execution_options(synchronize_session=False)
    )
    after_commit(session, wake)


def _stop(session: Session, series_id: SeriesId, stop: Stop) -> None:
    # Before the mails: whoever gives one back afterwards meets this.
    session.execute(
        update(SeriesRow)
        .where(SeriesRow.id == series_id)
        .values(stopped=stop)
        .execution_options(synchronize_session=False)
    )


def _mark(session: Session, series_id: int, states: Collection[JobState], state: JobState) -> None:
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.series_id == series_id, OutboxRow.state.in_(states))
        .values(state=state)
        .execution_options(synchronize_session=False)
    )


def figures(ids: Collection[int], session: Session | None = None) -> dict[int | None, Counter[JobState]]:
    """Return by series how many mails are in which state. One statement."""
    rows = (session or db.session).execute(
        select(OutboxRow.series_id, OutboxRow.state, func.count())
        .where(OutboxRow.series_id.in_(ids))
        .group_by(OutboxRow.series_id, OutboxRow.state)
    )
    found: dict[int | None, Counter[JobState]] = {one: Counter() for one in ids}
    for series_id, state, count in rows:
        found[series_id][JobState(state)] = count
    return found


class Leftovers:
    """Stopped series of which mails were given back, as a worker sees them. Reads each second, writes when it must."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        waiting = select(OutboxRow.series_id).where(OutboxRow.state.in_(CLAIMABLE)).distinct()
        found = db.session.scalars(waiting.where(OutboxRow.series_id.in_(STOPPED)))
        return [one for one in found if one is not None]

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: _mark_leftovers(session, job_id))


def _mark_leftovers(session: Session, series_id: int) -> None:
    # Under its lock: what is let go at this instant must not be marked after that.
    series = session.get(SeriesRow, series_id, with_for_update=True)
    if series is not None and series.stopped:
        _mark(session, series_id, CLAIMABLE, JobState(series.stopped))


leftovers = Leftovers()
