"""Mails that belong together: stopped, let go on, or ended before they are all sent.

A stop is written in two places. The mails that wait get a state that no claim reads, so that ten thousand of them
cost the others nothing; and the series says it, for what a worker had in hand at that instant: given back, or to be
tried again, it waits by a condition of the claim until `Leftovers` has marked it too.

The series is the truth from its commit on. The mails are marked some hundreds at a time, each in a transaction of its
own: all ten thousand at once kept SQLite's only writer busy for a quarter of a second. Whoever is killed between leaves
the rest to `Leftovers` of any worker.
"""

import time
from collections import Counter
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from conference.core.ids import SeriesId
from conference.db.base import db
from conference.db.work import after_commit, transact
from conference.jobs.announcing import announce
from conference.jobs.model import CLAIMABLE, JobState
from conference.jobs.wake import wake
from conference.mail.model import Rank
from conference.mail.tables import OutboxRow, SeriesRow


class Stop(StrEnum):
    """Why the mails of a series do not go; NONE is that they do."""

    NONE = ""
    PAUSED = "paused"
    CANCELLED = "cancelled"


# So many mails are marked in one transaction: some 20 ms of SQLite's only writer.
AT_ONCE = 500
# A mail that was tried once is one to be tried again.
_WAITING = case((OutboxRow.attempts > 0, JobState.RETRYING.value), else_=JobState.QUEUED.value)
# Of a series that is so stopped, which mails are marked, and as what.
_MARKS: dict[Stop, tuple[tuple[JobState, ...], ColumnElement[str] | JobState]] = {
    Stop.NONE: ((JobState.PAUSED,), _WAITING),
    Stop.PAUSED: (tuple(CLAIMABLE), JobState.PAUSED),
    Stop.CANCELLED: ((*CLAIMABLE, JobState.PAUSED, JobState.HELD), JobState.CANCELLED),
}
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
    _put(session, series_id, Stop.PAUSED)


def cancel_rest(session: Session, series_id: SeriesId) -> None:
    """Let what waits, or is held back, never be sent."""
    _put(session, series_id, Stop.CANCELLED)


def let_go(session: Session, series_id: SeriesId) -> None:
    """Let what was paused go on: in the order and at the times that it had. Workers are told of each mail."""
    _put(session, series_id, Stop.NONE)


def _put(session: Session, series_id: SeriesId, stop: Stop) -> None:
    # Before the mails: whoever gives one back afterwards meets this.
    session.execute(
        update(SeriesRow)
        .where(SeriesRow.id == series_id)
        .values(stopped=stop)
        .execution_options(synchronize_session=False)
    )
    if _mark(session, series_id, stop) == AT_ONCE:
        after_commit(session, wake)


def _mark(session: Session, series_id: int, stop: Stop) -> int:
    """Mark the next mails of the series, and return how many; fewer than AT_ONCE means that none is left."""
    states, state = _MARKS[stop]
    some = select(OutboxRow.id).where(OutboxRow.series_id == series_id, OutboxRow.state.in_(states))
    marked = session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id.in_(some.order_by(OutboxRow.id).limit(AT_ONCE)), OutboxRow.state.in_(states))
        .values(state=state)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    if stop is Stop.NONE:
        for one in sorted(marked):
            announce(session, "mail", one, rank=Rank.CAMPAIGN)
    return len(marked)


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
    """Series with mails that do not say yet what the series says, as a worker sees them.

    They were given back, or were too many for one transaction. Reads each second, writes when it must.
    """

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        theirs = OutboxRow.series_id == SeriesRow.id
        unmarked = [
            and_(SeriesRow.stopped == stop, exists().where(theirs, OutboxRow.state.in_(states)))
            for stop, (states, _) in _MARKS.items()
        ]
        return list(db.session.scalars(select(SeriesRow.id).where(or_(*unmarked)).order_by(SeriesRow.id)))

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        more = True
        while more:
            begun = time.monotonic()
            more = transact(lambda session: _mark_leftovers(session, job_id))
            if more:
                # As long as it wrote: on SQLite whoever else wants to write gets in.
                time.sleep(time.monotonic() - begun)


def _mark_leftovers(session: Session, series_id: int) -> bool:
    """Return whether there may be more."""
    # Under its lock: what is let go at this instant must not be marked after that.
    series = session.get(SeriesRow, series_id, with_for_update=True)
    return series is not None and _mark(session, series_id, Stop(series.stopped)) == AT_ONCE


leftovers = Leftovers()
