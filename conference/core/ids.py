"""Types of ids, and random tokens."""

import secrets
from typing import NewType

StaffId = NewType("StaffId", int)
OrganiserId = NewType("OrganiserId", int)
TrackId = NewType("TrackId", int)
RoomId = NewType("RoomId", int)
PersonId = NewType("PersonId", int)
CategoryId = NewType("CategoryId", int)
ExtraId = NewType("ExtraId", int)
QuestionId = NewType("QuestionId", int)
RegistrationId = NewType("RegistrationId", int)
SessionId = NewType("SessionId", int)
TalkId = NewType("TalkId", int)
StepId = NewType("StepId", int)
VersionId = NewType("VersionId", int)
MailId = NewType("MailId", int)
SeriesId = NewType("SeriesId", int)
CampaignId = NewType("CampaignId", int)
JobId = NewType("JobId", int)
InvitationId = NewType("InvitationId", int)
AccessCodeId = NewType("AccessCodeId", int)
LabelSheetId = NewType("LabelSheetId", int)
BadgeRunId = NewType("BadgeRunId", int)
BadgeDesignId = NewType("BadgeDesignId", int)

# Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed back.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_token() -> str:
    """Return 43 URL-safe characters of 256 random bits."""
    return secrets.token_urlsafe(32)


def new_code(length: int) -> str:
    """Return so many random characters of Crockford's alphabet, 5 bits each."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def read_code(typed: str) -> str:
    """Return a typed or scanned code in its stored form: upper case, no spaces or hyphens, O as 0, I and L as 1."""
    bare = "".join(typed.split()).replace("-", "").upper()
    return bare.translate(str.maketrans("OIL", "011"))
