"""The mail that invites: what is asked by when, with the personal link."""

from sqlalchemy.orm import Session

from conference.core.ids import InvitationId
from conference.event.queries import get_event, organisers
from conference.mail.service import enqueue
from conference.registration.category_queries import get_category
from conference.registration.invitation_links import link_order
from conference.registration.invitation_model import Invitation
from conference.registration.invitation_queries import find_invitation
from conference.web.language import in_language


def send(session: Session, invitation: Invitation) -> None:
    """Put the mail into the outbox, in this transaction and in the invitation's language."""
    details = invitation.details
    category = get_category(details.category_id, session).details
    with in_language(details.language):
        enqueue(
            session,
            kind="invitation",
            recipient=details.email,
            recipient_name=details.name,
            about=("invitation", invitation.id),
            facts={
                "event": get_event(session),
                "organisers": organisers(session),
                "invitation": details,
                "category": category,
                "is_approved": details.skips_approval or details.holds_seat or not category.needs_approval,
            },
            link=link_order(invitation),
        )


def address_now(invitation_id: int, session: Session) -> str:
    """Return the address that the invitation is for, "" where there is none."""
    found = find_invitation(InvitationId(invitation_id), session)
    return found.details.email if found else ""
