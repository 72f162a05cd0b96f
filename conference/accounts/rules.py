import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from conference.accounts.breached import is_known
from conference.accounts.errors import (
    AddressShapeError,
    GuessablePasswordError,
    KnownPasswordError,
    PasswordsDifferError,
    PasswordTooShortError,
)
from conference.accounts.model import OFFICE_WORDS, PASSWORD_MIN, SHORTEST_SHIFT
from conference.core.clock import STOCKHOLM
from conference.core.text import as_typed, control_characters, folded
from conference.web.access import Role

_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTER = re.compile(r"[^\W\d_]")
# Fewer letters than these beside words that everybody knows are no password.
_LETTERS_LEFT = 5


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


def check_new_password(password: str, repeated: str, about: Iterable[str] = ()) -> None:
    """Raise PasswordTooShortError, KnownPasswordError, GuessablePasswordError or PasswordsDifferError.

    `about` is what is known of the account and the event: name, address, title. Their words, and those of every such
    office, count for nothing (ASVS 6.2.11).
    """
    if len(password) < PASSWORD_MIN:
        raise PasswordTooShortError("password", least=PASSWORD_MIN)
    if is_known(password):
        raise KnownPasswordError("password")
    if word := _guessable(password, about):
        raise GuessablePasswordError("password", word=word)
    if password != repeated:
        raise PasswordsDifferError("repeated")


def _guessable(password: str, about: Iterable[str]) -> str:
    """Return the longest word without which too little is left, "" where enough is."""
    known = {word for text in (*OFFICE_WORDS, *about) for word in _WORD.findall(folded(text))}
    left, found = folded(password), ""
    for word in sorted(known, key=lambda one: (-len(one), one)):
        if word in left:
            left, found = left.replace(word, ""), found or word
    # What is no letter is what people put behind a word: 2022, 123, !
    return found if len(_LETTER.findall(left)) < _LETTERS_LEFT else ""


def check_address(typed: str) -> str:
    """Return the address as typed, trimmed; raises AddressShapeError for what can be none."""
    address = as_typed(typed)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(character.isspace() for character in address):
        raise AddressShapeError("email")
    if control_characters(address):
        raise AddressShapeError("email")
    return address
