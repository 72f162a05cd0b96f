"""Writing down what came of a mail, and giving back what was claimed and not begun."""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any, Self, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    case,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.dml import ReturningInsert

from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import EasedLine, transact
from conference.jobs.claim import put_back, settled_values, settling
from conference.jobs.model import JobState
from conference.mail.rules import IN_DOUBT, MOST_DOUBTS
from conference.mail.tables import AttemptRow, OutboxRow

log = logging.getLogger(__name__)
ANSWER_LENGTH = 1000
AGAIN_S = 0.5
# What a database that is away may still take once the worker was told to stop.
STOP_S = 2.0
_TRIES = cast("Table", AttemptRow.__table__)
_OF_TRY = ("owner", "began_at", "ended_at", "state", "answer")


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
    """What came of one try; to be written before `until` (of time.monotonic), when the lease ends."""

    ends: Mapping[int, End]
    began_at: datetime
    until: float


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

    def note(self, ends: Mapping[int, End], began_at: datetime, *, until: float) -> None:
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
                until = noted.until if stops_at is None else min(stops_at, noted.until)
                if time.monotonic() + AGAIN_S > until:
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
    done = settled_values(attempt["state"], values)
    if connection.execute(_marking(tuple(done)), _given(attempt, done)).rowcount != 1:
        return False
    connection.execute(_noting(), _given(attempt, {}))
    return True


def _in_one_statement(connection: Connection, attempt: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    done = settled_values(attempt["state"], values)
    return connection.scalar(_both(tuple(done)), _given(attempt, done)) is not None


def _given(attempt: Mapping[str, Any], done: Mapping[str, Any]) -> dict[str, Any]:
    given = {f"new_{name}": value for name, value in done.items()}
    given |= {f"try_{name}": value for name, value in attempt.items() if name != "mail_id"}
    return given | {"job_id": attempt["mail_id"], "owner": attempt["owner"]}


def _unless_erased(recipient: ColumnElement[str], answer: ColumnElement[str]) -> ColumnElement[str]:
    """Return the server's words, or nothing where the record was erased meanwhile: they repeat the address as a rule."""
    return case((recipient == "", ""), else_=answer)


@cache
def _marking(names: tuple[str, ...]) -> Update:
    """Return the statement that settles a mail by these columns."""
    mails = cast("Table", OutboxRow.__table__)
    new: dict[str, Any] = {name: bindparam(f"new_{name}", type_=mails.c[name].type) for name in names}
    new["last_answer"] = _unless_erased(mails.c.recipient, new["last_answer"])
    return settling(mails).values(new)


def _trying(mails: FromClause) -> Select[Any]:
    """Return the try, as read beside the mail's row."""
    tries = AttemptRow.__table__
    told = {name: bindparam(f"try_{name}", type_=tries.c[name].type) for name in _OF_TRY}
    answer = _unless_erased(mails.c.recipient, told["answer"])
    return select(mails.c.id, *(answer if name == "answer" else told[name] for name in _OF_TRY))


@cache
def _noting() -> Insert:
    """Return the statement that writes the try down, beside a mail that was just settled."""
    mails = OutboxRow.__table__
    chosen = _trying(mails).where(mails.c.id == bindparam("job_id"))
    return insert(_TRIES).from_select(["mail_id", *_OF_TRY], chosen)


@cache
def _both(names: tuple[str, ...]) -> ReturningInsert[tuple[int]]:
    """Return the statement that settles a mail, by these columns, and writes down the try: PostgreSQL knows such."""
    mails = OutboxRow.__table__
    done = _marking(names).returning(mails.c.id, mails.c.recipient).cte("done")
    tried = insert(_TRIES).from_select(["mail_id", *_OF_TRY], _trying(done))
    return tried.returning(_TRIES.c.id)


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
