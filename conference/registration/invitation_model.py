"""Personal invitations, and codes that a number of people may use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import AccessCodeId, CategoryId, InvitationId, RegistrationId


class InvitationState(StrEnum):
    """What became of an invitation. `USED` is its end; one that lapsed is opened again by a later deadline."""

    OPEN = "open"
    USED = "used"
    LAPSED = "lapsed"
    REVOKED = "revoked"


INVITATION_WORDS = {
    InvitationState.OPEN: N_("Open"),
    InvitationState.USED: N_("Used"),
    InvitationState.LAPSED: N_("Lapsed"),
    InvitationState.REVOKED: N_("Revoked"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationDetails:
    """What the office decides of an invitation.

    It can be used before `expires_at`, and no longer at that moment. With an `email` it is for that address alone;
    the names and the rest prefill the form. One that `holds_seat` needs no approval: its place is promised.
    """

    category_id: CategoryId
    expires_at: datetime
    email: str = ""
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    affiliation: str = ""
    country: str = ""
    note: str = ""
    skips_approval: bool = False
    holds_seat: bool = False
    # "en", "sv" or "de": in which its mail is written, and its form drawn.
    language: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.title, self.name) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    id: InvitationId
    details: InvitationDetails
    state: InvitationState
    link_version: int
    registration_id: RegistrationId | None
    revision: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeDetails:
    """What the office decides of a code. `words` are compared folded; `uses_allowed` None is any number.

    `opens_at` and `expires_at` are half-open, None without a bound.
    """

    category_id: CategoryId
    words: str
    note: str = ""
    uses_allowed: int | None = None
    opens_at: datetime | None = None
    expires_at: datetime | None = None
    skips_approval: bool = False
    is_retired: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessCode:
    id: AccessCodeId
    details: CodeDetails
    uses: int
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Entitlement:
    """By what somebody registers who is more than the public: a code as typed, or an invitation.

    `spent_by` is the registration that this form made of it before its address was corrected: nothing is used twice.
    """

    code: str = ""
    invitation_id: InvitationId | None = None
    fixes_email: bool = False
    spent_by: RegistrationId | None = None


NO_ENTITLEMENT = Entitlement()
