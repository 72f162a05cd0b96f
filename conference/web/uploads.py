"""Files on their way in: kept under a random name between upload and commit, and for a day at most."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from flask import request

from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import new_token
from conference.web.importing_files import MAX_BYTES, too_large
from conference.web.store import Kept, afterwards, store

KEPT_S = 24 * 3600
REST_S = 600
_FOLDER = "imports/"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def keep_upload(
    stream: IO[bytes], *, most_bytes: int = MAX_BYTES, refusal: Callable[[], DomainError] = too_large
) -> str:
    """Write the file, for the application's own account only, and return its random name.

    Raises what `refusal` makes, FileTooLargeError as a rule, for more bytes than `most_bytes`, and NoRoomError.
    """
    content = stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise refusal()
    key = new_token()
    store().put(_FOLDER + key, io.BytesIO(content))
    return key


def upload_path(key: str) -> Path:
    """Return where the file can be read on this machine; raises NotFoundError for one that is gone or never was."""
    if not _KEY.fullmatch(key):
        raise NotFoundError
    return store().at_hand(_FOLDER + key)


def forget_upload(key: str) -> None:
    """Forget the file; one that cannot be reached now goes with those of yesterday."""
    if _KEY.fullmatch(key):
        afterwards(lambda: store().delete(_FOLDER + key))


def forget_this_upload() -> None:
    """Forget the file that this request's own address names."""
    forget_upload(str((request.view_args or {}).get("upload", "")))


def _old() -> list[Kept]:
    before = time.time() - KEPT_S
    return [one for one in store().listed(_FOLDER) if one.written_at < before]


class UploadsToRemove:
    """Files of yesterday, as a worker sees them: looked for every ten minutes. Removing twice is removing once."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._rests_until:
            return []
        self._rests_until = time.monotonic() + REST_S
        return [1] if _old() or store().is_untidy() else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        for one in _old():
            store().delete(one.name)
        # And what killed processes left in the making.
        store().tidy()


uploads = UploadsToRemove()
