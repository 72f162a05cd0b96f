"""The system's word for a disk without room."""

import errno

# No room on the disk, for this account, or for a file of this size.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full(error: OSError) -> bool:
    """Return whether the system says that there is no room."""
    return error.errno in _FULL
