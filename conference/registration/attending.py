"""Who has come: marked at the desk, and taken back where the wrong one was marked."""

from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.ids import RegistrationId
from conference.registration.desk_errors import NotHereError
from conference.registration.leaving import held, move
from conference.registration.model import State


def mark_attended(
    session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime
) -> datetime | None:
    """Note that the person is here now, and return None; of a second mark the time of the first, which stays.

    The history keeps who did it. Raises NotFoundError, and NotHereError for who has no place.
    """
    registration = held(session, registration_id)
    if registration.state is State.ATTENDED:
        return registration.attended_at or registration.changed_at
    if registration.state not in {State.CONFIRMED, State.NO_SHOW}:
        raise NotHereError
    move(session, registration, State.ATTENDED, actor=actor, now=now, attended_at=now)
    return None


def undo_attended(session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime) -> bool:
    """Take the mark back, and return whether there was one. Raises NotFoundError."""
    registration = held(session, registration_id)
    if registration.state is not State.ATTENDED:
        return False
    move(
        session,
        registration,
        State.CONFIRMED,
        actor=actor,
        now=now,
        action="attendance undone",
        attended_at=None,
    )
    return True
