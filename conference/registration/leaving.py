"""How a seat becomes free, and who gets it: always in the transaction that freed it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM, Actor
from conference.audit.service import record
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.mail.service import cancel_unsent
from conference.registration import ledger, letters
from conference.registration.model import Category, Registration, State
from conference.registration.queries import get_registration
from conference.registration.rules import require_live, require_move
from conference.registration.writing import write


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """A registration that has just ended. `had_seat`: it came with a ticket and a calendar file."""

    registration: Registration
    had_seat: bool


def held(session: Session, registration_id: RegistrationId, *more: CategoryId) -> Registration:
    """Return the registration as it stands once its category's row is ours; raises NotFoundError."""
    seen = get_registration(registration_id, session)
    while True:
        ledger.lock(session, seen.category_id, *more)
        now_seen = get_registration(registration_id, session)
        if now_seen.category_id == seen.category_id:
            return now_seen
        seen = now_seen


def leave(
    session: Session,
    registration_id: RegistrationId,
    state: State,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Left | None:
    """Move a registration to `state`, free its seat and promote; None when it stood there already.

    Raises NotFoundError, MoveRefusedError.
    """
    registration = held(session, registration_id)
    if registration.state is state:
        return None
    require_move(registration.state, state)
    # What takes the event out of a calendar is a newer version of what brought it there (RFC 5546, 3.2.5).
    ended = replace(
        registration, state=state, changed_at=now, calendar_sequence=registration.calendar_sequence + 1
    )
    write(session, ended.id, state=state, changed_at=now, calendar_sequence=ended.calendar_sequence)
    cancel_unsent(session, ("registration", registration_id))
    ledger.release(session, registration.category_id, registration.state)
    changes = {"state": (registration.state.value, state.value)}
    record(
        session,
        actor=actor,
        action=state.value,
        about=("registration", registration_id),
        changes=changes,
        reason=reason,
    )
    promote_waiting(session, registration.category_id, now=now)
    return Left(registration=ended, had_seat=registration.state is State.CONFIRMED)


def promote_waiting(session: Session, category_id: CategoryId, *, now: datetime) -> int:
    """Confirm and mail the longest waiting for as long as there are seats; return how many."""
    count = 0
    for registration_id in ledger.promoted(session, category_id):
        write(session, registration_id, state=State.CONFIRMED, changed_at=now)
        changes = {"state": (State.WAITING.value, State.CONFIRMED.value)}
        about = ("registration", registration_id)
        record(session, actor=BY_SYSTEM, action="promoted", about=about, changes=changes)
        letters.send(session, "promoted", get_registration(registration_id, session))
        count += 1
    return count


def change_category(
    session: Session,
    registration_id: RegistrationId,
    category: Category,
    person_id: PersonId,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Move a live registration into another category, as this person's, by giving back one seat and claiming another."""
    registration = held(session, registration_id, category.id)
    require_live(registration)
    if registration.category_id != category.id:
        ledger.release(session, registration.category_id, registration.state)
        claim = ledger.claim(session, category.id, name=category.name)
        write(
            session,
            registration_id,
            category_id=category.id,
            state=claim.state,
            waiting_number=claim.waiting_number,
        )
    write(session, registration_id, person_id=person_id, changed_at=now)
    record(
        session,
        actor=actor,
        action="changed",
        about=("registration", registration_id),
        changes={
            "category_id": (registration.category_id, category.id),
            "person_id": (registration.person_id, person_id),
        },
    )
    promote_waiting(session, registration.category_id, now=now)
