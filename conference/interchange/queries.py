"""What is here already of a source, for a plan, and the ids that exports give."""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.ids import PersonId, RoomId, SessionId, TrackId
from conference.db.base import db
from conference.event.queries import get_event
from conference.interchange.guids import Guids, is_guid
from conference.interchange.keys import name_key
from conference.interchange.model import Known, Said
from conference.interchange.tables import ExternalIdRow
from conference.people.queries import names_by_id
from conference.programme.queries import draft
from conference.web.settings import current_settings

T = TypeVar("T")


def known(source: str, session: Session | None = None) -> Known:
    """Return what a plan needs. A constant number of statements."""
    reader = session or db.session()
    rows = reader.scalars(
        select(ExternalIdRow).where(ExternalIdRow.source == source),
        execution_options={"populate_existing": True},
    ).all()
    found, event, ours = draft(reader), get_event(reader), guids(reader)
    people = names_by_id(reader)
    return Known(
        draft=found,
        first_day=event.first_day,
        last_day=event.last_day,
        people=people,
        sessions={row.key: SessionId(row.session_id) for row in rows if row.session_id is not None},
        persons={row.key: PersonId(row.person_id) for row in rows if row.person_id is not None},
        rooms=_by_name(
            {room.name: room.id for room in found.rooms},
            {row.key: RoomId(row.room_id) for row in rows if row.room_id is not None},
        ),
        tracks=_by_name(
            {track.name: track.id for track in found.tracks},
            {row.key: TrackId(row.track_id) for row in rows if row.track_id is not None},
        ),
        said={row.key: _said(row) for row in rows if row.session_id is not None},
        own_sessions={ours.session(one.id): one.id for one in found.sessions},
        own_people={ours.person(number): number for number in people},
    )


def _said(row: ExternalIdRow) -> Said:
    return dict(row.said)


def _by_name(names: Mapping[str, T], imported: Mapping[str, T]) -> dict[str, T]:
    """Return ids by folded name: that of the office, before which goes the name that the source has for a record."""
    return {name_key(name): number for name, number in names.items()} | dict(imported)


def guids(session: Session | None = None) -> Guids:
    """Return the ids that exports give: those of the first source that brought a session, else made of addresses."""
    columns = (ExternalIdRow.session_id, ExternalIdRow.key)
    rows = (session or db.session).execute(
        select(*columns).where(ExternalIdRow.kind == "session").order_by(ExternalIdRow.id.desc())
    )
    imported = {SessionId(number): key for number, key in rows if number is not None and is_guid(key)}
    return Guids(base_url=current_settings().base_url or "http://localhost", imported=imported)
