"""Where uploaded and made files lie, behind one small interface: a folder, or a store that speaks S3.

Names are ours, never the sender's: folders and random keys, as in "speakers/slides/0f…d2.pdf". What stands under a
name is whole or not there, and no address leads to it by itself.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

from conference.config import Settings, SettingsError
from conference.core.errors import NoRoomError
from conference.web.folder_store import FolderStore
from conference.web.settings import current_settings
from conference.web.store_model import Kept, StoreAwayError

__all__ = [
    "Kept",
    "Store",
    "StoreAwayError",
    "afterwards",
    "is_s3",
    "require_store",
    "store",
    "store_of",
    "store_trouble",
]
log = logging.getLogger(__name__)
# Below the instance folder of a machine whose files lie elsewhere: what is in the making, and copies of a day.
SCRATCH = "scratch"
# How long a store counts as well, or as away, once it was: a balancer asks each second, and of each process.
_WELL_FOR_S, _AWAY_FOR_S = 10.0, 5.0


class Store(Protocol):
    """What each store can do; `folder_store.FolderStore` says what each answers and raises.

    Every one raises StoreAwayError where the store does not answer, and NoRoomError where it has no room.
    """

    def put(self, name: str, source: IO[bytes]) -> int: ...
    def adopt(self, name: str, path: Path) -> None: ...
    def open(self, name: str, start: int = 0, length: int | None = None) -> IO[bytes]: ...
    def find(self, name: str) -> Kept | None: ...
    def delete(self, name: str) -> None: ...
    def move(self, name: str, new: str) -> None: ...
    def listed(self, begins: str) -> Iterator[Kept]: ...
    def at_hand(self, name: str) -> Path: ...
    def scratch(self) -> Path: ...
    def free_bytes(self) -> int | None: ...
    def is_untidy(self) -> bool: ...
    def tidy(self) -> None: ...
    def trouble(self) -> str | None: ...


def is_s3(settings: Settings) -> bool:
    return settings.uploads.startswith("s3://")


def store_of(settings: Settings) -> Store:
    """Return the store that the settings name."""
    if is_s3(settings):
        return _s3_store(
            settings.uploads,
            settings.uploads_endpoint,
            settings.uploads_region,
            settings.uploads_access_key,
            settings.uploads_secret_key,
            settings.uploads_ca_file,
            settings.instance,
        )
    return FolderStore(Path(settings.uploads) if settings.uploads else settings.instance)


def store() -> Store:
    """Return the store of the running application."""
    return store_of(current_settings())


@lru_cache(maxsize=4)
def _s3_store(
    url: str, endpoint: str, region: str, access_key: str, secret_key: str, ca_file: str, instance: Path
) -> Store:
    # boto3 is an extra, and takes a third of a second to load.
    from conference.web.s3_store import Bucket, S3Store

    parts = urlsplit(url)
    prefix = parts.path.strip("/")
    bucket = Bucket(
        name=parts.netloc,
        prefix=f"{prefix}/" if prefix else "",
        endpoint=endpoint,
        region=region,
        access_key=access_key,
        secret_key=secret_key,
        ca_file=ca_file,
    )
    return S3Store(bucket, instance / SCRATCH)


def require_store(settings: Settings) -> None:
    """Raise SettingsError where the library is missing that the store needs. Contacts nobody."""
    if is_s3(settings) and find_spec("boto3") is None:
        raise SettingsError(
            "CONFERENCE_UPLOADS names a bucket, and the library boto3 is not installed. Install it with"
            " `pip install 'conference-office[s3]'`, or name a folder."
        )


def afterwards(action: Callable[[], object]) -> None:
    """Do what follows a commit: where the store is away it is logged, and a worker's sweep does it later."""
    try:
        action()
    except (StoreAwayError, NoRoomError):
        log.error("a file is left for the next sweep")  # noqa: TRY400 -- why was told below


_known: dict[tuple[int, str], tuple[float, str | None]] = {}
_asking = threading.Lock()


def store_trouble() -> str | None:
    """Return why files cannot be kept, as readiness asks it; what was found counts for ten seconds, trouble for five.

    A store that is silent holds one thread of a process: who asks meanwhile is told what was found before.
    """
    settings = current_settings()
    key = os.getpid(), settings.uploads or str(settings.instance)
    until, found = _known.get(key, (0.0, None))
    if time.monotonic() < until:
        return found
    if not _asking.acquire(blocking=key not in _known):
        return found
    try:
        until, found = _known.get(key, (0.0, None))
        if time.monotonic() < until:  # somebody else has asked in the meantime
            return found
        found = store_of(settings).trouble()
        _known[key] = time.monotonic() + (_AWAY_FOR_S if found else _WELL_FOR_S), found
    finally:
        _asking.release()
    return found
