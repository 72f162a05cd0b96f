"""Setting and taking marks, and the wish to be told of changes: a registration's own, by its link."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session as DbSession

from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.programme.mark_errors import NotInVersionError, TooManyMarksError
from conference.programme.mark_queries import marks_of, wants_news
from conference.programme.mark_tables import NewsWishRow, SessionMarkRow
from conference.programme.queries import published
from conference.registration.personal import registration_ids
from conference.registration.queries import live_of_person

# As many as a person can go to, and then some; `/programme/mine` takes no more in an address either.
MOST_MARKS = 200
_PAST_THE_SESSION = {"synchronize_session": False}


def change_marks(
    session: DbSession,
    registration_id: RegistrationId,
    *,
    add: Collection[SessionId] = (),
    remove: Collection[SessionId] = (),
    is_strict: bool = True,
) -> frozenset[SessionId]:
    """Return the registration's marks after some were set and some taken. Done twice it is done once.

    Raises NotInVersionError for a session that is not public, TooManyMarksError. Where a device brings its marks along
    (`is_strict` False), those of sessions that are not public any more are left out.
    """
    before = marks_of(registration_id, session)
    programme = published(session)
    public = {one.id for one in programme.sessions} if programme else set()
    new = set(add) - before
    if is_strict and new - public:
        raise NotInVersionError
    new &= public
    gone = set(remove) & before
    if len(before | new) - len(gone) > MOST_MARKS:
        raise TooManyMarksError(most=MOST_MARKS)
    for session_id in sorted(new):
        session.add(SessionMarkRow(registration_id=registration_id, session_id=session_id))
    session.execute(
        delete(SessionMarkRow).where(
            SessionMarkRow.registration_id == registration_id, SessionMarkRow.session_id.in_(gone)
        ),
        execution_options=_PAST_THE_SESSION,
    )
    session.flush()
    return frozenset((before | new) - gone)


def wish_for_news(
    session: DbSession, registration_id: RegistrationId, *, is_wished: bool, now: datetime
) -> None:
    """Keep whether the registration wants to be told when something it marked changes."""
    if is_wished and not wants_news(registration_id, session):
        session.add(NewsWishRow(registration_id=registration_id, asked_at=now))
    if not is_wished:
        session.execute(
            delete(NewsWishRow).where(NewsWishRow.registration_id == registration_id),
            execution_options=_PAST_THE_SESSION,
        )


def forget_marks(session: DbSession, registration_id: RegistrationId) -> None:
    """Delete what the registration marked and wished, as when its place goes to another person."""
    for table in (SessionMarkRow, NewsWishRow):
        session.execute(
            delete(table).where(table.registration_id == registration_id), execution_options=_PAST_THE_SESSION
        )


def forget_ended(session: DbSession, person_id: PersonId) -> None:
    """Delete the marks of the person's registrations that are not live any more."""
    for registration_id in set(registration_ids(person_id, session)) - live_of_person(person_id, session):
        forget_marks(session, registration_id)


def forget_of_person(session: DbSession, person_id: PersonId) -> None:
    """Delete the marks of all registrations of the person, as for an erasure."""
    for registration_id in registration_ids(person_id, session):
        forget_marks(session, registration_id)
