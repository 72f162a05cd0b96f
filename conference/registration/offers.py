"""What becomes of an offered place: accepted by the person, promoted past by the office, or lapsed by the worker."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM, Actor
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.types import UtcDateTime
from conference.db.work import transact
from conference.registration import ledger, letters
from conference.registration.category_queries import get_category
from conference.registration.conditions import IS_OFFERED
from conference.registration.errors import NoFreePlaceError, ReasonMissingError
from conference.registration.leaving import give_back, held, move, offer_free_seats
from conference.registration.model import Registration, State
from conference.registration.queries import get_registration, waiting_place
from conference.registration.rules import require_move, require_offer
from conference.registration.tables import RegistrationRow

_REGISTRATION = cast("Table", RegistrationRow.__table__)
_LAPSED = (
    select(_REGISTRATION.c.id)
    .where(
        IS_OFFERED,
        _REGISTRATION.c.offered_until <= bindparam("now", type_=UtcDateTime()),
    )
    .order_by(_REGISTRATION.c.offered_until, _REGISTRATION.c.id)
    .limit(100)
)


def accept_offer(session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime) -> None:
    """Confirm an offered place, and mail the confirmation. Raises NotFoundError, OfferOverError."""
    registration = held(session, registration_id)
    require_offer(registration, now)
    move(session, registration, State.CONFIRMED, actor=actor, now=now, action="accepted", offered_until=None)
    letters.send_answer(session, get_registration(registration_id, session))


def lapse_offer(session: Session, registration_id: RegistrationId, *, now: datetime) -> bool:
    """End an offer whose deadline is over, say so to its person, and offer the seat to the next.

    Return False for one that was accepted, given back or never offered: an offer has one outcome.
    """
    registration = held(session, registration_id)
    until = registration.offered_until
    if registration.state is not State.OFFERED or until is None or now < until:
        return False
    give_back(session, registration)
    move(
        session,
        registration,
        State.WITHDRAWN,
        actor=BY_SYSTEM,
        now=now,
        action="offer lapsed",
        offered_until=None,
    )
    letters.send(session, "offer_lapsed", get_registration(registration_id, session))
    offer_free_seats(session, registration.category_id, now=now)
    return True


def promote(
    session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Confirm one who waits, on a seat that is free now; out of the list's order only with a reason.

    Raises NotFoundError, MoveRefusedError, NoFreePlaceError, ReasonMissingError.
    """
    registration = held(session, registration_id)
    _require_waiting(registration)
    if waiting_place(registration, session) > 1 and not reason:
        raise ReasonMissingError("reason")
    if not ledger.take_for_waiting(session, registration.category_id):
        category = get_category(registration.category_id, session)
        raise NoFreePlaceError("reason", category=category.name)
    move(session, registration, State.CONFIRMED, actor=actor, now=now, action="promoted", reason=reason)
    letters.send(session, "promoted", get_registration(registration_id, session))


def admit_over_limit(
    session: Session, registration_id: RegistrationId, *, actor: Actor, now: datetime, reason: str
) -> None:
    """Confirm one who waits although no seat is free; they are counted apart. Raises as `promote` does."""
    registration = held(session, registration_id)
    _require_waiting(registration)
    if not reason:
        raise ReasonMissingError("reason")
    give_back(session, registration)
    ledger.admit_over(session, registration.category_id)
    move(
        session,
        registration,
        State.CONFIRMED,
        actor=actor,
        now=now,
        action="admitted over the limit",
        reason=reason,
        is_over_limit=True,
    )
    letters.send(session, "promoted", get_registration(registration_id, session))


def _require_waiting(registration: Registration) -> None:
    """Raise MoveRefusedError unless the person is on the waiting list: who is confirmed already is not moved up."""
    require_move(registration.state, State.OFFERED)


class OffersToLapse:
    """Offers whose deadline is over, as a worker sees them. Needs no lease: each is looked at again under its lock."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return list(db.session().scalars(_LAPSED, {"now": clock.now()}))

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: lapse_offer(session, RegistrationId(job_id), now=clock.now()))


offers = OffersToLapse()
