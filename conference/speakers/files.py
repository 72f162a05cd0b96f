"""Portraits of speakers, kept by random keys in the store of files, which no address reaches by itself."""

import io
import re
import secrets
import time
from collections.abc import Collection
from functools import partial

from conference.core.errors import NoRoomError, NotFoundError
from conference.web.store import Kept, StoreAwayError, afterwards, store

_FOLDER = "speakers/"
_KEY = re.compile(r"[0-9a-f]{32}\.(?:webp|jpg)", re.ASCII)
_NAME = re.compile(r"speakers/([0-9a-f]{32})(?:-small)?\.(webp|jpg)", re.ASCII)
# What was just written may be named by a transaction that is not committed yet.
_YOUNG_S = 3600


def save(data: bytes, ending: str, small: bytes = b"") -> str:
    """Keep the bytes, and those of a small version, and return their key. Raises NoRoomError, and keeps neither then."""
    key = f"{secrets.token_hex(16)}.{ending}"
    if small:
        store().put(_small(key), io.BytesIO(small))
    try:
        store().put(_name(key), io.BytesIO(data))
    except (NoRoomError, StoreAwayError):
        afterwards(partial(store().delete, _small(key)))
        raise
    return key


def read(key: str) -> bytes:
    """Return what was kept; raises NotFoundError."""
    with store().open(_name(key)) as file:
        return file.read()


def read_small(key: str) -> bytes:
    """Return the small version, or what was kept before there were small ones; raises NotFoundError."""
    try:
        with store().open(_small(key)) as file:
            return file.read()
    except NotFoundError:
        return read(key)


def delete(key: str) -> None:
    """Forget it, the small version too; done twice it is done once."""
    for name in (_name(key), _small(key)):
        store().delete(name)


def _unnamed(keys: Collection[str]) -> list[Kept]:
    before = time.time() - _YOUNG_S
    found = []
    for one in store().listed(_FOLDER):
        read = _NAME.fullmatch(one.name)
        if read and f"{read[1]}.{read[2]}" not in keys and one.written_at < before:
            found.append(one)
    return found


def has_unnamed(keys: Collection[str]) -> bool:
    """Return whether there are portraits that nobody has: `keys` are those that somebody does."""
    return bool(_unnamed(keys))


def remove_unnamed(keys: Collection[str]) -> None:
    """Delete them: of a killed process, or of a time when the store was away."""
    for one in _unnamed(keys):
        store().delete(one.name)


def _name(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise NotFoundError
    return _FOLDER + key


def _small(key: str) -> str:
    stem, _, ending = _name(key).rpartition(".")
    return f"{stem}-small.{ending}"
