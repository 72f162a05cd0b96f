"""Files of slides in the instance folder: on their way in by pieces, and in place by random keys. No database here.

What has arrived of a file is the length of its part: a piece that was cut off, sent twice or sent late is settled by
that number alone. A part lies under the numbers of its person and talk, so that no other link reaches it.
"""

import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from conference.core.errors import NotFoundError
from conference.core.ids import PersonId, TalkId
from conference.core.text import file_name
from conference.speakers.errors import (
    PieceTooLargeError,
    SlidesBrokenError,
    SlidesTooLargeError,
    StorageFullError,
    UploadGapError,
)
from conference.speakers.slide_kinds import MOST_BYTES, kind_of
from conference.web.settings import current_settings

# Own choice: at 1 Mbit/s a piece takes half a minute, and holds one of the server's threads for that long.
PIECE_BYTES = 4_000_000
KEPT_S = 24 * 3600
MOST_NAME = 200
# The database and the mails need room too.
SPARE_BYTES = 100_000_000
_READ_BYTES = 1 << 16
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UPLOAD = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{32}\.(?:pdf|pptx)", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """What a browser says of a file before it sends it: by this the same file is known after a break."""

    name: str
    size_bytes: int
    modified_ms: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file on its way in, and how much of it is there."""

    key: str
    announced: Announced
    have_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A checked file in its place. `part` is where it came from, None for one that came whole."""

    key: str
    name: str
    size_bytes: int
    part: Path | None = None


def _folder(name: str) -> Path:
    folder = current_settings().instance / "speakers" / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def _locked() -> Iterator[Path]:
    """Hold the uploads of all processes of this machine: for as long as a piece takes from one file to the other."""
    folder = _folder("uploads")
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Turn the system's word for a full disk into StorageFullError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError("slides") from error
        raise


def check_room(size_bytes: int) -> None:
    """Raise StorageFullError before a file is sent that would not fit, SlidesTooLargeError for one that is never taken."""
    if size_bytes > MOST_BYTES:
        raise SlidesTooLargeError("slides")
    if shutil.disk_usage(_folder("uploads")).free < size_bytes + SPARE_BYTES:
        raise StorageFullError("slides")


def find_upload(person_id: PersonId, talk_id: int) -> Upload | None:
    """Return the file that this person has begun to send for the talk."""
    for said in sorted(_folder("uploads").glob(f"{person_id}-{talk_id}-*.json")):
        part = said.with_suffix(".part")
        if part.is_file():
            announced = Announced(**json.loads(said.read_text(encoding="utf-8")))
            key = said.stem.rpartition("-")[2]
            return Upload(key=key, announced=announced, have_bytes=part.stat().st_size)
    return None


def begin(person_id: PersonId, talk_id: int, announced: Announced) -> Upload:
    """Return where to go on with this file; another one that was begun before is given up.

    Raises SlidesTooLargeError, SlidesBrokenError for an empty one, StorageFullError.
    """
    if announced.size_bytes <= 0:
        raise SlidesBrokenError("slides")
    check_room(announced.size_bytes)
    with room_on_disk(), _locked() as folder:
        found = find_upload(person_id, talk_id)
        if found is not None and found.announced == announced:
            return found
        _remove(folder.glob(f"{person_id}-{talk_id}-*"))
        key = secrets.token_hex(16)
        stem = folder / f"{person_id}-{talk_id}-{key}"
        stem.with_suffix(".part").touch(mode=0o600)
        stem.with_suffix(".json").write_text(json.dumps(asdict(announced)), encoding="utf-8")
    return Upload(key=key, announced=announced, have_bytes=0)


def append(person_id: PersonId, talk_id: int, key: str, offset: int, stream: IO[bytes]) -> int:
    """Write a piece that begins at `offset`, and return how many bytes are there now.

    What is there already is passed over, so that a piece sent twice is written once. Raises NotFoundError for a
    key that is not this person's and talk's, UploadGapError, PieceTooLargeError, SlidesTooLargeError, StorageFullError.
    """
    part = _part(person_id, talk_id, key)
    with room_on_disk(), TemporaryFile(dir=_folder("uploads")) as piece:
        # From the network first, however slow it is; only then under the lock.
        if _copy(stream, piece, PIECE_BYTES) > PIECE_BYTES:
            raise PieceTooLargeError
        with _locked():
            return _append(part, offset, piece)


def _append(part: Path, offset: int, piece: IO[bytes]) -> int:
    if not part.is_file():
        raise NotFoundError
    have, length = part.stat().st_size, piece.tell()
    if offset > have:
        raise UploadGapError(have=have)
    if offset + length > _announced(part).size_bytes:
        raise SlidesTooLargeError("slides")
    if offset + length > have:
        piece.seek(have - offset)
        with part.open("ab") as file:
            shutil.copyfileobj(piece, file, _READ_BYTES)
    return part.stat().st_size


def finish(person_id: PersonId, talk_id: int, key: str) -> Placed:
    """Check the whole file and put it in its place. One of a wrong kind is given up.

    Raises NotFoundError, UploadGapError while something is missing, and what `kind_of` raises.
    """
    part = _part(person_id, talk_id, key)
    with _locked():
        if not part.is_file():
            raise NotFoundError
        announced, have = _announced(part), part.stat().st_size
        if have != announced.size_bytes:
            raise UploadGapError(have=have)
        return replace(_place(part, announced.name), part=part)


def take_back(placed: Placed) -> None:
    """Let a placed file be an upload again, so that finishing can be tried once more; one that came whole is deleted."""
    if placed.part is None:
        delete(placed.key)
    else:
        os.replace(path_of(placed.key), placed.part)  # noqa: PTH105 -- says that it replaces, in one step


def settle(placed: Placed) -> None:
    """Forget that the placed file was an upload."""
    if placed.part is not None:
        placed.part.with_suffix(".json").unlink(missing_ok=True)


def receive(stream: IO[bytes], name: str) -> Placed:
    """Keep a file that came whole in one form. Raises what `finish` raises of its kind, SlidesTooLargeError."""
    part = _folder("uploads") / f"{secrets.token_hex(16)}.part"
    try:
        with room_on_disk(), part.open("xb") as file:
            if _copy(stream, file, MOST_BYTES) > MOST_BYTES:
                raise SlidesTooLargeError("slides")
        return _place(part, name)
    finally:
        part.unlink(missing_ok=True)


def _place(part: Path, name: str) -> Placed:
    try:
        kind = kind_of(part)
    except Exception:
        _remove([part, part.with_suffix(".json")])
        raise
    key = f"{secrets.token_hex(16)}.{kind}"
    size_bytes = part.stat().st_size
    os.replace(part, path_of(key))  # noqa: PTH105 -- says that it replaces, in one step
    return Placed(key=key, name=file_name(name, ending=kind, most=MOST_NAME), size_bytes=size_bytes)


def path_of(key: str) -> Path:
    """Return where the file of this key lies, or would; raises NotFoundError for what is no key."""
    if not _KEY.fullmatch(key):
        raise NotFoundError
    return _folder("slides") / key


def delete(key: str) -> None:
    """Forget it; done twice it is done once."""
    path_of(key).unlink(missing_ok=True)


def forget_uploads(person_id: PersonId) -> None:
    """Forget what the person has begun to send."""
    with _locked() as folder:
        _remove(folder.glob(f"{person_id}-*"))


def has_old(keys: Collection[str]) -> bool:
    return bool(_old(keys))


def remove_old(keys: Collection[str]) -> None:
    """Remove uploads of yesterday, and files of slides that no talk names: `keys` are those that one does."""
    with _locked():
        _remove(_old(keys))


def _old(keys: Collection[str]) -> list[Path]:
    before = time.time() - KEPT_S
    candidates = [path for path in _folder("uploads").iterdir() if path.suffix in {".part", ".json"}]
    candidates += [path for path in _folder("slides").iterdir() if path.name not in keys]
    return [path for path in candidates if _written_at(path) < before]


def _written_at(path: Path) -> float:
    """Return when the file was last written, by the part's clock for what is said of it; gone ones are of now."""
    part = path.with_suffix(".part")
    try:
        return (part if part.is_file() else path).stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _part(person_id: PersonId, talk_id: int | TalkId, key: str) -> Path:
    part = _folder("uploads") / f"{person_id}-{talk_id}-{key}.part"
    if not _UPLOAD.fullmatch(key) or not part.is_file():
        raise NotFoundError
    return part


def _announced(part: Path) -> Announced:
    return Announced(**json.loads(part.with_suffix(".json").read_text(encoding="utf-8")))


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> int:
    """Copy until the limit is passed, and return how many bytes there were: more than the limit means too many."""
    copied = 0
    while copied <= limit and (read := source.read(_READ_BYTES)):
        target.write(read)
        copied += len(read)
    return copied


def _remove(paths: "Iterator[Path] | Collection[Path]") -> None:
    for path in list(paths):
        path.unlink(missing_ok=True)
