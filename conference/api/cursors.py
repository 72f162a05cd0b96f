"""Where a reader of a list goes on: signed, so that nothing but what was given here is taken. Pure.

A cursor names the list, its filters and the id after which to go on, so what is inserted or removed meanwhile moves
nothing. One of the programme names its version too, because a new version is another list.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from conference.api.asked import Paged
from conference.api.errors import CursorOldError, CursorRefusedError
from conference.api.shapes import plain
from conference.core.errors import NotFoundError
from conference.core.links import read_word, sign_word

T = TypeVar("T")
_PURPOSE = "api cursor"


def _filters(asked: Paged) -> str:
    """Return a digest of what narrows the list; how long a part is does not."""
    told = {name: value for name, value in plain(asked).items() if name not in {"limit", "cursor"}}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def write_cursor(secret: str, place: str, asked: Paged, after: int, *, stamp: str = "") -> str:
    """Return the cursor that goes on after the record `after` of the list at `place`. `stamp` is the list's version."""
    word = json.dumps([place, _filters(asked), stamp, after], separators=(",", ":"))
    return sign_word(secret, _PURPOSE, base64.urlsafe_b64encode(word.encode()).decode().rstrip("="))


def read_cursor(secrets: str | Sequence[str], place: str, asked: Paged, *, stamp: str = "") -> int | None:
    """Return the id after which to go on, None for the beginning.

    Raises CursorRefusedError, and CursorOldError for a list of another version.
    """
    if asked.cursor is None:
        return None
    try:
        word = read_word(secrets, _PURPOSE, asked.cursor)
        read: Any = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (NotFoundError, binascii.Error, ValueError):
        raise CursorRefusedError("cursor") from None
    if read[:2] != [place, _filters(asked)]:
        raise CursorRefusedError("cursor")
    if read[2] != stamp:
        raise CursorOldError("cursor")
    return int(read[3])


def part_of(
    items: Sequence[T], number_of: Callable[[T], int], after: int | None, limit: int
) -> tuple[Sequence[T], int | None]:
    """Return the part of a list that never changes, and the id after which the next part begins; None at the end.

    Raises CursorRefusedError where nothing of the list has the id.
    """
    first = 0
    if after is not None:
        place = next((place for place, one in enumerate(items) if number_of(one) == after), None)
        if place is None:
            raise CursorRefusedError("cursor")
        first = place + 1
    part = items[first : first + limit]
    return part, number_of(part[-1]) if first + limit < len(items) else None
