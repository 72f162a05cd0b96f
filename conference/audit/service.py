from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import clock


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
    entry = EntryRow(
        at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        record_type=record_type,
        record_id=record_id,
        fields=sorted(changes or {}),
        reason=reason,
    )
    session.add(entry)
    if changes:
        session.flush()
        session.add(
            PayloadRow(entry_id=entry.id, values={name: list(pair) for name, pair in changes.items()})
        )
