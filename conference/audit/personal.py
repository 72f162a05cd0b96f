"""What the history keeps about a record's person: the values, which lie apart from the entries (trust.md 30)."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from conference.audit.queries import history_of
from conference.audit.tables import EntryRow, PayloadRow

PERSONAL_COLUMNS = {"audit_payload": frozenset({"values"}), "audit_entry": frozenset({"reason"})}


def held(records: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return each entry about the records, the newest first within each."""
    return [
        {
            "record": f"{kind} {record_id}",
            "at": entry.at.isoformat(),
            "by": entry.actor.kind,
            "what": entry.action,
            "values": {name: list(pair) for name, pair in entry.changes.items()},
            "reason": entry.reason,
        }
        for kind, record_id in records
        for entry in history_of(kind, record_id)
    ]


def forget_values(session: Session, record: tuple[str, int], *, keeps: Collection[str]) -> None:
    """Delete the reasons, and the values of each entry that names another field than `keeps`.

    For a record that becomes somebody else's: what was done when stays, and what it tells of the one before goes.
    """
    about = (EntryRow.record_type == record[0]) & (EntryRow.record_id == record[1])
    found = session.execute(select(EntryRow.id, EntryRow.fields).where(about)).all()
    gone = [row.id for row in found if not set(row.fields) <= set(keeps)]
    options = {"synchronize_session": False}
    session.execute(delete(PayloadRow).where(PayloadRow.entry_id.in_(gone)).execution_options(**options))
    session.execute(update(EntryRow).where(about).values(reason="").execution_options(**options))


def erase(session: Session, records: Iterable[tuple[str, int]]) -> None:
    """Delete the values and the reasons; who did what when, by number, stays."""
    about = or_(
        *((EntryRow.record_type == kind) & (EntryRow.record_id == record_id) for kind, record_id in records)
    )
    entries = select(EntryRow.id).where(about)
    options = {"synchronize_session": False}
    session.execute(delete(PayloadRow).where(PayloadRow.entry_id.in_(entries)).execution_options(**options))
    session.execute(update(EntryRow).where(about).values(reason="").execution_options(**options))
