from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record, record_all
from conference.core.ids import OrganiserId, RoomId, TrackId
from conference.db.inserting import insert_all
from conference.db.revisions import delete_revised, revise
from conference.db.standing import renew_token
from conference.event.errors import NameTakenError, SessionsOutsideError, StillUsedError
from conference.event.model import (
    BookletTexts,
    EventDetails,
    OrganiserDetails,
    RoomDetails,
    RoomFacts,
    TrackDetails,
)
from conference.event.queries import booklet_texts, get_event, get_organiser, get_room, get_track
from conference.event.registry import room_uses, scheduled, tell_programme, track_uses
from conference.event.room_facts import NOTHING_NEW, write_room_facts
from conference.event.rules import check_days, listed, outside
from conference.event.tables import BookletTextRow, EventRow, OrganiserRow, RoomRow, TrackRow

Place = type[TrackRow] | type[RoomRow]
# Those of the theme.
TRACK_COLOURS = 5


def edit_event(
    session: Session,
    expected_revision: int | None,
    details: EventDetails,
    *,
    sessions_may_lie_outside: bool,
    actor: Actor,
) -> int:
    """Write the event's facts and return the new revision.

    Raises EndsBeforeItBeginsError, TooManyDaysError, SessionsOutsideError, and as `revise` does.
    """
    check_days(details.first_day, details.last_day)
    tell_programme(session)
    before = get_event(session)
    revision = revise(session, EventRow, 1, expected_revision, asdict(details))
    if not sessions_may_lie_outside:
        _refuse_outside(session)
    _note(session, actor, "changed", ("event", 1), before, asdict(details))
    return revision


def _refuse_outside(session: Session) -> None:
    """Judge by the days as now written; the refusal rolls them back."""
    session.expire_all()
    span = get_event(session).span
    titles = [title for found in scheduled.entries() for title in outside(span, found(session))]
    if titles:
        raise SessionsOutsideError("sessions_may_lie_outside", titles=listed(titles))


def edit_booklet_texts(
    session: Session, expected_revision: int | None, texts: BookletTexts, *, actor: Actor
) -> int:
    """Write the booklet's texts and return their new revision. Raises as `revise` does."""
    before, _ = booklet_texts(session)
    revision = revise(session, BookletTextRow, 1, expected_revision, asdict(texts))
    _note(session, actor, "changed", ("booklet text", 1), before, asdict(texts))
    return revision


def edit_organiser(
    session: Session,
    organiser_id: OrganiserId,
    expected_revision: int | None,
    details: OrganiserDetails,
    *,
    actor: Actor,
) -> int:
    tell_programme(session)
    before = get_organiser(organiser_id, session)
    revision = revise(session, OrganiserRow, organiser_id, expected_revision, asdict(details))
    _note(session, actor, "changed", ("organiser", organiser_id), before, asdict(details))
    return revision


def create_track(session: Session, details: TrackDetails, *, actor: Actor) -> TrackId:
    """Add the track after the others. Raises NameTakenError."""
    return TrackId(_create(session, TrackRow, "track", asdict(details), actor))


def create_room(
    session: Session, details: RoomDetails, facts: RoomFacts = NOTHING_NEW, *, actor: Actor
) -> RoomId:
    """Add the room after the others, with its hours and walks. Raises NameTakenError."""
    room_id = RoomId(_create(session, RoomRow, "room", asdict(details), actor))
    write_room_facts(session, get_room(room_id, session), facts)
    return room_id


def add_rooms(session: Session, names: Sequence[str], *, actor: Actor) -> list[RoomId]:
    """Add rooms of these names after the others, and return their ids in order. Raises NameTakenError."""
    return [RoomId(number) for number in _add(session, RoomRow, "room", names, actor)]


def add_tracks(session: Session, names: Sequence[str], *, actor: Actor) -> list[TrackId]:
    """Add tracks of these names after the others, their colours in turn. Raises NameTakenError."""
    return [TrackId(number) for number in _add(session, TrackRow, "track", names, actor)]


def edit_track(
    session: Session, track_id: TrackId, expected_revision: int | None, details: TrackDetails, *, actor: Actor
) -> int:
    """Raises NameTakenError, and as `revise` does."""
    tell_programme(session)
    before = get_track(track_id, session)
    _refuse_taken(session, TrackRow, details.name, besides=track_id)
    revision = revise(session, TrackRow, track_id, expected_revision, asdict(details))
    _note(session, actor, "changed", ("track", track_id), before, asdict(details))
    return revision


def edit_room(
    session: Session,
    room_id: RoomId,
    expected_revision: int | None,
    details: RoomDetails,
    facts: RoomFacts = NOTHING_NEW,
    *,
    actor: Actor,
) -> int:
    """Write the room with its hours and walks. Raises NameTakenError, and as `revise` does."""
    tell_programme(session)
    before = get_room(room_id, session)
    _refuse_taken(session, RoomRow, details.name, besides=room_id)
    revision = revise(session, RoomRow, room_id, expected_revision, asdict(details))
    _note(session, actor, "changed", ("room", room_id), before, asdict(details))
    changes = write_room_facts(session, before, facts)
    if changes:
        record(session, actor=actor, action="changed", about=("room", room_id), changes=changes)
    return revision


def delete_track(session: Session, track_id: TrackId, expected_revision: int | None, *, actor: Actor) -> None:
    """Raises StillUsedError, NotFoundError, StaleDeletionError."""
    tell_programme(session)
    _refuse_used([title for uses in track_uses.entries() for title in uses(session, track_id)])
    delete_revised(session, TrackRow, track_id, expected_revision)
    record(session, actor=actor, action="deleted", about=("track", track_id))


def delete_room(session: Session, room_id: RoomId, expected_revision: int | None, *, actor: Actor) -> None:
    """Raises StillUsedError, NotFoundError, StaleDeletionError."""
    tell_programme(session)
    _refuse_used([title for uses in room_uses.entries() for title in uses(session, room_id)])
    delete_revised(session, RoomRow, room_id, expected_revision)
    record(session, actor=actor, action="deleted", about=("room", room_id))


def _create(session: Session, table: Place, kind: str, values: dict[str, Any], actor: Actor) -> int:
    tell_programme(session)
    _refuse_taken(session, table, values["name"], besides=None)
    last = session.scalar(select(func.max(table.place))) or 0
    row = table(place=last + 1, **values)
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=(kind, row.id))
    return row.id


def _add(session: Session, table: Place, kind: str, names: Sequence[str], actor: Actor) -> list[int]:
    """Write many records in a number of statements that does not grow with them."""
    if not names:
        return []
    tell_programme(session)
    if session.scalar(select(table.id).where(table.name.in_(names)).limit(1)) is not None:
        raise NameTakenError("name")
    last = session.scalar(select(func.max(table.place))) or 0
    rows: list[dict[str, Any]] = [
        {"place": place, "name": name} for place, name in enumerate(names, last + 1)
    ]
    if table is TrackRow:
        rows = [row | {"colour": 1 + (row["place"] - 1) % TRACK_COLOURS} for row in rows]
    ids = insert_all(session, table, rows)
    renew_token(session)
    record_all(session, actor=actor, entries=[("created", (kind, number)) for number in ids])
    return ids


def _refuse_taken(session: Session, table: Place, name: str, *, besides: int | None) -> None:
    holder = session.scalar(select(table.id).where(table.name == name))
    if holder not in {None, besides}:
        raise NameTakenError("name")


def _refuse_used(titles: list[str]) -> None:
    if titles:
        raise StillUsedError(titles=listed(titles))


def _note(
    session: Session,
    actor: Actor,
    action: str,
    about: tuple[str, int],
    before: object,
    after: Mapping[str, Any],
) -> None:
    changes = {
        name: (_plain(getattr(before, name)), _plain(value))
        for name, value in after.items()
        if getattr(before, name) != value
    }
    if changes:
        record(session, actor=actor, action=action, about=about, changes=changes)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def mark_as_demonstration(session: Session) -> None:
    """Mark the database as one of invented data, which `conference demo --reset` may throw away."""
    session.get_one(EventRow, 1).is_demonstration = True
