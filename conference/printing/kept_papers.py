"""Public papers as files: drawn once for a version, a language and a state of what stands around it, and then only read."""

import hashlib
import io
import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Response, request

from conference.core.errors import NoRoomError, NotFoundError
from conference.printing.answers import PDF
from conference.programme.queries import PublicState, public_state
from conference.web.heavy import heavy_work
from conference.web.language import language
from conference.web.store import StoreAwayError, store

log = logging.getLogger(__name__)
_FOLDER = "public-papers/"


def kept_answer(
    state: PublicState, name: str, draw: Callable[[], bytes], filename: str, *, spoken: bool = True
) -> Response:
    """Answer the public paper of this name, drawn at most once a process; 304 to who has it already.

    `draw` may depend on the state, the name and the reader's language alone.
    """
    key = key_of(state, name, language() if spoken else "")
    answer = Response(content_type=PDF)
    if request.if_none_match.contains(key):
        answer.status_code = 304
    else:
        answer.set_data(kept(key, draw))
        answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    answer.set_etag(key)
    # All caches may keep it, and ask at each use whether it still stands: a version is public at once.
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["Vary"] = "Accept-Language"
    return answer


def kept(key: str, draw: Callable[[], bytes]) -> bytes:
    """Return the paper of this key, from its file where it was drawn before.

    A new one deletes all that is of another state: who was erased since stands in none of the files.
    """
    name = f"{_FOLDER}{key}.pdf"
    found = _read(name)
    if found is not None:
        return found
    # One draws; who waits for it finds the file, and who would have to wait for that one too comes again.
    with heavy_work():
        found = _read(name)
        if found is None:
            found = draw()
            _keep(name, found, key)
    return found


def _keep(name: str, content: bytes, key: str) -> None:
    """Keep the paper; where the store does not take it, its reader gets it all the same, and the next one is drawn anew.

    One of a state that is public no longer, since another was published while it was drawn, is not kept: it would delete
    what is drawn of that one.
    """
    if _is_past(key):
        return
    try:
        store().put(name, io.BytesIO(content))
    except (NoRoomError, StoreAwayError) as error:
        log.warning("a public paper is not kept: %s", type(error).__name__)
    # Also then: what is of another state may be what fills the disk.
    forget(but=key.partition("-")[0])
    if _is_past(key):
        store().delete(name)


def _is_past(key: str) -> bool:
    state = public_state()
    return state is None or not key.startswith(f"{_state_of(state)}-")


def key_of(state: PublicState, name: str, spoken: str) -> str:
    """Return a name that no other content ever has: what is of one state begins alike.

    Another release may draw the same version otherwise.
    """
    return f"{_state_of(state)}-{_hash(name, spoken)}"


def _state_of(state: PublicState) -> str:
    """Return what every key of the state begins with."""
    return _hash(*state, _release())


def _hash(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]


def _read(name: str) -> bytes | None:
    try:
        with store().open(name) as file:
            return file.read()
    except (NotFoundError, StoreAwayError, NoRoomError):
        return None


def forget(but: str = "-") -> None:
    """Delete every file that is not of the state `but`, which no state is called as it stands."""
    for one in store().listed(_FOLDER):
        if not one.key.startswith(but):
            store().delete(one.name)


@lru_cache(maxsize=1)
def _release() -> str:
    """Return what is the same on every machine that draws alike: a digest of the code that draws and of its words."""
    found = hashlib.sha256()
    for folder, pattern in (("printing", "*.py"), ("programme", "*.py"), ("translations", "*.po")):
        for path in sorted((Path(__file__).parents[1] / folder).glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()
