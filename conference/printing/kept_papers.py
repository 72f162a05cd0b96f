"""Public papers as files: drawn once for a version, a language and a state of what stands around it, and then only read."""

import hashlib
import os
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from flask import Response, request

from conference.printing.answers import PDF
from conference.programme.queries import PublicState
from conference.web.language import language
from conference.web.settings import current_settings

# A file that nobody has asked for so long is of a state that is over, or is drawn again when it is wanted.
_KEPT_S = 2 * 86400
# Of the threads of this process one draws, the others wait for what it drew.
_DRAWING = Lock()


def kept_answer(
    state: PublicState, name: str, draw: Callable[[], bytes], filename: str, *, spoken: bool = True
) -> Response:
    """Answer the public paper of this name, drawn at most once a process; 304 to who has it already.

    `draw` may depend on the state, the name and the reader's language alone.
    """
    key = key_of(state, name, language() if spoken else "")
    tag = f'"{key[:24]}"'
    answer = Response(content_type=PDF)
    if request.if_none_match.contains(key[:24]):
        answer.status_code = 304
    else:
        answer.set_data(kept(key, draw))
        answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    answer.headers["ETag"] = tag
    # All caches may keep it, and ask at each use whether it still stands: a version is public at once.
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["Vary"] = "Accept-Language"
    return answer


def kept(key: str, draw: Callable[[], bytes]) -> bytes:
    """Return the paper of this key, from its file where it was drawn before."""
    path = _folder() / f"{key}.pdf"
    found = _read(path)
    if found is not None:
        return found
    with _DRAWING:
        found = _read(path)
        if found is None:
            found = draw()
            half = path.with_suffix(f".{os.getpid()}.part")
            half.write_bytes(found)
            half.replace(path)
            _forget(path.parent)
    return found


def key_of(state: PublicState, name: str, spoken: str) -> str:
    """Return a name that no other content ever has: another release may draw the same version otherwise."""
    return hashlib.sha256(repr((*state, name, spoken, _release())).encode()).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        found = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return found


def _folder() -> Path:
    folder = current_settings().instance / "public-papers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget(folder: Path) -> None:
    """Delete what nobody has asked for in days."""
    before = time.time() - _KEPT_S
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < before:
                path.unlink()
        except FileNotFoundError:  # another process was faster
            continue


@lru_cache(maxsize=1)
def _release() -> int:
    """Return when the files that draw were installed."""
    return max(path.stat().st_mtime_ns for path in Path(__file__).parent.glob("*.py"))
