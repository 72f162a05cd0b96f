"""A letter of invitation for a visa: asked for, approved or declined."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import RegistrationId


class VisaState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


VISA_WORDS = {
    VisaState.ASKED: N_("The organisers look at it"),
    VisaState.APPROVED: N_("Approved"),
    VisaState.DECLINED: N_("Not approved"),
}
CONSENT = N_(
    "I agree that these details of my passport are kept, encrypted, for the letter of invitation only, and deleted two weeks after the event."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passport:
    """What the letter says of the traveller, exactly as in the passport. `nationality` is an ISO 3166 code."""

    name: str
    nationality: str
    born_on: date
    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VisaLetter:
    """`passport` is None where nobody may see it now, or once it was deleted (`is_purged`)."""

    registration_id: RegistrationId
    state: VisaState
    passport: Passport | None
    is_purged: bool
    asked_at: datetime
    decided_at: datetime | None
    reason: str
    serial: str
    revision: int
