"""Mails in every state for a demonstration, made of mails that went out before it began."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conference.core.ids import MailId, SeriesId
from conference.jobs.model import JobState
from conference.mail.bounces import note
from conference.mail.reports import Report, Reported
from conference.mail.rules import LOST_TOO_OFTEN, MOST_LOST_LEASES
from conference.mail.tables import AttemptRow, OutboxRow

# So much later that no worker of a demonstration takes one up while somebody looks.
_LATER = timedelta(days=60)
_WORKER = "demonstration:1:0123456789abcdef"
# What each of the mails became, with the server's words after each try.
_STAGED: tuple[tuple[JobState, tuple[tuple[JobState, str], ...]], ...] = (
    (JobState.QUEUED, ()),
    (JobState.RUNNING, ()),
    (
        JobState.RETRYING,
        (
            (JobState.RETRYING, "451 4.7.1 Greylisted, try again later"),
            (JobState.RETRYING, "ConnectionRefusedError: [Errno 111] Connection refused"),
        ),
    ),
    (JobState.FAILED, ((JobState.FAILED, "550 5.7.1 Message refused by the policy of this server"),)),
    (JobState.HELD, ((JobState.HELD, LOST_TOO_OFTEN),)),
    (JobState.CANCELLED, ()),
)


def stage_states(session: Session, *, kind: str, now: datetime) -> None:
    """Bring sent mails of this kind into each state that the office meets, and let one have come back.

    `now` is real time. The newest are left as they are, because tests and visitors look for them.
    """
    sent = select(OutboxRow.id).where(OutboxRow.state == JobState.DONE, OutboxRow.kind == kind)
    ids = list(session.scalars(sent.order_by(OutboxRow.id.desc()).offset(10).limit(len(_STAGED) + 1)))
    for mail_id, (state, tries) in zip(ids, _STAGED, strict=False):
        _stage(session, MailId(mail_id), state, tries, now)
    if len(ids) > len(_STAGED):
        _come_back(session, MailId(ids[-1]), now)


def settle_series(session: Session, series_id: SeriesId, *, at: datetime, answer: str) -> None:
    """Mark the mails of a series as sent at this moment, without sending; `answer` stands for the server's words."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.series_id == series_id)
        .values(state=JobState.DONE, created_at=at, due_at=at, sent_at=at, attempts=1, last_answer=answer)
        .execution_options(synchronize_session=False)
    )


def _stage(
    session: Session,
    mail_id: MailId,
    state: JobState,
    tries: tuple[tuple[JobState, str], ...],
    now: datetime,
) -> None:
    is_sending, waits = state is JobState.RUNNING, state in {JobState.QUEUED, JobState.RETRYING}
    values: dict[str, Any] = {
        "state": state,
        "sent_at": None,
        # Those of the workers that ended left no note each.
        "attempts": MOST_LOST_LEASES if state is JobState.HELD else len(tries) + int(is_sending),
        "last_answer": tries[-1][1] if tries else "",
        "due_at": now + _LATER if waits else now,
        "lease_owner": _WORKER if is_sending else None,
        "lease_until": now + _LATER if is_sending else None,
    }
    session.execute(update(OutboxRow).where(OutboxRow.id == mail_id).values(values))
    for number, (after, answer) in enumerate(tries):
        began = now - timedelta(minutes=5 * (len(tries) - number))
        session.add(
            AttemptRow(
                mail_id=mail_id,
                owner=_WORKER,
                began_at=began,
                ended_at=began + timedelta(seconds=2),
                state=after,
                answer=answer,
            )
        )


def _come_back(session: Session, mail_id: MailId, now: datetime) -> None:
    row = session.get_one(OutboxRow, mail_id)
    said = Reported(
        addresses=frozenset({row.recipient.lower()}),
        action="failed",
        status="5.1.1",
        diagnostic="550 5.1.1 No such user here",
    )
    note(session, Report(message_id=row.message_id, recipients=(said,)), now=now)
