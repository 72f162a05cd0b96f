from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor, HistoryEntry
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.ids import StaffId
from conference.db.base import db


def history_of(record_type: str, record_id: int) -> list[HistoryEntry]:
    """Return a record's entries, newest first. One statement."""
    rows = db.session.execute(
        select(EntryRow, PayloadRow.values)
        .outerjoin(PayloadRow, PayloadRow.entry_id == EntryRow.id)
        .where(EntryRow.record_type == record_type, EntryRow.record_id == record_id)
        .order_by(EntryRow.id.desc())
    )
    return [
        HistoryEntry(
            at=entry.at,
            actor=Actor(
                kind=entry.actor_kind, id=None if entry.actor_id is None else StaffId(entry.actor_id)
            ),
            action=entry.action,
            fields=tuple(entry.fields),
            changes={name: (pair[0], pair[1]) for name, pair in (values or {}).items()},
            reason=entry.reason,
        )
        for entry, values in rows
    ]


def noted_values(
    session: Session, record_type: str, record_ids: Collection[int], field: str
) -> list[tuple[int, tuple[Any, Any]]]:
    """Return each (before, after) of the field that the records' histories still hold, with the record. One statement."""
    rows = session.execute(
        select(EntryRow.record_id, PayloadRow.values)
        .join(PayloadRow, PayloadRow.entry_id == EntryRow.id)
        .where(EntryRow.record_type == record_type, EntryRow.record_id.in_(record_ids))
        .order_by(EntryRow.id)
    )
    return [(row[0], (row[1][field][0], row[1][field][1])) for row in rows if field in row[1]]


def last_acts(
    record_type: str, record_ids: Collection[int], *, actions: Collection[str] = ()
) -> dict[int, datetime]:
    """Return by record id the conference time of its newest entry, or of the newest of these actions. One statement."""
    wanted = [EntryRow.record_type == record_type, EntryRow.record_id.in_(record_ids)]
    if actions:
        wanted.append(EntryRow.action.in_(actions))
    rows = db.session.execute(
        select(EntryRow.record_id, func.max(EntryRow.at)).where(*wanted).group_by(EntryRow.record_id)
    )
    return {row[0]: row[1] for row in rows}


def acted_on(record_type: str, since: datetime) -> Select[int]:
    """Return a query of the ids of the records with an entry of this conference time or later, for another room's own."""
    return select(EntryRow.record_id).where(EntryRow.record_type == record_type, EntryRow.at >= since)


def latest_at() -> datetime | None:
    """Return the conference time of the newest entry, or None where there is none."""
    return db.session.scalar(select(EntryRow.at).order_by(EntryRow.id.desc()).limit(1))
