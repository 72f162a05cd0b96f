from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import clock

_ENTRY = cast("Table", EntryRow.__table__)
_PAYLOAD = cast("Table", PayloadRow.__table__)


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
    record_type, record_id = about
    values = {
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "action": action,
        "record_type": record_type,
        "record_id": record_id,
        "fields": sorted(changes or {}),
        "reason": reason,
    }
    # Past the session's objects: an entry is written once and never edited.
    key = session.connection().execute(insert(_ENTRY), values).inserted_primary_key
    if changes:
        assert key is not None
        payload = {name: list(pair) for name, pair in changes.items()}
        session.connection().execute(insert(_PAYLOAD), {"entry_id": key[0], "values": payload})
