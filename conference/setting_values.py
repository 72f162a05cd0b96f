"""How settings of several parts are read: a number for each role, a folder or a bucket, a mailbox, a broker. Stands on nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROLES = ("organiser", "programme", "desk", "viewer")


@dataclass(frozen=True, slots=True)
class ByRole:
    """A whole number for each role: `text` is what was set, `numbers` stand in the order of ROLES."""

    text: str
    numbers: tuple[int, ...]

    def __getitem__(self, role: str) -> int:
        return self.numbers[ROLES.index(role)]

    def __str__(self) -> str:
        return self.text


def by_role(low: int, high: int) -> Callable[[str], ByRole]:
    """Return what reads "60" for all roles, or "60,desk=240" with others for some. Its ValueError names the fault."""

    def read(text: str) -> ByRole:
        first, *rest = (part.strip() for part in text.split(","))
        found = dict.fromkeys(ROLES, _number(first, low, high))
        for part in rest:
            role, equals, number = part.partition("=")
            if not equals or role.strip() not in found:
                raise ValueError(
                    f"after the number for all roles, name one of {', '.join(ROLES)}, as in desk={high}"
                )
            found[role.strip()] = _number(number, low, high)
        return ByRole(text, tuple(found.values()))

    return read


def _number(text: str, low: int, high: int) -> int:
    number = int(text) if text.strip().isdecimal() and text.isascii() else low - 1
    if not low <= number <= high:
        raise ValueError(f"each number must lie between {low} and {high}, as in {low},desk={high}")
    return number


def folder(text: str) -> str:
    if text and not Path(text).is_absolute():
        raise ValueError("must be a whole path, which begins with /")
    return text


def uploads(text: str) -> str:
    if not text.startswith("s3:"):
        return folder(text)
    parts = urlsplit(text)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc, re.ASCII):
        raise ValueError("must name a bucket, as in s3://conference-files/2022")
    if not re.fullmatch(r"(?:/[\w-][\w.-]*)*/?", text.partition(parts.netloc)[2], re.ASCII):
        raise ValueError("may name folders after the bucket, of letters, digits, dots, _ and - alone")
    return text


def mailbox(text: str) -> str:
    """Return one address, alone or as in "Name <address>"; two of them, or none, would go out as they are."""
    _, bracket, address = text.rpartition("<")
    inner = address.removesuffix(">").strip() if bracket else text
    local, _, domain = inner.rpartition("@")
    is_one = bool(local and domain) and inner.isprintable() and not set(inner) & set(' <>,;@"') - {"@"}
    if text and (not is_one or "@" in local or bool(bracket) != text.endswith(">")):
        raise ValueError(
            "must be one address, as in office@conference.example or Office <office@conference.example>"
        )
    return text


def broker(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss", "amqp", "amqps"}:
        raise ValueError("must begin with redis://, rediss://, amqp:// or amqps://")
    try:
        is_port = parts.port != 0
    except ValueError:
        # Its own words would show what stands there: part of a password that holds a slash.
        is_port = False
    if not is_port:
        raise ValueError("must have a port between 1 and 65535, and a password's / written as %2F")
    if not parts.hostname:
        raise ValueError("must name a host, as in redis://broker.example:6379/0")
    return text
