"""Finished papers that somebody looks at: kept as files for an hour, so that no page of one is drawn twice."""

import io
import re
import secrets
import time
from pathlib import Path

from conference.core.errors import NotFoundError
from conference.web.store import Kept, store

KEPT_S = 3600
REST_S = 60
_FOLDER = "previews/"
# Own choice: as much as thirty batches of 10,000 badges. Beyond it the oldest files go first.
MOST_BYTES = 256 * 2**20
# What made the paper, and 128 random bits: who may not make it may not see it either, whatever address is guessed.
_KEY = re.compile(r"([a-z_]{1,40})\.[0-9a-f]{32}", re.ASCII)


def keep(maker: str, content: bytes) -> str:
    """Write the file for the application's own account only, and return its key; old files make room. Raises NoRoomError."""
    key = f"{maker}.{secrets.token_hex(16)}"
    _make_room(len(content))
    store().put(_FOLDER + key, io.BytesIO(content))
    return key


def maker_of(key: str) -> str:
    """Return what made the paper; raises NotFoundError for what is no key."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise NotFoundError
    return found[1]


def path_of(key: str) -> Path:
    """Return where the file can be read on this machine; raises NotFoundError for one that is gone or never was."""
    maker_of(key)
    return store().at_hand(_FOLDER + key)


def _make_room(wanted: int) -> None:
    forget_previews()
    for one in sorted(store().listed(_FOLDER), key=lambda kept: kept.written_at, reverse=True):
        wanted += one.size_bytes
        if wanted > MOST_BYTES:
            store().delete(one.name)


def _old() -> list[Kept]:
    before = time.time() - KEPT_S
    return [one for one in store().listed(_FOLDER) if one.written_at < before]


def forget_previews() -> None:
    """Delete what has been kept for long enough."""
    for one in _old():
        store().delete(one.name)


class PreviewsToForget:
    """Old previews, as a worker sees them: looked for once a minute. Removing twice is removing once."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._rests_until:
            return []
        self._rests_until = time.monotonic() + REST_S
        return [1] if _old() else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        forget_previews()


previews = PreviewsToForget()
