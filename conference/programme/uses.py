"""What the draft uses of the rooms below it: they ask, through registries, before they let go of something."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as DbSession

from conference.core.ids import PersonId, RoomId, TrackId
from conference.core.interval import Interval
from conference.programme.model import Session
from conference.programme.queries import draft
from conference.programme.records import frozen_rows, lock_draft
from conference.programme.snapshot import is_named, renamed
from conference.programme.tables import SessionRoleRow, SessionRow, TalkRoleRow, TalkRow, VersionRow


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


def move_roles(session: DbSession, gone: PersonId, kept: PersonId) -> None:
    """Give one person's parts in the draft to another; a part that both have is one part afterwards.

    The sessions and talks are new by it, so that a form open on one of them is told. Versions name the person who stays,
    as they are: who is told of a version is found by these names.
    """
    _move(session, SessionRow, SessionRoleRow, SessionRoleRow.session_id, (gone, kept))
    _move(session, TalkRow, TalkRoleRow, TalkRoleRow.talk_id, (gone, kept))
    for row in frozen_rows(session):
        if is_named(row.snapshot, gone):
            row.snapshot = renamed(row.snapshot, gone, kept)
            if isinstance(row, VersionRow):
                row.rewritten += 1
    session.flush()


def _move(
    session: DbSession,
    records: type[SessionRow | TalkRow],
    roles: type[SessionRoleRow | TalkRoleRow],
    of: InstrumentedAttribute[int],
    people: tuple[PersonId, PersonId],
) -> None:
    gone, kept = people
    of_gone = session.execute(select(roles.id, of, roles.role).where(roles.person_id == gone)).all()
    of_kept = session.execute(select(of, roles.role).where(roles.person_id == kept)).all()
    has = {(row[0], row[1]) for row in of_kept}
    twice = [row[0] for row in of_gone if (row[1], row[2]) in has]
    touched = {row[1] for row in of_gone}
    past_the_session = {"synchronize_session": False}
    session.execute(delete(roles).where(roles.id.in_(twice)), execution_options=past_the_session)
    moved = update(roles).where(roles.person_id == gone).values(person_id=kept)
    session.execute(moved, execution_options=past_the_session)
    raised = update(records).where(records.id.in_(touched)).values(revision=records.revision + 1)
    session.execute(raised, execution_options=past_the_session)
