"""Working off the outbox: claim, make what was left open, send, mark.

`deliver` is the seam for a broker: a Celery task gets a mail's id from `enqueue`'s transaction and calls it, and
the worker's loop stays as the net under it, since both go through the same claim.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.claim import claim, lost_leases, settle
from conference.jobs.model import JobState
from conference.jobs.rules import next_delay
from conference.mail.composing import Letter, Message
from conference.mail.delivery import deliver_message
from conference.mail.errors import NotDeliveredError
from conference.mail.registry import attachment_makers, link_makers
from conference.mail.rendering import with_link
from conference.mail.rules import LOST_TOO_OFTEN, MOST_LOST_LEASES, one_line
from conference.mail.tables import AttemptRow, OutboxRow
from conference.web.settings import current_settings

log = logging.getLogger(__name__)
_ATTEMPT = cast("Table", AttemptRow.__table__)
# Of the lease, for one dialogue: the rest is for making attachments late and for writing down what came of it.
SHARE_OF_LEASE = 0.75
ANSWER_LENGTH = 1000


class OutboxSource:
    """The outbox as a worker sees it. One mail a claim, so that no lease runs while another mail is being sent."""

    def claim(self, owner: str) -> list[int]:
        return _claim(owner)

    def run(self, job_id: int, owner: str) -> None:
        send_claimed(MailId(job_id), owner)


outbox = OutboxSource()


def deliver(mail_id: MailId, owner: str) -> JobState | None:
    """Claim this one mail and send it; return how it ended, or None if it is not due or another owner has it."""
    return send_claimed(mail_id, owner) if _claim(owner, only=mail_id) else None


def _claim(owner: str, only: int | None = None) -> list[int]:
    lease_s = current_settings().lease_s
    return transact(
        lambda session: claim(
            session, OutboxRow, owner=owner, now=real_now(), lease_s=lease_s, limit=1, only=only
        )
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _End:
    state: JobState
    values: dict[str, Any]


def send_claimed(mail_id: MailId, owner: str) -> JobState | None:
    """Send a mail that this owner has claimed, mark it, and return its state; None if the lease was lost meanwhile.

    No transaction is open while the server is spoken to.
    """
    with Session(db.engine) as session:
        row = session.get(OutboxRow, mail_id)
    if row is None or row.lease_owner != owner or row.lease_until is None:
        return None
    began_at = real_now()
    end = _end_of_lost(row) or _attempt(row, row.lease_until)
    kept = transact(lambda session: _settle(session, mail_id, owner, began_at, end))
    if end.state in {JobState.FAILED, JobState.HELD}:
        log.warning("mail %d is %s; the office's list of mails says why", mail_id, end.state)
    return end.state if kept else None


def _settle(session: Session, mail_id: MailId, owner: str, began_at: datetime, end: _End) -> bool:
    """Mark the mail and write the attempt down, both or, where the lease has gone to another, neither."""
    if not settle(session, OutboxRow, mail_id, owner=owner, state=end.state, values=end.values):
        return False
    values = {
        "mail_id": mail_id,
        "owner": owner,
        "began_at": began_at,
        "ended_at": real_now(),
        "state": end.state,
        "answer": end.values["last_answer"],
    }
    session.connection().execute(insert(_ATTEMPT), values)
    return True


def _end_of_lost(row: OutboxRow) -> _End | None:
    """Return that the mail is held, before anything is done with it, if it has cost too many workers."""
    if lost_leases(row) < MOST_LOST_LEASES:
        return None
    return _end(JobState.HELD, LOST_TOO_OFTEN, attempts=MOST_LOST_LEASES)


def _attempt(row: OutboxRow, lease_until: datetime) -> _End:
    try:
        message = Message(_letter(row))
    except SQLAlchemyError:
        raise  # the database is away: that is nothing about this mail, whose lease will run out
    except Exception as error:  # noqa: BLE001 -- whatever a maker raises, the mail must be held and be seen
        return _end(JobState.HELD, one_line(f"{type(error).__name__}: {error}"))
    reserve_s = current_settings().lease_s * (1 - SHARE_OF_LEASE)
    left_s = (lease_until - real_now()).total_seconds() - reserve_s
    try:
        answer = deliver_message(message, within_s=left_s)
    except NotDeliveredError as error:
        return _after_refusal(error, row.attempts)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 -- a letter that cannot be written down must be seen, not claimed for ever
        return _end(JobState.HELD, one_line(f"{type(error).__name__}: {error}"))
    return _end(JobState.DONE, answer, sent_at=real_now())


def _letter(row: OutboxRow) -> Letter:
    link = link_makers.get(row.link["kind"])(row.link["ref"]) if row.link else ""
    text, html = with_link(row.text, row.html, row.link_slot, link)
    settings = current_settings()
    return Letter(
        sender=settings.mail_sender,
        reply_to=settings.mail_reply_to,
        recipient=row.recipient,
        recipient_name=row.recipient_name,
        subject=row.subject,
        text=text,
        html=html,
        message_id=row.message_id,
        written_at=row.created_at,
        attachments=[attachment_makers.get(order["kind"])(order["facts"]) for order in row.attachments],
    )


def _after_refusal(error: NotDeliveredError, attempts: int) -> _End:
    delay = None if error.is_final else next_delay(attempts, random.random())  # noqa: S311 -- jitter, not a secret
    if delay is None:
        return _end(JobState.FAILED, error.answer)
    return _end(JobState.RETRYING, error.answer, due_at=real_now() + delay)


def _end(state: JobState, answer: str, **more: datetime | int) -> _End:
    return _End(state=state, values={"last_answer": answer[:ANSWER_LENGTH], **more})
