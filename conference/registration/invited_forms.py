"""The public form as an invitation opens it: filled, for one category, and where it says so for one address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from conference.registration.forms import RegisterForm
from conference.registration.invitation_model import Entitlement, Invitation
from conference.registration.model import RegisterAttendee

_PREFILLED = ("title", "given_name", "family_name", "affiliation", "country", "email")


class InvitedForm(RegisterForm):
    """What the invitation fixes is taken from it, whatever was sent; the category is checked by the service."""

    invitation: Invitation

    @classmethod
    def blank(cls, invitation: Invitation) -> "InvitedForm":
        details = invitation.details
        values: dict[str, Any] = {name: getattr(details, name) for name in _PREFILLED}
        return cls._of(invitation, None, values | {"category": str(details.category_id)})

    @classmethod
    def sent(cls, invitation: Invitation, typed: MultiDict[str, str]) -> "InvitedForm":
        read = typed.copy()
        if invitation.details.email:
            read["email"] = invitation.details.email
        return cls._of(invitation, read, {})

    @classmethod
    def _of(
        cls, invitation: Invitation, typed: MultiDict[str, str] | None, values: Mapping[str, Any]
    ) -> "InvitedForm":
        form = cls(formdata=typed, data=values)
        form.invitation = invitation
        return form

    def to_command(self) -> RegisterAttendee:
        entitlement = Entitlement(
            invitation_id=self.invitation.id, fixes_email=bool(self.invitation.details.email)
        )
        return replace(super().to_command(), entitlement=entitlement)
