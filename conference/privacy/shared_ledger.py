"""The ledger's lines in a bucket, where uploads lie in one: a machine that is lost takes its instance folder with it.

An object is written once and never changed, so each process reads it once.
"""

import io
import logging
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from conference.core.errors import NoRoomError, NotFoundError
from conference.core.ids import new_token
from conference.web.settings import current_settings
from conference.web.store import StoreAwayError, is_s3, store

log = logging.getLogger(__name__)
FOLDER = "erasures/"


def shared_texts() -> list[str]:
    """Return what each object holds; none where uploads lie in no bucket, or it is away."""
    settings = current_settings()
    if not is_s3(settings):
        return []
    try:
        names = sorted(one.name for one in store().listed(FOLDER))
        return [_text(settings.uploads, settings.uploads_endpoint, name) for name in names]
    except (StoreAwayError, NoRoomError, NotFoundError):
        log.error("the ledger of erasures in the bucket cannot be read")  # noqa: TRY400 -- why was told below
        return []


@lru_cache(maxsize=4096)
def _text(uploads: str, endpoint: str, name: str) -> str:
    del uploads, endpoint
    with store().open(name) as file:
        return file.read().decode("utf-8")


def share(text: str, at: datetime) -> None:
    """Write the lines there too. What is away now is written with the next erasure."""
    if text and is_s3(current_settings()):
        with suppress(StoreAwayError, NoRoomError):
            store().put(f"{FOLDER}{at:%Y%m%d-%H%M%S}-{new_token()}.jsonl", io.BytesIO(text.encode()))
