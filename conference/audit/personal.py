"""What the history keeps about a record's person: the values, which lie apart from the entries (trust.md 30)."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from conference.audit.chain import FORGOTTEN
from conference.audit.heads import find_head
from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.audit.service import record_all
from conference.audit.tables import EntryRow, PayloadRow

PERSONAL_COLUMNS = {"audit_payload": frozenset({"values", "salt"}), "audit_entry": frozenset({"reason"})}


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
    """Delete the reasons, and the values of each entry that has a reason or names another field than `keeps`.

    For a record that becomes somebody else's: what was done when stays, and what it tells of the one before goes.
    """
    about = _is_about(record)
    found = session.execute(select(EntryRow.id, EntryRow.fields, EntryRow.reason).where(about)).all()
    gone = [row.id for row in found if row.reason or not set(row.fields) <= set(keeps)]
    _forget(session, EntryRow.id.in_(gone))


def forget_reasons(
    session: Session, records: Iterable[tuple[str, int]], *, field: str, before: Collection[int]
) -> None:
    """Delete the reasons of what changed this field of the records from one of these numbers; who did what stays.

    For a reason that tells of somebody to whom the record does not belong any more.
    """
    wanted = [_is_about(one) for one in records]
    if not wanted:
        return
    rows = session.execute(
        select(EntryRow.id, PayloadRow.values)
        .join(PayloadRow, PayloadRow.entry_id == EntryRow.id)
        .where(EntryRow.reason != "", or_(*wanted))
    )
    gone = [key for key, values in rows if field in values and values[field][0] in before]
    if gone:
        _forget(session, EntryRow.id.in_(gone))


def erase(session: Session, records: Iterable[tuple[str, int]]) -> None:
    """Delete the values and the reasons; who did what when, by number, stays."""
    wanted = [_is_about(one) for one in records]
    if wanted:
        _forget(session, or_(*wanted))


def _is_about(record: tuple[str, int]) -> ColumnElement[bool]:
    return (EntryRow.record_type == record[0]) & (EntryRow.record_id == record[1])


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    """Delete values and reasons of these entries, and note of which records: a payload that is gone without is found.

    Waits for a batch that is being sealed, and holds the next one up until it is committed: else a reason that goes
    while it is sealed would get a digest of what is not there, and never fit.
    """
    find_head(session, locks=True)
    has_some = or_(EntryRow.reason != "", exists().where(PayloadRow.entry_id == EntryRow.id))
    records = session.execute(
        select(EntryRow.record_type, EntryRow.record_id)
        .where(which, has_some)
        .distinct()
        .order_by(EntryRow.record_type, EntryRow.record_id)
    ).all()
    options = {"synchronize_session": False}
    entries = select(EntryRow.id).where(which)
    session.execute(delete(PayloadRow).where(PayloadRow.entry_id.in_(entries)).execution_options(**options))
    with_reason = update(EntryRow).where(which, EntryRow.reason != "")
    session.execute(with_reason.values(reason="").execution_options(**options))
    told = [(FORGOTTEN, (row.record_type, row.record_id)) for row in records]
    record_all(session, actor=BY_SYSTEM, entries=told)
