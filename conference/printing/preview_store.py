"""Finished papers that somebody looks at: kept as files for an hour, so that no page of one is drawn twice."""

import re
import secrets
import time
from pathlib import Path

from conference.core.errors import NotFoundError
from conference.core.whole_files import write_whole
from conference.web.settings import current_settings

KEPT_S = 3600
# Own choice: as much as thirty batches of 10,000 badges. Beyond it the oldest files go first.
MOST_BYTES = 256 * 2**20
# What made the paper, and 128 random bits: who may not make it may not see it either, whatever address is guessed.
_KEY = re.compile(r"([a-z_]{1,40})\.[0-9a-f]{32}", re.ASCII)


def _folder() -> Path:
    folder = current_settings().instance / "previews"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep(maker: str, content: bytes) -> str:
    """Write the file for the application's own account only, and return its key; old files make room. Raises NoRoomError."""
    key = f"{maker}.{secrets.token_hex(16)}"
    _make_room(len(content))
    write_whole(_folder() / key, content)
    return key


def maker_of(key: str) -> str:
    """Return what made the paper; raises NotFoundError for what is no key."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise NotFoundError
    return found[1]


def path_of(key: str) -> Path:
    """Return where the file is; raises NotFoundError for one that is gone or never was."""
    maker_of(key)
    path = _folder() / key
    if not path.is_file():
        raise NotFoundError
    return path


def _make_room(wanted: int) -> None:
    forget_previews()
    files = sorted(_sizes(), reverse=True)
    for _, size, path in files:
        wanted += size
        if wanted > MOST_BYTES:
            path.unlink(missing_ok=True)


def _sizes() -> list[tuple[float, int, Path]]:
    """Return (time of writing, size, path) of each file that is still there."""
    found = []
    for path in _folder().iterdir():
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue  # another request made room at the same time
        found.append((facts.st_mtime, facts.st_size, path))
    return found


def _old() -> list[Path]:
    before = time.time() - KEPT_S
    return [path for at, _, path in _sizes() if at < before]


def forget_previews() -> None:
    """Delete what has been kept for long enough."""
    for path in _old():
        path.unlink(missing_ok=True)


class PreviewsToForget:
    """Old previews, as a worker sees them. Needs no lease: removing twice is removing once."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return [1] if _old() else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        forget_previews()


previews = PreviewsToForget()
