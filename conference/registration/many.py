"""One act for many registrations: each in a transaction of its own, and a report of what could not be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.errors import DomainError
from conference.core.ids import CategoryId, RegistrationId
from conference.db.work import transact
from conference.registration.category_queries import get_category
from conference.registration.change_letters import send_moved
from conference.registration.errors import CategoryClosedError, MoveRefusedError
from conference.registration.leaving import change_category, held
from conference.registration.model import State
from conference.registration.queries import get_registration

# A request that takes longer than a browser waits helps nobody: 500 take some seconds.
AT_ONCE = 500
_MOVABLE = frozenset({State.WAITING, State.OFFERED, State.CONFIRMED})
Act = Callable[[Session, RegistrationId], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    id: RegistrationId
    error: DomainError


def do_for_each(ids: Sequence[RegistrationId], act: Act) -> list[Failed]:
    """Carry the act out for each, whatever becomes of the others; return those for whom it could not be done."""
    failed = []
    for one in ids:
        try:
            transact(_for(act, one))
        except DomainError as error:
            failed.append(Failed(id=one, error=error))
    return failed


def _for(act: Act, one: RegistrationId) -> Callable[[Session], object]:
    return lambda session: act(session, one)


def move_to(
    session: Session, registration_id: RegistrationId, category_id: CategoryId, *, actor: Actor, now: datetime
) -> None:
    """Move a registration to another category through both ledgers, and mail where it stands there.

    In its own category it stays as it is. Raises NotFoundError, MoveRefusedError for one that holds no place and waits
    for none, CategoryClosedError for a category that is retired or has no seats.
    """
    registration = held(session, registration_id, category_id)
    if registration.category_id == category_id:
        return
    if registration.state not in _MOVABLE:
        raise MoveRefusedError(state=registration.state.value)
    category = get_category(category_id, session)
    if category.details.is_retired:
        raise CategoryClosedError("category", category=category.name)
    change_category(session, registration_id, category, registration.person_id, actor=actor, now=now)
    send_moved(session, get_registration(registration_id, session), registration.category_id)
