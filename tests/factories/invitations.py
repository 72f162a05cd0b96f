"""Invitations and codes for tests, made by the room's own services."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import AccessCodeId, CategoryId, InvitationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration import access_codes, invitations
from conference.registration.invitation_links import link_of
from conference.registration.invitation_model import CodeDetails, Entitlement, Invitation, InvitationDetails
from conference.registration.invitation_queries import get_invitation
from conference.registration.model import RegisterAttendee
from conference.registration.service import register
from tests.factories.registration import a_form

INVITEE = "invitee@hospital.example"


def make_invitation(category_id: CategoryId, **details: Any) -> InvitationId:
    """Invite somebody until in a week; `details` are those of InvitationDetails."""
    known: dict[str, Any] = {"expires_at": clock.now() + timedelta(days=7), "email": INVITEE}
    wanted = InvitationDetails(category_id=category_id, **(known | details))
    return transact(lambda session: invitations.invite(session, wanted, actor=BY_SYSTEM, now=clock.now()))


def make_code(category_id: CategoryId, words: str = "Genomics", **details: Any) -> AccessCodeId:
    wanted = CodeDetails(category_id=category_id, words=words, **details)
    return transact(lambda session: access_codes.create_code(session, wanted, actor=BY_SYSTEM))


def by_invitation(
    category_id: CategoryId, invitation_id: InvitationId, email: str = INVITEE, *, is_fixed: bool = False
) -> RegisterAttendee:
    """Return a form filled behind an invitation."""
    given = Entitlement(invitation_id=invitation_id, fixes_email=is_fixed)
    return replace(a_form(category_id, email=email), entitlement=given)


def by_code(category_id: CategoryId, email: str, code: str = "genomics") -> RegisterAttendee:
    return replace(a_form(category_id, email=email), entitlement=Entitlement(code=code))


def send(form: RegisterAttendee) -> str:
    """Register by a form, and return the key of the attempt."""
    return transact(lambda session: register(session, form, now=clock.now()))


def stored_invitation(invitation_id: InvitationId) -> Invitation:
    """Return the invitation as it is stored now, whatever the test's session has read."""
    db.session.rollback()
    found = get_invitation(invitation_id)
    db.session.rollback()
    return found


def token_for(invitation_id: InvitationId) -> str:
    return link_of(invitation_id, stored_invitation(invitation_id).link_version)
