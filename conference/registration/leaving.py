"""How a seat becomes free, and to whom it is offered: always in the transaction that freed it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM, Actor
from conference.audit.service import record
from conference.core.errors import RevisionMissingError
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.event.queries import get_event
from conference.mail.service import cancel_unsent
from conference.registration import extra_seats, ledger, letters
from conference.registration.desk_rules import can_be_asked
from conference.registration.errors import ChangedBeforeEndError
from conference.registration.model import Category, Registration, State
from conference.registration.queries import get_registration
from conference.registration.rules import offer_deadline, require_live, require_move, seen_mark
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


def require_seen(
    session: Session, registration_id: RegistrationId, seen: str | None, *, ends_as: State
) -> None:
    """Hold the registration, and raise unless it is what the office saw: `seen` is its `rules.seen_mark`.

    One that ended so already is no fault: who presses twice ends it once. Raises NotFoundError, RevisionMissingError,
    ChangedBeforeEndError.
    """
    if not seen:
        raise RevisionMissingError
    registration = held(session, registration_id)
    if registration.state is not ends_as and seen_mark(registration) != seen:
        raise ChangedBeforeEndError


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
        registration,
        state=state,
        changed_at=now,
        calendar_sequence=registration.calendar_sequence + 1,
        is_over_limit=False,
        offered_until=None,
    )
    cancel_unsent(session, ("registration", registration_id))
    give_back(session, registration)
    new = {name: getattr(ended, name) for name in ("calendar_sequence", "is_over_limit", "offered_until")}
    move(session, registration, state, actor=actor, now=now, reason=reason, **new)
    offer_free_seats(session, registration.category_id, now=now)
    return Left(registration=ended, had_seat=registration.state is State.CONFIRMED)


def give_back(session: Session, registration: Registration) -> None:
    """Give back to the ledger what the registration holds in its present state."""
    ledger.release(
        session,
        registration.category_id,
        registration.state,
        is_over_limit=registration.is_over_limit,
    )


def move(
    session: Session,
    registration: Registration,
    to: State,
    *,
    actor: Actor,
    now: datetime,
    action: str = "",
    reason: str = "",
    **values: Any,
) -> None:
    """Write a new state, with further columns, and note who did it, when and why. Raises MoveRefusedError.

    The caller holds the category's row and has settled the ledger.
    """
    require_move(registration.state, to)
    write(session, registration.id, state=to, changed_at=now, **values)
    record(
        session,
        actor=actor,
        action=action or to.value,
        about=("registration", registration.id),
        changes={"state": (registration.state.value, to.value)},
        reason=reason,
    )
    extra_seats.settle(session, registration.id, to, now=now)


def offer_free_seats(session: Session, category_id: CategoryId, *, now: datetime) -> int:
    """Offer and mail each free seat to the longest waiting, with a deadline; return how many.

    Who has no address could not answer, so the place is theirs at once. From noon of the eve on nothing is offered: free seats stay free, and the desk calls in the order of the list.
    """
    until = offer_deadline(now, get_event(session).first_day)
    if until is None:
        return 0
    count = 0
    for registration_id in ledger.promoted(session, category_id):
        waiting = get_registration(registration_id, session)
        if can_be_asked(waiting):
            move(session, waiting, State.OFFERED, actor=BY_SYSTEM, now=now, offered_until=until)
        else:
            move(session, waiting, State.CONFIRMED, actor=BY_SYSTEM, now=now, action="promoted")
        letters.send(session, "offered", get_registration(registration_id, session))
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
        give_back(session, registration)
        claim = ledger.claim(session, category.id, name=category.name)
        write(
            session,
            registration_id,
            category_id=category.id,
            state=claim.state,
            waiting_number=claim.waiting_number,
            offered_until=None,
            is_over_limit=False,
            # It may be for other days.
            calendar_sequence=registration.calendar_sequence + 1,
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
    moved = get_registration(registration_id, session)
    extra_seats.follow_category(session, moved, category, actor=actor, now=now)
    offer_free_seats(session, registration.category_id, now=now)
