"""What the draft uses of the rooms below it: they ask, through registries, before they let go of something."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as DbSession

from conference.core.ids import PersonId, RoomId, TrackId
from conference.core.interval import Interval
from conference.programme.model import Session
from conference.programme.queries import draft
from conference.programme.records import lock_draft
from conference.programme.tables import SessionRoleRow, TalkRoleRow


def sessions_in_room(session: DbSession, room_id: RoomId) -> Sequence[str]:
    return [one.title for one in draft(session).sessions if one.room and one.room.id == room_id]


def sessions_of_track(session: DbSession, track_id: TrackId) -> Sequence[str]:
    return [one.title for one in draft(session).sessions if one.track and one.track.id == track_id]


def sessions_with_person(session: DbSession, person_id: PersonId) -> Sequence[str]:
    return [one.title for one in draft(session).sessions if person_id in _people_of(one)]


def scheduled_sessions(session: DbSession) -> Sequence[tuple[str, Interval]]:
    return [(one.title, one.span) for one in draft(session).sessions if one.span is not None]


def _people_of(one: Session) -> set[int]:
    parts = [*one.people, *(part for talk in one.talks for part in talk.people)]
    return {part.person_id for part in parts}


def note_person_change(session: DbSession, person_id: PersonId) -> None:
    """Raise the draft's revision if it shows this person; who is only registered leaves it as it is."""
    in_session = select(SessionRoleRow.id).where(SessionRoleRow.person_id == person_id)
    in_talk = select(TalkRoleRow.id).where(TalkRoleRow.person_id == person_id)
    if session.scalar(select(or_(in_session.exists(), in_talk.exists()))):
        lock_draft(session)
