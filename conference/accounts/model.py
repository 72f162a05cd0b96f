from dataclasses import dataclass
from datetime import datetime, timedelta

from conference.core.ids import StaffId
from conference.web.access import Role

# Both are lives of capabilities, so they are counted in real time.
LINK_LIFE = timedelta(hours=72)
# A forgotten password is asked for by somebody who sits before the page, and by strangers.
RESET_LIFE = timedelta(hours=2)
SESSION_LIFE = timedelta(hours=12)
# NIST SP 800-63B, 3.1.1: length, not character classes. The upper bound keeps hashing cheap to refuse.
PASSWORD_MIN = 12
PASSWORD_MAX = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember:
    """One account. `language` is that of the mails about it; the office's pages are English."""

    id: StaffId
    email: str
    name: str
    role: Role
    language: str
    has_password: bool
    created_at: datetime
    revision: int

    @property
    def shown_name(self) -> str:
        return self.name or self.email


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a typed password is compared with. `password_hash` is None where none was ever set."""

    id: StaffId
    password_hash: str | None
