"""The only place that commits."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from flask import current_app
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from conference.db.base import db
from conference.db.engines import EASED, EASED_LINE, WRITERS_LEVEL, WRITING

T = TypeVar("T")
ATTEMPTS = 5
_AFTER_COMMIT = "conference_after_commit"
_WRITERS = "conference_writing_engines"
# PostgreSQL's serialization_failure and deadlock_detected (its manual, appendix A).
_RETRYABLE = {"40001", "40P01"}


def writing_engine(*, eased: bool = False) -> Engine:
    """Return the application's engine, whose transactions begin as writers. Made once an application."""
    kept: dict[tuple[Engine, bool], Engine] = current_app.extensions.setdefault(_WRITERS, {})
    engine = db.engine
    if (engine, eased) not in kept:
        level = {} if engine.dialect.name == "sqlite" else WRITERS_LEVEL
        kept[engine, eased] = engine.execution_options(**{WRITING: True, EASED: eased} | level)
    return kept[engine, eased]


class _WorkSession(Session):
    """A session that finds its connection once a transaction: a filled form asks for it some thirty times."""

    _found: tuple[object, Connection] | None = None

    def connection(
        self, bind_arguments: Any = None, execution_options: Mapping[str, Any] | None = None
    ) -> Connection:
        if bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        if self._found is None or self._found[0] is not self.get_transaction():
            found = super().connection()
            # Only now there is a transaction, where this was its first step.
            self._found = (self.get_transaction(), found)
        return self._found[1]


@contextmanager
def unit_of_work(*, eased: bool = False) -> Iterator[Session]:
    """Yield a fresh session that is committed at the end, or rolled back by an exception. Of `eased` see `transact`.

    It shares nothing with the request's reads: on SQLite a session that has read ignores BEGIN IMMEDIATE.
    """
    with _WorkSession(writing_engine(eased=eased), expire_on_commit=False) as session:
        # The statement-free connect begins the transaction now, as a writer, before anything is read.
        session.connection()
        yield session
        session.commit()
    for action in session.info.pop(_AFTER_COMMIT, []):
        action()


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Run `action` once this session's work is committed, and never if it is rolled back."""
    actions = session.info.setdefault(_AFTER_COMMIT, [])
    if action not in actions:
        actions.append(action)


def transact(work: Callable[[Session], T], *, eased: bool = False) -> T:
    """Return what `work` returns after its transaction is committed.

    A serialisation failure, a deadlock or a unique key met by two at once is tried again on a fresh session,
    at most 5 times in all; `work` must therefore leave nothing behind outside its session.

    An `eased` commit does not wait for the disk: it outlives the end of this process at once, and a power cut after
    EASED_FOR_S (of `engines`) or, on SQLite, once anybody's next commit has waited. For notes that are cheap to lose and many to write, as of a mail that was sent.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with unit_of_work(eased=eased) as session:
                return work(session)
        except DBAPIError as error:
            if attempt == ATTEMPTS or not _worth_another_try(error):
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 -- jitter, not a secret
    raise AssertionError  # the loop returns or raises


class EasedLine:
    """One connection for many small eased transactions, as of a worker's mails: finding it costs as much as they do.

    A context manager; between two transactions nothing is open. A connection that the server has ended is made anew.
    """

    def __enter__(self) -> Self:
        is_sqlite = db.engine.dialect.name == "sqlite"
        engine = (
            writing_engine(eased=True) if is_sqlite else db.engine.execution_options(**{EASED_LINE: True})
        )
        self._connection = engine.connect()
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def transact(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns after its transaction is committed; see `transact`.

        On PostgreSQL each of its statements is a transaction of its own, one round trip instead of five: what belongs
        together must be one statement there.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._connection.begin():
                    return work(self._connection)
            except DBAPIError as error:
                is_ended = error.connection_invalidated and attempt == 1
                if attempt == ATTEMPTS or not (is_ended or _worth_another_try(error)):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 -- jitter, not a secret
        raise AssertionError  # the loop returns or raises


def _worth_another_try(error: DBAPIError) -> bool:
    # A unique key met by two at once is settled by looking again: the second attempt finds the first's row.
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in _RETRYABLE


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Yield a list that grows by each SQL statement of the application's engine, for tests and benchmarks."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
