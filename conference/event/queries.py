from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from typing import TypeVar, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import OrganiserId, RoomId, TrackId
from conference.core.interval import Interval
from conference.db.base import db
from conference.db.standing import standing
from conference.event.model import BookletTexts, Event, Organiser, Room, RoomHours, Track, Walks
from conference.event.rules import missing
from conference.event.tables import (
    BookletTextRow,
    EventRow,
    OrganiserRow,
    RoomHoursRow,
    RoomRow,
    RoomWalkRow,
    TrackRow,
)

T = TypeVar("T")
_EVENT = cast("Table", EventRow.__table__)
_ORGANISER = cast("Table", OrganiserRow.__table__)
_TRACK = cast("Table", TrackRow.__table__)
_ROOM = cast("Table", RoomRow.__table__)
_HOURS = cast("Table", RoomHoursRow.__table__)
_BOOKLET = cast("Table", BookletTextRow.__table__)
_WALK = cast("Table", RoomWalkRow.__table__)


@standing
def get_event(session: Session) -> Event:
    row = session.execute(select(_EVENT).where(_EVENT.c.id == 1)).one()
    return Event(
        title=row.title,
        city=row.city,
        venue=row.venue,
        first_day=row.first_day,
        last_day=row.last_day,
        summary=row.summary,
        contact_email=row.contact_email,
        contact_phone=row.contact_phone,
        is_demonstration=row.is_demonstration,
        revision=row.revision,
    )


@standing
def organisers(session: Session) -> tuple[Organiser, ...]:
    rows = session.execute(select(_ORGANISER).order_by(_ORGANISER.c.place, _ORGANISER.c.id))
    return tuple(
        Organiser(
            id=OrganiserId(row.id),
            place=row.place,
            name=row.name,
            short_name=row.short_name,
            country=row.country,
            privacy_contact=row.privacy_contact,
            revision=row.revision,
        )
        for row in rows
    )


@standing
def tracks(session: Session) -> tuple[Track, ...]:
    rows = session.execute(select(_TRACK).order_by(_TRACK.c.place, _TRACK.c.id))
    return tuple(
        Track(id=TrackId(row.id), place=row.place, name=row.name, colour=row.colour, revision=row.revision)
        for row in rows
    )


def named_tracks() -> list[tuple[int, str]]:
    """Return (id, name) of each track in their order, for rooms below this one."""
    return [(track.id, track.name) for track in tracks()]


@standing
def rooms(session: Session) -> tuple[Room, ...]:
    hours: dict[int, list[RoomHours]] = defaultdict(list)
    for row in session.execute(select(_HOURS).order_by(_HOURS.c.day)):
        span = Interval(start=row.opens_at, end=row.closes_at)
        hours[row.room_id].append(RoomHours(day=row.day, span=span))
    rows = session.execute(select(_ROOM).order_by(_ROOM.c.place, _ROOM.c.id))
    return tuple(
        Room(
            id=RoomId(row.id),
            place=row.place,
            name=row.name,
            seats=row.seats,
            revision=row.revision,
            is_emptied_by_plenary=row.is_emptied_by_plenary,
            hours=tuple(hours.get(row.id, ())),
        )
        for row in rows
    )


@standing
def walks(session: Session) -> Walks:
    """Return the minutes of each walk that takes any, by both orders of its rooms."""
    found: dict[tuple[RoomId, RoomId], int] = {}
    for row in session.execute(select(_WALK)):
        one, other = RoomId(row.room_id), RoomId(row.other_id)
        found[one, other] = found[other, one] = row.minutes
    return found


def booklet_texts(session: Session | None = None) -> tuple[BookletTexts, int]:
    """Return what organisers wrote for the booklet, and its revision. One statement."""
    row = (session or db.session).execute(select(_BOOKLET).where(_BOOKLET.c.id == 1)).mappings().one()
    names = [field.name for field in fields(BookletTexts)]
    return BookletTexts(**{name: row[name] for name in names}), row["revision"]


def get_organiser(organiser_id: OrganiserId, session: Session | None = None) -> Organiser:
    """Return the organiser; raises NotFoundError."""
    return _only(organiser for organiser in organisers(session) if organiser.id == organiser_id)


def get_track(track_id: TrackId, session: Session | None = None) -> Track:
    """Return the track; raises NotFoundError."""
    return _only(track for track in tracks(session) if track.id == track_id)


def get_room(room_id: RoomId, session: Session | None = None) -> Room:
    """Return the room; raises NotFoundError."""
    return _only(room for room in rooms(session) if room.id == room_id)


def _only(found: Iterator[T]) -> T:
    record = next(found, None)
    if record is None:
        raise NotFoundError
    return record


def missing_facts() -> list[str]:
    """Return a sentence for each fact that the public pages still have to leave open, for `conference check`."""
    return missing(get_event(), organisers())
