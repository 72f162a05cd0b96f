from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.ids import OrganiserId, RoomId, TrackId
from conference.db.base import db
from conference.event.model import Event, Organiser, Room, Track
from conference.event.tables import EventRow, OrganiserRow, RoomRow, TrackRow


def get_event(session: Session | None = None) -> Event:
    row = (session or db.session).get_one(EventRow, 1)
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


def organisers(session: Session | None = None) -> tuple[Organiser, ...]:
    rows = (session or db.session).scalars(select(OrganiserRow).order_by(OrganiserRow.place, OrganiserRow.id))
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


def tracks(session: Session | None = None) -> tuple[Track, ...]:
    rows = (session or db.session).scalars(select(TrackRow).order_by(TrackRow.place, TrackRow.id))
    return tuple(
        Track(id=TrackId(row.id), place=row.place, name=row.name, colour=row.colour, revision=row.revision)
        for row in rows
    )


def rooms(session: Session | None = None) -> tuple[Room, ...]:
    rows = (session or db.session).scalars(select(RoomRow).order_by(RoomRow.place, RoomRow.id))
    return tuple(
        Room(id=RoomId(row.id), place=row.place, name=row.name, seats=row.seats, revision=row.revision)
        for row in rows
    )
