"""Files on their way in: kept under a random name between upload and commit, and for a day at most."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import new_token
from conference.core.whole_files import write_whole
from conference.web.importing_files import MAX_BYTES, too_large
from conference.web.settings import current_settings

KEPT_S = 24 * 3600
_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def _folder() -> Path:
    folder = current_settings().instance / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


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
    write_whole(_folder() / key, content)
    return key


def upload_path(key: str) -> Path:
    """Return where the file is; raises NotFoundError for one that is gone or never was."""
    path = _folder() / key
    if not _KEY.fullmatch(key) or not path.is_file():
        raise NotFoundError
    return path


def _old() -> list[Path]:
    before = time.time() - KEPT_S
    return [path for path in _folder().iterdir() if path.stat().st_mtime < before]


class UploadsToRemove:
    """Files of yesterday, as a worker sees them. Needs no lease: removing twice is removing once."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return [1] if _old() else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        for path in _old():
            path.unlink(missing_ok=True)


uploads = UploadsToRemove()
