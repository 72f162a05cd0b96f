"""Writing down what came of a mail, and giving back what was claimed and not begun."""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.db.work import transact
from conference.jobs.claim import put_back, settle
from conference.jobs.model import JobState
from conference.mail.tables import AttemptRow, OutboxRow

log = logging.getLogger(__name__)
ANSWER_LENGTH = 1000
AGAIN_S = 0.5
_ADD_ATTEMPT = insert(cast("Table", AttemptRow.__table__)).inline()


class End:
    """What a mail is after a try, and the server's words or ours."""

    __slots__ = ("answer", "state", "values")

    def __init__(self, state: JobState, answer: str, **more: datetime | int) -> None:
        self.state = state
        self.answer = answer[:ANSWER_LENGTH]
        self.values: dict[str, Any] = {"last_answer": self.answer, **more}


def settle_all(
    ends: Mapping[int, End], owner: str, began_at: datetime, *, until: datetime, stop: threading.Event
) -> dict[int, JobState]:
    """Mark each mail and write its try down; return the states of those whose lease this owner still had.

    A database that is away or locked is asked again until the lease is over: a mail that was sent and is not marked
    would be sent twice. The commit is an eased one, since a power cut does no more than the same.
    """
    while True:
        try:
            kept = transact(
                lambda session: [one for one in ends if _settle(session, one, owner, began_at, ends[one])],
                eased=True,
            )
            break
        except SQLAlchemyError:
            if stop.is_set() or real_now() + timedelta(seconds=AGAIN_S) > until:
                raise
            time.sleep(AGAIN_S)
    for mail_id in kept:
        if ends[mail_id].state in {JobState.FAILED, JobState.HELD}:
            log.warning("mail %d is %s; the office's list of mails says why", mail_id, ends[mail_id].state)
    return {mail_id: ends[mail_id].state for mail_id in kept}


def _settle(session: Session, mail_id: int, owner: str, began_at: datetime, end: End) -> bool:
    """Mark the mail and write the attempt down, both or, where the lease has gone to another, neither."""
    if not settle(session, OutboxRow, mail_id, owner=owner, state=end.state, values=end.values):
        return False
    values = {
        "mail_id": mail_id,
        "owner": owner,
        "began_at": began_at,
        "ended_at": real_now(),
        "state": end.state,
        "answer": end.answer,
    }
    session.connection().execute(_ADD_ATTEMPT, values)
    return True


def give_back(mail_ids: Collection[int], owner: str) -> None:
    """Put claimed mails that were not begun back into the queue at once; without a database their lease runs out."""
    if mail_ids:
        with suppress(SQLAlchemyError):
            transact(lambda session: put_back(session, OutboxRow, list(mail_ids), owner=owner), eased=True)
