"""The office's answer to who waits for approval, and the way back for who has ended."""

from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.ids import RegistrationId
from conference.registration import ledger, letters
from conference.registration.category_queries import get_category
from conference.registration.errors import AddressTakenError, MoveRefusedError, ReasonMissingError
from conference.registration.leaving import held, move
from conference.registration.model import LIVE, State
from conference.registration.queries import find_live_rival, get_registration

_FIRST = frozenset({State.PENDING})
_ENDED = frozenset(State) - LIVE


def approve(session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime) -> State:
    """Give a pending registration a seat, or else a place in the waiting list, mail it, and return which.

    Raises NotFoundError, MoveRefusedError, CategoryClosedError for a category without seats.
    """
    return _enter_ledger(session, registration_id, _FIRST, actor=actor, now=now, action="approved")


def decline(
    session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime, reason: str
) -> None:
    """End a pending registration with the reason that its mail tells.

    Raises NotFoundError, MoveRefusedError, ReasonMissingError.
    """
    registration = held(session, registration_id)
    if not reason:
        raise ReasonMissingError("reason")
    move(session, registration, State.DECLINED, actor=actor, now=now, reason=reason)
    letters.send(session, "declined", get_registration(registration_id, session), reason=reason)


def restore(session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime) -> State:
    """Bring back one that ended, on a seat of the ledger or the waiting list, mail it, and return which.

    Raises NotFoundError, MoveRefusedError, AddressTakenError, CategoryClosedError.
    """
    registration = get_registration(registration_id, session)
    if find_live_rival(registration, session) is not None:
        raise AddressTakenError
    return _enter_ledger(session, registration_id, _ENDED, actor=actor, now=now, action="restored")


def _enter_ledger(
    session: Session,
    registration_id: RegistrationId,
    expected: frozenset[State],
    *,
    actor: Actor,
    now: datetime,
    action: str,
) -> State:
    registration = held(session, registration_id)
    if registration.state not in expected:
        raise MoveRefusedError(state=registration.state.value)
    category = get_category(registration.category_id, session)
    claim = ledger.claim(session, category.id, name=category.name)
    move(
        session,
        registration,
        claim.state,
        actor=actor,
        now=now,
        action=action,
        waiting_number=claim.waiting_number,
    )
    entered = get_registration(registration_id, session)
    if action == "approved" and claim.state is State.CONFIRMED:
        letters.send(session, "approved", entered)
    else:
        letters.send_answer(session, entered)
    return claim.state
