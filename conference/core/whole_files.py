"""Files that are there whole or not at all, and the system's word for a disk without room."""

import errno
import os
from pathlib import Path

from conference.core.errors import NoRoomError

# No room on the disk, for this account, or for a file of this size.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full(error: OSError) -> bool:
    """Return whether the system says that there is no room."""
    return error.errno in _FULL


def write_whole(path: Path, content: bytes) -> None:
    """Write the file, for this account only, in place of one of that name; what fails leaves nothing behind.

    Raises NoRoomError for a full disk, OSError for what else the system says.
    """
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(half, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        if is_full(error):
            raise NoRoomError from error
        raise
