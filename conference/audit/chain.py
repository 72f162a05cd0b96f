"""How the entries of the history are chained and the chain's end is signed. Pure.

Each entry has a place, from 1 on, and a link: the SHA-256 of the link before and of all that the entry says. What it
says of values is their salted digest alone, so that values can be erased and the chain still holds. Whoever can write
to the database can compute links; the secret key, which is not there, signs the last one.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What the first entry follows.
BEGINNING = hashlib.sha256(b"conference-audit").hexdigest()
# What a record's history is told to have lost, which is why values that were digested are not there any more.
FORGOTTEN = "values erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is sealed of an entry: all its columns, and the digest in the place of values and reason."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    action: str
    record_type: str
    record_id: int
    fields: tuple[str, ...]
    digest: str | None
    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The end of the chain: how many entries are sealed, the last one's link, and who signed it when."""

    count: int
    link: str
    sealed_at: datetime
    key: str
    signature: str

    @property
    def short(self) -> str:
        """Return what is written down or compared, as in "1234-0f9a…": the count and the link's first 16 digits."""
        return f"{self.count}-{self.link[:16]}"


def link(before: str, entry: Entry) -> str:
    """Return the entry's link, 64 hexadecimal digits."""
    told = [
        before,
        entry.position,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        entry.actor_id,
        entry.action,
        entry.record_type,
        entry.record_id,
        list(entry.fields),
        entry.digest,
    ]
    return hashlib.sha256(_text(told)).hexdigest()


def digest(salt: str, values: Mapping[str, Any], reason: str) -> str:
    """Return the digest of an entry's values and reason, 64 hexadecimal digits."""
    return hashlib.sha256(_text([salt, values, reason])).hexdigest()


def signature(key: str, *, count: int, last_link: str, sealed_at: datetime) -> str:
    """Return the signature of a chain's end by the secret key, 64 hexadecimal digits."""
    moment = sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    text = _text(["conference-audit-head", count, last_link, moment])
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()


def is_signed(head: Head, key: str) -> bool:
    """Return whether the end was signed with the key."""
    expected = signature(key, count=head.count, last_link=head.link, sealed_at=head.sealed_at)
    return hmac.compare_digest(expected, head.signature)


def _text(told: object) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
