"""Writing down what came of a mail, and giving back what was claimed and not begun."""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any, Self, cast

from sqlalchemy import Connection, Table, bindparam, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.dml import ReturningInsert

from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import EasedLine, transact
from conference.jobs.claim import put_back, settle_row, settled_values, settling
from conference.jobs.model import JobState
from conference.mail.rules import IN_DOUBT, MOST_DOUBTS
from conference.mail.tables import AttemptRow, OutboxRow

log = logging.getLogger(__name__)
ANSWER_LENGTH = 1000
AGAIN_S = 0.5
# What a database that is away may still take once the worker was told to stop.
STOP_S = 2.0
_ADD_ATTEMPT = insert(cast("Table", AttemptRow.__table__)).inline()


class End:
    """What a mail is after a try, and the server's words or ours."""

    __slots__ = ("answer", "at", "state", "values")

    def __init__(self, state: JobState, answer: str, **more: datetime | int) -> None:
        self.state = state
        self.answer = answer[:ANSWER_LENGTH]
        self.at = real_now()
        self.values: dict[str, Any] = {"last_answer": self.answer, **more}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Note:
    """What came of one try, and of the mails that shared its fate; to be written before `until`, when the lease ends."""

    ends: Mapping[int, End]
    began_at: datetime
    until: datetime


class Notebook:
    """Marks each mail and writes its try down, where its lease is still this owner's. A context manager.

    What is noted is written by `write`, which the sender calls before anything else is in doubt: one killed in
    between doubles that one mail, as one does that is killed right after the server's answer. `ended` tells by id
    what was written.
    """

    def __init__(self, owner: str, stop: threading.Event) -> None:
        self._owner = owner
        self._stop = stop
        self._line = EasedLine()
        self._noted: _Note | None = None
        self.ended: dict[int, JobState] = {}

    def __enter__(self) -> Self:
        self._line.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        self._line.__exit__()

    def note(self, ends: Mapping[int, End], began_at: datetime, *, until: datetime) -> None:
        """Keep one try's end to be written next, once what was noted before is written."""
        self.write()
        self._noted = _Note(ends=ends, began_at=began_at, until=until)

    def write(self) -> None:
        """Write what is noted; nothing happens where it is written already.

        A database that is away or locked is asked again until the lease is over, for STOP_S at most once the worker
        was told to stop, and then SQLAlchemyError is raised: a mail that was sent and is not marked would be sent
        twice. What is not written stays noted. The commit is an eased one: a power cut sends again what was sent in
        the half second before it, as one right after the server's answer would.
        """
        noted = self._noted
        if noted is None:
            return
        kept = self._settled(noted)
        self._noted = None
        for mail_id in kept:
            state = self.ended[mail_id] = noted.ends[mail_id].state
            if state in {JobState.FAILED, JobState.HELD}:
                log.warning("mail %d is %s; the office's list of mails says why", mail_id, state)

    def _settled(self, noted: _Note) -> list[int]:
        stops_at: float | None = None
        while True:
            try:
                return self._line.transact(lambda connection: _settle(connection, noted, self._owner))
            except SQLAlchemyError:
                if stops_at is None and self._stop.is_set():
                    stops_at = time.monotonic() + STOP_S
                is_stopped = stops_at is not None and time.monotonic() + AGAIN_S > stops_at
                if is_stopped or real_now() + timedelta(seconds=AGAIN_S) > noted.until:
                    raise
                time.sleep(AGAIN_S)


def _settle(connection: Connection, noted: _Note, owner: str) -> list[int]:
    """Mark the mails and write the tries down, and return which; neither where the lease has gone to another."""
    kept = []
    write = _in_two_steps if connection.dialect.name == "sqlite" else _in_one_statement
    for mail_id, end in noted.ends.items():
        attempt = {
            "mail_id": mail_id,
            "owner": owner,
            "began_at": noted.began_at,
            "ended_at": end.at,
            "state": end.state,
            "answer": end.answer,
        }
        if write(connection, attempt, end.values):
            kept.append(mail_id)
    return kept


def _in_two_steps(connection: Connection, attempt: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    mail_id, owner, state = attempt["mail_id"], attempt["owner"], attempt["state"]
    if not settle_row(connection, OutboxRow, mail_id, owner=owner, state=state, values=values):
        return False
    connection.execute(_ADD_ATTEMPT, attempt)
    return True


def _in_one_statement(connection: Connection, attempt: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    done = settled_values(attempt["state"], values)
    given = {f"new_{name}": value for name, value in done.items()} | {
        f"try_{name}": value for name, value in attempt.items() if name != "mail_id"
    }
    keys = {"job_id": attempt["mail_id"], "owner": attempt["owner"]}
    return connection.scalar(_both(tuple(done)), given | keys) is not None


@cache
def _both(names: tuple[str, ...]) -> ReturningInsert[tuple[int]]:
    """Return the statement that settles a mail, by these columns, and writes down the try: PostgreSQL knows such."""
    mails, tries = OutboxRow.__table__, AttemptRow.__table__
    new = {name: bindparam(f"new_{name}", type_=mails.c[name].type) for name in names}
    done = settling(mails).values(new).returning(mails.c.id).cte("done")
    told = ("owner", "began_at", "ended_at", "state", "answer")
    chosen = select(done.c.id, *(bindparam(f"try_{name}", type_=tries.c[name].type) for name in told))
    return insert(cast("Table", tries)).from_select(["mail_id", *told], chosen).returning(tries.c.id)


def give_back(mail_ids: Collection[int], owner: str) -> None:
    """Put claimed mails that were not begun back into the queue at once; without a database their lease runs out."""
    if mail_ids:
        with suppress(SQLAlchemyError):
            transact(lambda session: put_back(session, OutboxRow, list(mail_ids), owner=owner), eased=True)


def doubts_in_a_row(mail_id: int) -> int:
    """Return after how many of the last tries nobody knew whether the mail was taken; 0 without a database."""
    answers = select(AttemptRow.answer).where(AttemptRow.mail_id == mail_id).order_by(AttemptRow.id.desc())
    with suppress(SQLAlchemyError), db.engine.connect() as connection:
        found = connection.scalars(answers.limit(MOST_DOUBTS)).all()
        return sum(1 for _ in takewhile(lambda answer: answer.startswith(IN_DOUBT), found))
    return 0
