from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conference.core.ids import StaffId
from conference.web.access import Role

# These are lives of capabilities, so they are counted in real time.
LINK_LIFE = timedelta(hours=72)
# A forgotten password is asked for by somebody who sits before the page, and by strangers.
RESET_LIFE = timedelta(hours=2)
# How long the second factor may be looked for after the password.
PENDING_LIFE = timedelta(minutes=10)
# Who comes in, and what guards an account, is changed only so soon after its owner was proved to be there (OWASP ASVS
# 5.0, 7.5): a browser left open invites nobody.
FRESH = timedelta(minutes=10)
# How long the mailed link counts that proves it.
CONFIRM_LIFE = timedelta(minutes=30)
# The mails that bring a one-time link: a newer link makes them pointless.
INVITATION, RESET = "staff_invitation", "password_reset"
LINKED = (INVITATION, RESET)
CONFIRMATION, TRIED = "sign_in_confirmation", "second_factor_tried"
# So that reading a page seldom writes; a session ends so much earlier than its idle time says, at most.
SEEN_STEP = timedelta(minutes=5)
# Who signs in at the desk at midnight is not out at once.
SHORTEST_SHIFT = timedelta(hours=1)
RECOVERY_CODES = 10
MOST_PASSKEYS = 20
# NIST SP 800-63B, 3.1.1: length, not character classes. The upper bound keeps hashing cheap to refuse.
PASSWORD_MIN = 12
PASSWORD_MAX = 200
# Words of every such office, beside those of the event's title and of the account's own name and address (README).
OFFICE_WORDS = (
    "conference", "congress", "kongress", "konferens", "konferenz", "office", "registration", "organiser", "organizer",
    "programme", "program", "desk", "viewer", "staff", "admin", "password", "passwort", "lösenord", "welcome",
    "summer", "winter", "spring", "autumn", "qwerty", "letmein",
)  # fmt: skip


class Means(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105 -- a word, not a secret
    LINK = "link"
    PASSKEY = "passkey"
    TOTP = "password and code"
    RECOVERY = "recovery code"
    DESK_CODE = "desk code"


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """Where somebody signs in: browser and system in words, and by what means."""

    device: str = ""
    means: Means = Means.PASSWORD


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
    suspended_at: datetime | None = None
    has_totp: bool = False
    is_limited: bool = False

    @property
    def shown_name(self) -> str:
        return self.name or self.email


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a typed password is compared with. `password_hash` is None where none was ever set."""

    id: StaffId
    password_hash: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSession:
    """A browser that is signed in, as its owner sees it. `is_this`: the one that asks."""

    id: int
    device: str
    means: Means
    created_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Factors:
    """What guards an account beside the password. `codes_left` counts unused recovery codes."""

    has_totp: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def is_any(self) -> bool:
        return self.has_totp or bool(self.passkeys)
