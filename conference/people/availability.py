"""When people cannot take part: half-open spans, chosen in half-hour cells, read by the programme's conflicts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId
from conference.core.interval import Interval
from conference.db.base import db
from conference.people.service import hold
from conference.people.tables import UnavailableRow

CELL = timedelta(minutes=30)
# Own choice: the hours that a conference day can have.
FIRST_HOUR, LAST_HOUR = 8, 20


def cells(day: date) -> tuple[datetime, ...]:
    """Return the beginnings of a day's half hours, in UTC."""
    first = datetime.combine(day, time(FIRST_HOUR), STOCKHOLM).astimezone(UTC)
    return tuple(first + CELL * number for number in range((LAST_HOUR - FIRST_HOUR) * 2))


def joined(starts: Iterable[datetime]) -> tuple[Interval, ...]:
    """Return the spans of half hours that begin so, those that touch as one."""
    spans: list[Interval] = []
    for start in sorted(set(starts)):
        if spans and spans[-1].end == start:
            spans[-1] = Interval(start=spans[-1].start, end=start + CELL)
        else:
            spans.append(Interval(start=start, end=start + CELL))
    return tuple(spans)


def covered(day: date, spans: Collection[Interval]) -> frozenset[datetime]:
    """Return which of a day's half hours the spans touch."""
    return frozenset(
        cell
        for cell in cells(day)
        if any(span.overlaps(Interval(start=cell, end=cell + CELL)) for span in spans)
    )


def set_unavailable(
    session: Session, person_id: PersonId, spans: Collection[Interval], *, actor: Actor
) -> None:
    """Keep these spans instead of those before; what is the same is left alone."""
    hold(session, [person_id])
    before = unavailable_of(person_id, session)
    after = tuple(sorted(spans))
    if before == after:
        return
    session.execute(delete(UnavailableRow).where(UnavailableRow.person_id == person_id))
    session.add_all(
        UnavailableRow(person_id=person_id, starts_at=span.start, ends_at=span.end) for span in after
    )
    record(session, actor=actor, action="times changed", about=("person", person_id))


def unavailable(session: Session | None = None) -> dict[PersonId, tuple[Interval, ...]]:
    """Return everybody's spans, by time. One statement."""
    found: dict[PersonId, list[Interval]] = defaultdict(list)
    columns = (UnavailableRow.person_id, UnavailableRow.starts_at, UnavailableRow.ends_at)
    for person_id, start, end in (session or db.session).execute(select(*columns).order_by(columns[1])):
        found[PersonId(person_id)].append(Interval(start=start, end=end))
    return {person_id: tuple(spans) for person_id, spans in found.items()}


def unavailable_of(person_id: PersonId, session: Session | None = None) -> tuple[Interval, ...]:
    columns = (UnavailableRow.starts_at, UnavailableRow.ends_at)
    rows = select(*columns).where(UnavailableRow.person_id == person_id).order_by(columns[0])
    return tuple(Interval(start=start, end=end) for start, end in (session or db.session).execute(rows))


def move_unavailable(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give one person's times to another, who can in none of both."""
    both = sorted([*unavailable_of(gone, session), *unavailable_of(kept, session)])
    spans: list[Interval] = []
    for span in both:
        if spans and span.start <= spans[-1].end:
            spans[-1] = Interval(start=spans[-1].start, end=max(spans[-1].end, span.end))
        else:
            spans.append(span)
    session.execute(delete(UnavailableRow).where(UnavailableRow.person_id.in_((gone, kept))))
    session.add_all(UnavailableRow(person_id=kept, starts_at=one.start, ends_at=one.end) for one in spans)
    session.flush()
