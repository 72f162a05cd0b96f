from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import clock
from conference.db.inserting import insert_all

_ENTRY = cast("Table", EntryRow.__table__)
_PAYLOAD = cast("Table", PayloadRow.__table__)


def record_all(session: Session, *, actor: Actor, entries: Sequence[tuple[str, tuple[str, int]]]) -> None:
    """Note several acts of one actor, each with what it was about, in one statement, because a busy form makes two."""
    if not entries:
        return
    rows = [_values(actor, action, about, [], "") for action, about in entries]
    session.connection().execute(insert(_ENTRY), rows if len(rows) > 1 else rows[0])


def _values(
    actor: Actor, action: str, about: tuple[str, int], fields: list[str], reason: str
) -> dict[str, Any]:
    record_type, record_id = about
    return {
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "action": action,
        "record_type": record_type,
        "record_id": record_id,
        "fields": fields,
        "reason": reason,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What was done to a record, and (before, after) by field name, as `record` takes them."""

    action: str
    about: tuple[str, int]
    changes: Mapping[str, tuple[Any, Any]]


def record_many(session: Session, *, actor: Actor, acts: Sequence[Act]) -> None:
    """Note several acts of one actor with their values, in two statements for up to a thousand."""
    if not acts:
        return
    rows = [_values(actor, act.action, act.about, sorted(act.changes), "") for act in acts]
    keys = insert_all(session, EntryRow, rows)
    payloads = [
        {"entry_id": key, "values": {name: list(pair) for name, pair in act.changes.items()}}
        for key, act in zip(keys, acts, strict=True)
        if act.changes
    ]
    if payloads:
        session.connection().execute(insert(_PAYLOAD), payloads)


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    about: tuple[str, int],
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> None:
    """Note in this transaction who did what to which record, as in "moved" about ("session", 7).

    `changes` holds (before, after) by field name, as plain JSON values; they lie apart from the entry, which keeps
    ids and field names only (trust.md 30).
    """
    values = _values(actor, action, about, sorted(changes or {}), reason)
    # Past the session's objects: an entry is written once and never edited.
    key = session.connection().execute(insert(_ENTRY), values).inserted_primary_key
    if changes:
        assert key is not None
        payload = {name: list(pair) for name, pair in changes.items()}
        session.connection().execute(insert(_PAYLOAD), {"entry_id": key[0], "values": payload})
