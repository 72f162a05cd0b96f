"""The worker seals what requests wrote: in the order in which it finds them, one worker at a time on all machines.

An entry that is committed late, with a lower number than sealed ones, gets the next place like any other: a place in
the chain is when it was sealed, not its number. Sealing is in batches that hold SQLite's write lock for some ten
milliseconds, and on PostgreSQL locks nothing that a request writes.
"""

import logging
import secrets
import threading
import time
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from conference.audit import chain
from conference.audit.chain import BEGINNING, Entry, Head
from conference.audit.heads import find_head, find_strayed, keep_outside, signed
from conference.audit.tables import EntryRow, HeadRow, PayloadRow
from conference.core.clock import real_now
from conference.core.sealing import fingerprint
from conference.db.base import db
from conference.db.work import transact
from conference.web.settings import current_settings

log = logging.getLogger(__name__)
AT_ONCE = 100
# How many batches a worker seals before it looks after its other work; the first run after an upgrade has many.
_BATCHES = 20
REST_S = 5.0
_ENTRY = cast("Table", EntryRow.__table__)
_PAYLOAD = cast("Table", PayloadRow.__table__)
_HEAD = cast("Table", HeadRow.__table__)
_UNSEALED = (
    select(_ENTRY, _PAYLOAD.c["values"].label("payload"), _PAYLOAD.c.salt, _PAYLOAD.c.entry_id.label("kept"))
    .outerjoin(_PAYLOAD, _PAYLOAD.c.entry_id == _ENTRY.c.id)
    .where(_ENTRY.c.position.is_(None))
    .order_by(_ENTRY.c.id)
    .limit(AT_ONCE)
)
_PLACE = (
    update(_ENTRY)
    .where(_ENTRY.c.id == bindparam("entry"))
    .values(position=bindparam("place"), digest=bindparam("values_digest"), link=bindparam("its_link"))
)
_SALT = update(_PAYLOAD).where(_PAYLOAD.c.entry_id == bindparam("entry")).values(salt=bindparam("its_salt"))


class SealingStoppedError(Exception):
    """The chain's end is not what was signed, so nothing may be added to it: `conference audit verify` says what to do."""


def seal_due(*, most: int = _BATCHES, forces: bool = False) -> int:
    """Seal up to `most` batches of what waits, each in a transaction of its own, and return how many entries.

    Raises SealingStoppedError where the end of the chain was altered, or the one that is kept beside the database is
    not in it; with `forces`, as where the chain begins anew, what is kept is not asked and replaced.
    """
    total = 0
    for _ in range(most):
        count, head = transact(lambda session: _seal_batch(session, forces=forces))
        if head is not None:
            keep_outside(head, forces=forces)
        total += count
        if count < AT_ONCE:
            break
    return total


def _seal_batch(session: Session, *, forces: bool) -> tuple[int, Head | None]:
    """Seal the first entries that wait; return how many, and the new end unless it is the old one."""
    head = _locked_head(session)
    rows = session.connection().execute(_UNSEALED).all()
    keys = current_settings().secret_keys
    if not rows and (head is None or head.key == fingerprint(keys[0])):
        return 0, None
    if not forces:
        _expect_kept(session)
    count, last = (head.count, head.link) if head else (0, BEGINNING)
    places, salts = [], []
    for count, row in enumerate(rows, start=count + 1):  # noqa: B020 -- goes on from the end of the chain
        salt, its_digest = _digested(row)
        if salt is not None:
            salts.append({"entry": row.id, "its_salt": salt, "values": {}, "is_new": row.kept is None})
        last = chain.link(last, entry_of(row, its_digest, count))
        places.append({"entry": row.id, "place": count, "values_digest": its_digest, "its_link": last})
    _write(session, places, salts)
    new = signed(count, last, real_now())
    values = {name: getattr(new, name) for name in ("count", "link", "sealed_at", "key", "signature")}
    if head is None:
        session.connection().execute(insert(_HEAD), {"id": 1, **values})
    else:
        session.connection().execute(update(_HEAD).where(_HEAD.c.id == 1).values(**values))
    return len(rows), new


def _locked_head(session: Session) -> Head | None:
    """Return the chain's end, this transaction's alone until it ends. Raises SealingStoppedError."""
    head = find_head(session, locks=True)
    if head is None:
        if not session.scalar(select(exists().where(EntryRow.position.is_not(None)))):
            return None
        # Another worker may have sealed the very first entries between these two statements.
        head = find_head(session, locks=True)
        if head is None:
            raise SealingStoppedError("the signed end of the chain is gone")
    if not any(chain.is_signed(head, key) for key in current_settings().secret_keys):
        raise SealingStoppedError("no key that is set signed the end of the chain")
    return head


def _expect_kept(session: Session) -> None:
    """Raise SealingStoppedError where what is kept beside the database is not in the chain: it stays, to be found."""
    strayed = find_strayed(session)
    if strayed is not None:
        path, kept = strayed
        raise SealingStoppedError(f"the chain does not go through the end that {path} keeps ({kept.short})")


def _digested(row: Any) -> tuple[str | None, str | None]:
    """Return the salt and the digest of what can be erased of the entry; None and None where there is nothing."""
    if row.kept is None and not row.reason:
        return None, None
    salt = secrets.token_hex(16)
    return salt, chain.digest(salt, row.payload or {}, row.reason)


def entry_of(row: Any, its_digest: str | None, position: int) -> Entry:
    """Return what is sealed of a row of the table of entries."""
    return Entry(
        id=row.id,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        action=row.action,
        record_type=row.record_type,
        record_id=row.record_id,
        fields=tuple(row.fields),
        digest=its_digest,
        position=position,
    )


def _write(session: Session, places: list[dict[str, Any]], salts: list[dict[str, Any]]) -> None:
    connection = session.connection()
    if places:
        connection.execute(_PLACE, places)
    # Who gave a reason and no values has nothing apart yet that could hold the salt.
    new = [
        {"entry_id": one["entry"], "values": {}, "salt": one["its_salt"]} for one in salts if one["is_new"]
    ]
    if new:
        connection.execute(insert(_PAYLOAD), new)
    known = [{"entry": one["entry"], "its_salt": one["its_salt"]} for one in salts if not one["is_new"]]
    if known:
        connection.execute(_SALT, known)


class AuditSealer:
    """Sealing as a worker sees it. Needs no lease: who comes second waits for the first, and finds nothing.

    An empty look is not repeated for some seconds; what a request wrote is sealed that much later.
    """

    def __init__(self, rest_s: float = REST_S) -> None:
        self._rest_s = rest_s
        self._rests_until = 0.0
        self._has_signed = False

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return []

    def run(self, job_id: int, owner: str) -> None:  # pragma: no cover -- work_off does it all
        """Do nothing: see `work_off`."""

    def work_off(self, owner: str, stop: threading.Event) -> int:  # noqa: ARG002 -- the signature is BatchSource's
        """Seal what waits, and return how many entries; an end that was altered is logged, and no error."""
        if time.monotonic() < self._rests_until:
            return 0
        done = 0
        try:
            # The first look also signs the end anew where the key was renewed.
            if not self._has_signed or is_waiting():
                done = seal_due()
                self._has_signed = True
        except SealingStoppedError as error:
            log.error("history: nothing is sealed, because %s: run `conference audit verify`", error)  # noqa: TRY400 -- the sentence says all
            self._rests_until = time.monotonic() + 60
            return 0
        if done < AT_ONCE * _BATCHES:
            self._rests_until = time.monotonic() + self._rest_s
        return done


def is_waiting() -> bool:
    """Return whether an entry waits to be sealed. One statement, over an index of those that wait."""
    return bool(db.session.scalar(select(exists().where(EntryRow.position.is_(None)))))


def count_waiting() -> int:
    """Return how many entries wait to be sealed."""
    return db.session.scalar(select(func.count()).where(EntryRow.position.is_(None))) or 0


sealer = AuditSealer()
