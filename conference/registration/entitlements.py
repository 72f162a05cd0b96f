"""Who may register in which category: everybody, who holds an invitation, who knows a code; and how that is used up."""

from datetime import datetime

from sqlalchemy.orm import Session

from conference.core.ids import RegistrationId
from conference.registration import access_codes, ledger, redeeming
from conference.registration.entry import PENDING_CLAIM
from conference.registration.errors import CategoryGoneError
from conference.registration.invitation_errors import CodeMissingError
from conference.registration.invitation_model import NO_ENTITLEMENT, Entitlement
from conference.registration.model import Access, CategoryFacts, RegisterAttendee
from conference.registration.rules import require_open


def require_entitled(
    session: Session, category: CategoryFacts, command: RegisterAttendee, *, now: datetime
) -> None:
    """Raise unless this form may register in the category now. Writes nothing; asks nothing for the public.

    Raises CategoryGoneError, CategoryClosedError, CategoryNotOpenError, CodeMissingError, and what
    `redeeming.require_usable` and `access_codes.require_usable` do.
    """
    given, details = command.entitlement, category.details
    if given.invitation_id is not None:
        redeeming.require_usable(session, category, command, now)
        return
    if details.is_retired or details.access is Access.INVITED:
        raise CategoryGoneError("category")
    require_open(details, now)
    if given.code:
        access_codes.require_usable(session, category, given, now)
    elif details.access is Access.CODE:
        raise CodeMissingError("code", category=category.name)


def redeem(
    session: Session, category: CategoryFacts, command: RegisterAttendee, *, now: datetime
) -> ledger.Claim | None:
    """Use up what entitles this form, and return what it claimed; None for the public, for whom nothing is claimed yet.

    What the form has spent already, before its address was corrected, is not used a second time.
    Raises as `require_entitled` does for what was used up meanwhile, and CategoryClosedError.
    """
    given = command.entitlement
    if given.invitation_id is not None:
        invitation = redeeming.use_invitation(session, command, now)
        if invitation.details.holds_seat and given.spent_by is None:
            return ledger.use_reserved(session, category.id)
        # What was promised with the seat stays promised when the address is corrected after a withdrawal.
        skips = invitation.details.skips_approval or invitation.details.holds_seat
    elif given.code:
        skips = access_codes.use_code(session, given, now).details.skips_approval
    else:
        return None
    if category.details.needs_approval and not skips:
        return PENDING_CLAIM
    return ledger.claim(session, category.id, name=category.name)


def note_use(session: Session, given: Entitlement, registration_id: RegistrationId) -> None:
    """Write what the registration came by, in its history and beside what was used."""
    if given == NO_ENTITLEMENT:
        return
    if given.invitation_id is not None:
        redeeming.note_use(session, given.invitation_id, registration_id)
    elif given.code:
        access_codes.note_use(session, given, registration_id)
