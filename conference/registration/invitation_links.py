"""The personal link of an invitation: a capability to register once, never stored, dead once its version is raised."""

from collections.abc import Mapping
from typing import Any

from conference.core.errors import NotFoundError
from conference.core.ids import InvitationId
from conference.core.links import read, sign
from conference.mail.links import page_address
from conference.mail.model import LinkOrder
from conference.registration.invitation_errors import InvitationReplacedError
from conference.registration.invitation_model import Invitation
from conference.registration.invitation_queries import find_invitation
from conference.web.language import speak
from conference.web.settings import current_settings

PURPOSE = "invitation"


def link_of(invitation_id: int, link_version: int) -> str:
    """Return the token for /invited/<token>."""
    return sign(current_settings().secret_key, PURPOSE, invitation_id, link_version)


def invitation_by_link(token: str) -> Invitation:
    """Return the invitation that the token is for, whatever became of it.

    Raises NotFoundError for a false one and for an invitation that was deleted, InvitationReplacedError for an outdated one.
    """
    record_id, version = read(current_settings().secret_keys, PURPOSE, token)
    invitation = find_invitation(InvitationId(record_id))
    if invitation is None:
        raise NotFoundError
    speak(invitation.details.language)
    if invitation.link_version != version:
        raise InvitationReplacedError
    return invitation


def address_of(invitation: Invitation) -> str:
    """Return the full address of the invitation's form."""
    return mailed_link({"id": invitation.id, "version": invitation.link_version})


def link_order(invitation: Invitation) -> LinkOrder:
    """Return what the outbox keeps: the version of now, so that a mail on its way dies with its link."""
    return LinkOrder(kind=PURPOSE, ref={"id": invitation.id, "version": invitation.link_version})


def mailed_link(ref: Mapping[str, Any]) -> str:
    """Return the full address for a mail; `ref` is that of `link_order`."""
    return page_address("registration.invited", token=link_of(ref["id"], ref["version"]))
