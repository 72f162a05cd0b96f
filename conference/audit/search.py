"""Entries of all records, searched: newest first, a page at a time, by the number of the last one seen."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, or_, select

from conference.audit.looks import LOOKS
from conference.audit.model import Actor, FoundEntry
from conference.audit.open_fields import is_open
from conference.audit.registry import record_finders
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import STOCKHOLM
from conference.core.ids import StaffId
from conference.db.base import db
from conference.web.numbers import number_of

PAGE_SIZE = 50
_AT_ONCE = 500
# In place of one action: all looks at sensitive data, or all that is none.
ALL_LOOKS, ALL_CHANGES = "looks", "changes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What is searched for. `number` is what people know a record by, `record` its own id; days are Stockholm's."""

    actor: Actor | None = None
    kind: str = ""
    number: str = ""
    record: int | None = None
    what: str = ""
    field: str = ""
    first_day: date | None = None
    last_day: date | None = None
    before: int | None = None

    @property
    def who(self) -> str:
        """Return who acted as the address says it, as in "staff-3" or "link"."""
        if self.actor is None:
            return ""
        return self.actor.kind if self.actor.id is None else f"{self.actor.kind}-{self.actor.id}"

    def as_query(self, **changed: Any) -> dict[str, Any]:
        """Return the search as values for a query string, without the empty ones."""
        given = {
            "who": self.who,
            "kind": self.kind,
            "number": self.number,
            "record": self.record,
            "what": self.what,
            "field": self.field,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
            "before": self.before,
        } | changed
        return {name: value for name, value in given.items() if value not in {"", None}}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)


def _statement(search: Search) -> Select[EntryRow, dict[str, Any]]:
    """Return the query of the entries that match, newest first; its conditions are all on the table of entries."""
    found = select(EntryRow, PayloadRow.values).outerjoin(PayloadRow, PayloadRow.entry_id == EntryRow.id)
    conditions = [*_by_whom(search), *_about_what(search), *_when(search)]
    if search.field:
        # The field itself, or a place within it, as a design's fields are named.
        word, names = json.dumps(search.field)[:-1], cast(EntryRow.fields, Text)
        conditions.append(or_(*(names.contains(word + end, autoescape=True) for end in ('"', "."))))
    if search.before is not None:
        conditions.append(EntryRow.id < search.before)
    return found.where(*conditions).order_by(EntryRow.id.desc())


def _by_whom(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.actor is None:
        return
    yield EntryRow.actor_kind == search.actor.kind
    if search.actor.id is not None:
        yield EntryRow.actor_id == search.actor.id


def _about_what(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.kind:
        yield EntryRow.record_type == search.kind
    if search.number:
        finder = dict(record_finders.items()).get(search.kind)
        found = finder(search.number) if finder else number_of(search.number)
        # What stands for no record finds nothing; no entry has this number.
        yield EntryRow.record_id == (-1 if found is None else found)
    if search.record is not None:
        yield EntryRow.record_id == search.record
    if search.what == ALL_LOOKS:
        yield EntryRow.action.in_(LOOKS)
    elif search.what == ALL_CHANGES:
        yield EntryRow.action.not_in(LOOKS)
    elif search.what:
        yield EntryRow.action == search.what


def _when(search: Search) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of whole days in Stockholm."""
    if search.first_day is not None:
        yield EntryRow.at >= _midnight(search.first_day)
    if search.last_day is not None and search.last_day < date.max:
        yield EntryRow.at < _midnight(search.last_day + timedelta(days=1))


def _entry(row: Row[EntryRow, dict[str, Any]]) -> FoundEntry:
    entry, values = row
    numbers = [pair[1] for name, pair in (values or {}).items() if name in {"people", "entries"}]
    return FoundEntry(
        id=entry.id,
        at=entry.at,
        actor=Actor(kind=entry.actor_kind, id=None if entry.actor_id is None else StaffId(entry.actor_id)),
        action=entry.action,
        record=(entry.record_type, entry.record_id),
        fields=tuple(entry.fields),
        changes={
            name: (pair[0], pair[1])
            for name, pair in (values or {}).items()
            if is_open(entry.record_type, name)
        },
        reason=entry.reason,
        count=numbers[0] if numbers and entry.action in LOOKS else None,
        which=str((values or {}).get("list", ("", ""))[1]) if entry.action in LOOKS else "",
        position=entry.position,
        link=entry.link,
    )


def found_entries(search: Search) -> tuple[list[FoundEntry], bool]:
    """Return a page of entries, the newest first, and whether older ones follow. One statement, or two."""
    rows = db.session.execute(_statement(search).limit(PAGE_SIZE + 1)).all()
    return [_entry(row) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def every_entry(search: Search) -> Iterator[list[FoundEntry]]:
    """Yield all entries that match, newest first, some hundreds at a time by one statement each."""
    while True:
        rows = db.session.execute(_statement(search).limit(_AT_ONCE)).all()
        if not rows:
            return
        yield [_entry(row) for row in rows]
        search = replace(search, before=rows[-1][0].id)


def count_entries(search: Search) -> int:
    """Return how many entries match. One statement."""
    counted = _statement(search).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(counted) or 0
