"""The use of an invitation: once, before its deadline, for its category and its address."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_FORM
from conference.audit.service import record
from conference.core.ids import InvitationId, RegistrationId
from conference.core.text import address_key
from conference.mail.service import cancel_unsent
from conference.registration.errors import CategoryGoneError
from conference.registration.invitation_errors import (
    EmailFixedError,
    InvitationClosedError,
    InvitationLapsedError,
    InvitationOverError,
    InvitationRevokedError,
    InvitationUsedError,
)
from conference.registration.invitation_model import Invitation, InvitationState
from conference.registration.invitation_queries import get_invitation
from conference.registration.model import CategoryFacts, RegisterAttendee
from conference.registration.tables import InvitationRow

_INVITATION = cast("Table", InvitationRow.__table__)
_OVER: dict[InvitationState, type[InvitationOverError]] = {
    InvitationState.USED: InvitationUsedError,
    InvitationState.REVOKED: InvitationRevokedError,
    InvitationState.LAPSED: InvitationLapsedError,
}


def require_open(invitation: Invitation, now: datetime) -> None:
    """Raise the InvitationOverError that says what happened, unless the invitation can be used now.

    At its very deadline it has lapsed, whether or not the worker has written that yet.
    """
    over = _OVER.get(invitation.state)
    if over is None and now >= invitation.details.expires_at:
        over = InvitationLapsedError
    if over is not None:
        raise over


def require_usable(
    session: Session, category: CategoryFacts, command: RegisterAttendee, now: datetime
) -> None:
    """Raise unless the form may use its invitation: an InvitationOverError, CategoryGoneError, EmailFixedError.

    The category's own time does not bind who was invited: the invitation's deadline does.
    """
    given = command.entitlement
    assert given.invitation_id is not None
    invitation = get_invitation(given.invitation_id, session)
    if given.spent_by is None:
        require_open(invitation, now)
    _require_fit(invitation, command)
    require_category(invitation, category)


def require_category(invitation: Invitation, category: CategoryFacts) -> None:
    """Raise InvitationClosedError for a category that takes nobody; a held seat is promised, whatever the seats are now."""
    if category.details.is_retired or (category.details.seats == 0 and not invitation.details.holds_seat):
        raise InvitationClosedError


def _require_fit(invitation: Invitation, command: RegisterAttendee) -> None:
    details = invitation.details
    if command.category_id != details.category_id:
        raise CategoryGoneError("category")
    if details.email and address_key(details.email) != address_key(command.person.email):
        raise EmailFixedError("email", email=details.email)


def settle(
    session: Session, invitation_id: InvitationId, to: InvitationState, now: datetime, *conditions: Any
) -> bool:
    """End an open invitation by one conditional UPDATE, and return whether it was this one that ended it."""
    statement = (
        update(_INVITATION)
        .where(_INVITATION.c.id == invitation_id, _INVITATION.c.state == InvitationState.OPEN, *conditions)
        .values(state=to, changed_at=now, revision=_INVITATION.c.revision + 1)
    )
    result = session.connection().execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def use_invitation(session: Session, command: RegisterAttendee, now: datetime) -> Invitation:
    """Use the invitation up and return it, held for this transaction. Raises as `require_usable` does.

    One that the same form used before its address was corrected is not used again.
    """
    given = command.entitlement
    assert given.invitation_id is not None
    is_new = given.spent_by is None
    used = is_new and settle(
        session, given.invitation_id, InvitationState.USED, now, _INVITATION.c.expires_at > now
    )
    # As it stands now that its row is ours: the office may have edited it since the first look.
    invitation = get_invitation(given.invitation_id, session)
    if is_new and not used:
        require_open(invitation, now)
        raise InvitationUsedError
    _require_fit(invitation, command)
    return invitation


def note_use(session: Session, invitation_id: InvitationId, registration_id: RegistrationId) -> None:
    """Write what the invitation registered, in both histories; a mail of it that waits is not sent any more."""
    session.connection().execute(
        update(_INVITATION).where(_INVITATION.c.id == invitation_id).values(registration_id=registration_id)
    )
    cancel_unsent(session, ("invitation", invitation_id))
    record(session, actor=BY_FORM, action="invitation used", about=("invitation", invitation_id))
    record(
        session,
        actor=BY_FORM,
        action="came by invitation",
        about=("registration", registration_id),
        changes={"invitation": ("", f"{invitation_id}")},
    )
