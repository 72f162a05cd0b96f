"""The whole chain read once, and what is not as it was sealed said in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, delete, func, insert, select
from sqlalchemy.orm import Session

from conference.audit import chain
from conference.audit.chain import BEGINNING, FORGOTTEN, Head
from conference.audit.heads import find_head, heads_outside
from conference.audit.sealing import entry_of
from conference.audit.tables import CheckRow, EntryRow, PayloadRow
from conference.core.clock import STOCKHOLM, real_now
from conference.db.base import db
from conference.db.work import transact
from conference.web.settings import current_settings

# What is told one by one; who altered more than that is told how many more.
TOLD_AT_MOST = 20
_AT_ONCE = 1000
_ENTRY = cast("Table", EntryRow.__table__)
_PAYLOAD = cast("Table", PayloadRow.__table__)
_SEALED = (
    select(_ENTRY, _PAYLOAD.c["values"].label("payload"), _PAYLOAD.c.salt, _PAYLOAD.c.entry_id.label("kept"))
    .outerjoin(_PAYLOAD, _PAYLOAD.c.entry_id == _ENTRY.c.id)
    .where(_ENTRY.c.position.is_not(None))
    .order_by(_ENTRY.c.position)
)


@dataclass(slots=True)
class Verdict:
    """What a look at the whole chain found: entries in it, waiting to be sealed, without their values since an erasure.

    `findings` are the first sentences of what is wrong, `wrong` counts all of them; `head` is the chain's end.
    """

    sealed: int = 0
    waiting: int = 0
    erased: int = 0
    head: Head | None = None
    wrong: int = 0
    findings: list[str] = field(default_factory=list)

    def find(self, sentence: str) -> None:
        self.wrong += 1
        if len(self.findings) < TOLD_AT_MOST:
            self.findings.append(sentence)


def verify(*, written_down: str = "", say: Any = None) -> Verdict:
    """Return what is wrong with the history, which is read in one state of the database while the site runs.

    `written_down` is an earlier end, as in "1234-0f9a13b2c4d5e6f7", which the chain must still go through. `say` is told how many entries were read.
    """
    verdict = Verdict()
    outside = {str(path): head.short for path, head in heads_outside()}
    marks = {mark: f"the end that {path} keeps" for path, mark in outside.items()}
    if written_down:
        marks[written_down] = "the end that was written down"
    with _snapshot() as connection:
        session = Session(bind=connection)
        verdict.head = find_head(session)
        verdict.waiting = session.scalar(select(func.count()).where(EntryRow.position.is_(None))) or 0
        walk = _Walk(verdict, marks)
        options = {"stream_results": True, "yield_per": _AT_ONCE}
        for number, row in enumerate(connection.execute(_SEALED.execution_options(**options)), start=1):
            walk.read(row)
            if say is not None and number % _AT_ONCE == 0:
                say(number)
        walk.forgive(session)
        session.close()
    walk.end()
    return verdict


class _Walk:
    """One pass over the sealed entries, in the order of their places. Its memory grows with what was erased alone."""

    def __init__(self, verdict: Verdict, marks: dict[str, str]) -> None:
        self._verdict = verdict
        self._marks = marks
        self._expected = 1
        # None after a gap: what the next entry followed is not there.
        self._before: str | None = BEGINNING
        # Whose digested values are not there, until an erasure of their record is met.
        self._missing: dict[tuple[str, int], list[str]] = {}

    def read(self, row: Row[Any]) -> None:
        name = _name(row)
        self._verdict.sealed += 1
        head = self._verdict.head
        if head is not None and row.position > head.count:
            self._verdict.find(f"{name} stands behind the signed end of the chain, at place {row.position}.")
            return
        if row.position > self._expected:
            self._removed(row.position)
        elif row.position < self._expected:
            self._verdict.find(f"{name} was inserted: its place {row.position} was taken already.")
            return
        if self._before is not None and chain.link(self._before, entry_of(row, row.digest, row.position)) != (
            row.link
        ):
            self._verdict.find(f"{name} was altered, or its place in the chain was.")
        self._values(row, name)
        if row.action == FORGOTTEN:
            self._missing.pop((row.record_type, row.record_id), None)
        self._before, self._expected = row.link or "", row.position + 1
        self._marks.pop(f"{row.position}-{self._before[:16]}", None)

    def _removed(self, position: int) -> None:
        count = position - self._expected
        places = f"place {self._expected}" if count == 1 else f"places {self._expected} to {position - 1}"
        told = "an entry was" if count == 1 else f"{count} entries were"
        self._verdict.find(f"{told[0].upper()}{told[1:]} removed from the chain, at {places}.")
        self._before = None

    def _values(self, row: Row[Any], name: str) -> None:
        """Compare values and reason with their digest; what was erased has none, and says so."""
        if row.digest is None:
            if row.kept is not None or row.reason:
                self._verdict.find(f"{name} had no values when it was sealed, and has some now.")
        elif row.kept is None:
            self._verdict.erased += 1
            self._missing.setdefault((row.record_type, row.record_id), []).append(name)
            if row.reason:
                self._verdict.find(f"{name} has a reason that was written after its values were erased.")
        elif chain.digest(row.salt or "", row.payload or {}, row.reason) != row.digest:
            self._verdict.find(f"The values of {name} are not those that were sealed.")

    def forgive(self, session: Session) -> None:
        """Take erasures into account that wait to be sealed: they are a moment old."""
        waiting = select(EntryRow.record_type, EntryRow.record_id).where(
            EntryRow.position.is_(None), EntryRow.action == FORGOTTEN
        )
        for kind, number in session.execute(waiting):
            self._missing.pop((kind, number), None)

    def end(self) -> None:
        """Compare the last link with the signed end, and with those that are kept elsewhere."""
        for names in self._missing.values():
            for name in names:
                self._verdict.find(f"The values of {name} are gone, and no erasure is noted after it.")
        head = self._verdict.head
        if head is None:
            if self._verdict.sealed:
                self._verdict.find("The signed end of the chain is gone.")
        else:
            self._signed_end(head)
        last = self._expected - 1
        for mark, what in self._marks.items():
            told = int(mark.partition("-")[0]) if mark.partition("-")[0].isdigit() else 0
            if told > last:
                count = told - last
                newest = "newest entry was" if count == 1 else f"newest {count} entries were"
                self._verdict.find(
                    f"The chain ends at {last}, and {what} is {told}: the {newest} removed, or an older state of the "
                    "database was put in its place. If you began with a new database yourself, delete that file."
                )
            elif mark != f"0-{BEGINNING[:16]}":
                self._verdict.find(
                    f"The chain does not go through {what} ({mark}): it was written anew. If you did that yourself, delete what keeps the earlier end."
                )

    def _signed_end(self, head: Head) -> None:
        last = self._expected - 1
        keys = current_settings().secret_keys
        if not any(chain.is_signed(head, key) for key in keys):
            self._verdict.find(
                "The signature of the chain's end does not fit: the end was altered, or it was signed with a secret key that "
                f"is not set (fingerprint {head.key}). If you renewed the key, put the earlier one into "
                "CONFERENCE_OLD_SECRET_KEYS."
            )
        if last < head.count:
            count = head.count - last
            told = "entry was" if count == 1 else f"{count} entries were"
            self._verdict.find(
                f"The newest {told} removed: the chain was signed at {head.count} and ends at {last}."
            )
        elif self._before is not None and (self._before or BEGINNING) != head.link:
            self._verdict.find("The last entry is not the one that was signed: the chain was written anew.")


def _name(row: Row[Any]) -> str:
    """Return how a sentence names an entry, as in "Entry 412 (changed, registration 12, 2022-09-05 08:00)"."""
    at = row.at.astimezone(STOCKHOLM)
    return f"Entry {row.id} ({row.action}, {row.record_type} {row.record_id}, {at:%Y-%m-%d %H:%M})"


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Yield a connection that sees one state of the database until it is closed, and writes nothing."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.exec_driver_sql("ROLLBACK")
        return
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        yield connection


def history_is_sealed() -> str | None:
    """Return the first of what is wrong with the history, and how much there is, or None; for the invariants."""
    verdict = verify()
    if not verdict.wrong:
        return None
    more = f" And {verdict.wrong - 1} more: run `conference audit verify`." if verdict.wrong > 1 else ""
    return f"{verdict.findings[0]}{more}"


def note_check(verdict: Verdict) -> None:
    """Keep when the whole chain was last looked at, and what came of it."""
    row = {"id": 1, "checked_at": real_now(), "count": verdict.sealed, "wrong": verdict.wrong}

    def work(session: Session) -> None:
        session.execute(delete(CheckRow))
        session.execute(insert(CheckRow), [row])

    transact(work)


def last_check() -> tuple[datetime, int, int] | None:
    """Return when the whole chain was last looked at, at how many entries, and how much was wrong."""
    row = db.session.get(CheckRow, 1)
    return None if row is None else (row.checked_at, row.count, row.wrong)
