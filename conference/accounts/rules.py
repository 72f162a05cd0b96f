from datetime import datetime, time, timedelta

from conference.accounts.errors import AddressShapeError, PasswordsDifferError, PasswordTooShortError
from conference.accounts.model import PASSWORD_MIN, SHORTEST_SHIFT
from conference.core.clock import STOCKHOLM
from conference.core.text import as_typed, control_characters
from conference.web.access import Role


def session_end(role: Role, now: datetime, *, hours: int) -> datetime:
    """Return when a sign-in of this moment ends at the latest: at the desk with the day in Stockholm, or an hour from now."""
    end = now + timedelta(hours=hours)
    if role is not Role.DESK:
        return end
    today = now.astimezone(STOCKHOLM).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), STOCKHOLM)
    return min(end, max(midnight, now + SHORTEST_SHIFT))


def local_path(target: str, otherwise: str) -> str:
    """Return the target if it is a path of this site, else `otherwise` (trust.md 23).

    Browsers read a backslash as a slash and drop tabs and line breaks, so that a slash and a backslash,
    or a slash, a tab and a slash, would lead away.
    """
    leaves = not target.startswith("/") or target.startswith("//") or "\\" in target
    return otherwise if leaves or control_characters(target) or " " in target else target


def check_new_password(password: str, repeated: str) -> None:
    """Raise PasswordTooShortError or PasswordsDifferError."""
    if len(password) < PASSWORD_MIN:
        raise PasswordTooShortError("password", least=PASSWORD_MIN)
    if password != repeated:
        raise PasswordsDifferError("repeated")


def check_address(typed: str) -> str:
    """Return the address as typed, trimmed; raises AddressShapeError for what can be none."""
    address = as_typed(typed)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(character.isspace() for character in address):
        raise AddressShapeError("email")
    if control_characters(address):
        raise AddressShapeError("email")
    return address
