"""When rooms are open and how far they are apart: rows beside the room's own, written with it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM
from conference.core.ids import RoomId
from conference.db.standing import renew_token
from conference.event.model import Room, RoomFacts, RoomHours
from conference.event.queries import rooms, walks
from conference.event.tables import RoomHoursRow, RoomRow, RoomWalkRow

NOTHING_NEW = RoomFacts()
Changes = dict[str, tuple[Any, Any]]


def walks_from(room_id: RoomId, session: Session | None = None) -> dict[RoomId, int]:
    """Return the minutes from one room to each other that is not next door."""
    return {other: minutes for (one, other), minutes in walks(session).items() if one == room_id}


def write_room_facts(session: Session, room: Room, facts: RoomFacts) -> Changes:
    """Keep these hours and walks of the room instead of those before, and return what changed, for its history."""
    changes = _write_hours(session, room, facts.hours) if facts.hours is not None else {}
    if facts.walks_min is not None:
        changes |= _write_walks(session, room.id, facts.walks_min)
    if changes:
        renew_token(session)
    return changes


def _write_hours(session: Session, room: Room, hours: tuple[RoomHours, ...]) -> Changes:
    if hours == room.hours:
        return {}
    session.execute(delete(RoomHoursRow).where(RoomHoursRow.room_id == room.id))
    session.add_all(
        RoomHoursRow(room_id=room.id, day=one.day, opens_at=one.span.start, closes_at=one.span.end)
        for one in hours
    )
    session.flush()
    return {"hours": (_plain(room.hours), _plain(hours))}


def _plain(hours: tuple[RoomHours, ...]) -> list[str]:
    """Return "2022-09-22 08:00-18:00" for each day, Stockholm time."""
    local = [
        (one.day, *(end.astimezone(STOCKHOLM) for end in (one.span.start, one.span.end))) for one in hours
    ]
    return [f"{day.isoformat()} {opens:%H:%M}-{closes:%H:%M}" for day, opens, closes in local]


def _write_walks(session: Session, room_id: RoomId, minutes: Mapping[RoomId, int]) -> Changes:
    """Write the walks that changed. The room at the other end has changed too, and its revision says so to its form."""
    before = walks_from(room_id, session)
    # A room that was deleted while the form was open is left out.
    others = {room.id for room in rooms(session)} - {room_id}
    wanted = {other: walk_min for other, walk_min in minutes.items() if walk_min and other in others}
    changed = sorted(
        other for other in before.keys() | wanted.keys() if before.get(other) != wanted.get(other)
    )
    for other in changed:
        first, second = sorted((room_id, other))
        pair = (RoomWalkRow.room_id == first, RoomWalkRow.other_id == second)
        session.execute(delete(RoomWalkRow).where(*pair))
        if other in wanted:
            session.add(RoomWalkRow(room_id=first, other_id=second, minutes=wanted[other]))
    session.flush()
    raised = update(RoomRow).where(RoomRow.id.in_(changed)).values(revision=RoomRow.revision + 1)
    session.execute(raised.execution_options(synchronize_session=False))
    if not changed:
        return {}
    was, is_now = ({str(one): end.get(one) for one in changed} for end in (before, wanted))
    return {"walks_min": (was, is_now)}
