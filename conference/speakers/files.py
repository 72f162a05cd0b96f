"""Files of speakers, kept by random keys in the instance folder, which no address reaches by itself."""

import re
import secrets
from pathlib import Path

from conference.core.errors import NoRoomError, NotFoundError
from conference.core.whole_files import write_whole
from conference.web.settings import current_settings

_KEY = re.compile(r"[0-9a-f]{32}\.(?:webp|jpg)", re.ASCII)


def save(data: bytes, ending: str, small: bytes = b"") -> str:
    """Keep the bytes, and those of a small version, and return their key. Raises NoRoomError, and keeps neither then."""
    key = f"{secrets.token_hex(16)}.{ending}"
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if small:
        write_whole(_small(path), small)
    try:
        write_whole(path, data)
    except (NoRoomError, OSError):
        _small(path).unlink(missing_ok=True)
        raise
    return key


def read(key: str) -> bytes:
    """Return what was kept; raises NotFoundError."""
    try:
        return _path(key).read_bytes()
    except FileNotFoundError:
        raise NotFoundError from None


def read_small(key: str) -> bytes:
    """Return the small version, or what was kept before there were small ones; raises NotFoundError."""
    try:
        return _small(_path(key)).read_bytes()
    except FileNotFoundError:
        return read(key)


def delete(key: str) -> None:
    """Forget it, the small version too; done twice it is done once."""
    for path in (_path(key), _small(_path(key))):
        path.unlink(missing_ok=True)


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise NotFoundError
    return current_settings().instance / "speakers" / key


def _small(path: Path) -> Path:
    return path.with_stem(f"{path.stem}-small")
