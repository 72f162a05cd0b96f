"""Files of slides in the store: on their way in by pieces, and in place by random keys. No database here.

Each piece of an upload is a file of its own, whose name says where it begins and how long it is; what has arrived is
what those cover from the first byte on. So a piece that was cut off, sent twice or sent late is settled without a lock,
whichever machine took it. An upload lies under the numbers of its person and talk, so that no other link reaches it.
"""

import io
import json
import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from conference.core.errors import NoRoomError, NotFoundError
from conference.core.ids import PersonId, TalkId
from conference.core.text import file_name
from conference.speakers.errors import (
    PieceTooLargeError,
    SlidesBrokenError,
    SlidesTooLargeError,
    StorageFullError,
    TooManyPiecesError,
    UploadGapError,
)
from conference.speakers.slide_kinds import MOST_BYTES, kind_of
from conference.web.folder_store import store_errors
from conference.web.store import Kept, store

# Own choice: at 1 Mbit/s a piece takes half a minute, and holds one of the server's threads for that long.
PIECE_BYTES = 4_000_000
# Twenty times as many as a whole file has: lines that break make more, and nobody fills a folder with single bytes.
MOST_PIECES = 1000
KEPT_S = 24 * 3600
MOST_NAME = 200
# The database and the mails need room too.
SPARE_BYTES = 100_000_000
_READ_BYTES = 1 << 16
_UPLOADS, _SLIDES = "speakers/uploads/", "speakers/slides/"
_UPLOAD = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{32}\.(?:pdf|pptx)", re.ASCII)
_PIECE = re.compile(r"speakers/uploads/.+\.(\d{9})-(\d{9})\.part", re.ASCII)


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
    """A checked file in its place. `upload` is how the names of the pieces begin, "" for one that came whole."""

    key: str
    name: str
    size_bytes: int
    upload: str = ""


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Turn a full disk or store into StorageFullError, which names the field."""
    try:
        with store_errors():
            yield
    except NoRoomError as error:
        raise StorageFullError("slides") from error


def check_room(size_bytes: int) -> None:
    """Raise StorageFullError before a file is sent that would not fit, SlidesTooLargeError for one that is never taken."""
    if size_bytes > MOST_BYTES:
        raise SlidesTooLargeError("slides")
    free = store().free_bytes()
    # Pieces and the whole lie there together for a moment.
    if free is not None and free < 2 * size_bytes + SPARE_BYTES:
        raise StorageFullError("slides")


def find_upload(person_id: PersonId, talk_id: int) -> Upload | None:
    """Return the file that this person has begun to send for the talk."""
    there = list(store().listed(f"{_UPLOADS}{person_id}-{talk_id}-"))
    for said in sorted(one.name for one in there if one.name.endswith(".json")):
        stem = said.removesuffix(".json")
        with suppress(NotFoundError):  # given up meanwhile
            announced = _announced(stem)
            return Upload(key=stem[-32:], announced=announced, have_bytes=_have(_pieces(stem, there)))
    return None


def begin(person_id: PersonId, talk_id: int, announced: Announced) -> Upload:
    """Return where to go on with this file; another one that was begun before is given up.

    Raises SlidesTooLargeError, SlidesBrokenError for an empty one, StorageFullError.
    """
    if announced.size_bytes <= 0:
        raise SlidesBrokenError("slides")
    check_room(announced.size_bytes)
    with room_on_disk():
        found = find_upload(person_id, talk_id)
        if found is not None and found.announced == announced:
            return found
        _remove(f"{_UPLOADS}{person_id}-{talk_id}-")
        key = secrets.token_hex(16)
        said = json.dumps(asdict(announced)).encode()
        store().put(f"{_stem(person_id, talk_id, key)}.json", io.BytesIO(said))
    return Upload(key=key, announced=announced, have_bytes=0)


def append(person_id: PersonId, talk_id: int, key: str, offset: int, stream: IO[bytes]) -> int:
    """Write a piece that begins at `offset`, and return how many bytes are there now.

    What is there already is passed over. Raises NotFoundError for a key that is not this person's and talk's,
    UploadGapError, PieceTooLargeError, TooManyPiecesError, SlidesTooLargeError, StorageFullError.
    """
    stem = _stem(person_id, talk_id, key)
    announced = _announced(stem)
    with room_on_disk(), TemporaryFile(dir=store().scratch()) as piece:
        # From the network first, however slow it is.
        if _copy(stream, cast("IO[bytes]", piece), PIECE_BYTES) > PIECE_BYTES:
            raise PieceTooLargeError
        return _append(stem, announced, offset, cast("IO[bytes]", piece))


def _append(stem: str, announced: Announced, offset: int, piece: IO[bytes]) -> int:
    there = _pieces(stem)
    have, end = _have(there), offset + piece.tell()
    if offset > have:
        raise UploadGapError(have=have)
    if end > announced.size_bytes:
        raise SlidesTooLargeError("slides")
    if end > have:
        if len(there) >= MOST_PIECES:
            _remove(stem)
            raise TooManyPiecesError
        piece.seek(have - offset)
        store().put(f"{stem}.{have:09d}-{end - have:09d}.part", piece)
    return max(have, end)


def finish(person_id: PersonId, talk_id: int, key: str) -> Placed:
    """Check the whole file and put it in its place. One of a wrong kind is given up.

    Raises NotFoundError, UploadGapError while something is missing, and what `kind_of` raises.
    """
    stem = _stem(person_id, talk_id, key)
    announced, there = _announced(stem), _pieces(stem)
    have = _have(there)
    if have != announced.size_bytes:
        raise UploadGapError(have=have)
    path = store().scratch() / f"{secrets.token_hex(16)}.part"
    try:
        with room_on_disk(), path.open("xb") as file:
            _join(there, file)
        return _place(path, announced.name, upload=stem)
    finally:
        path.unlink(missing_ok=True)


def _join(there: list[tuple[int, int, str]], target: IO[bytes]) -> None:
    """Write the pieces one behind the other; what two of them hold, sent at the same instant, is written once."""
    for start, end, name in there:
        written = target.tell()
        if end > written:
            with store().open(name, written - start) as piece:
                _copy(piece, target, MOST_BYTES)


def take_back(placed: Placed) -> None:
    """Forget the file in its place: what came by pieces is an upload still, and finishing can be tried once more."""
    delete(placed.key)


def settle(placed: Placed) -> None:
    """Forget that the placed file was an upload."""
    if placed.upload:
        _remove(placed.upload)


def receive(stream: IO[bytes], name: str) -> Placed:
    """Keep a file that came whole in one form. Raises what `finish` raises of its kind, SlidesTooLargeError."""
    path = store().scratch() / f"{secrets.token_hex(16)}.part"
    try:
        with room_on_disk(), path.open("xb") as file:
            if _copy(stream, file, MOST_BYTES) > MOST_BYTES:
                raise SlidesTooLargeError("slides")
        return _place(path, name)
    finally:
        path.unlink(missing_ok=True)


def _place(path: Path, name: str, upload: str = "") -> Placed:
    try:
        kind = kind_of(path)
    except Exception:
        if upload:
            _remove(upload)
        raise
    key = f"{secrets.token_hex(16)}.{kind}"
    size_bytes = path.stat().st_size
    with room_on_disk():
        store().adopt(name_of(key), path)
    named = file_name(name, ending=kind, most=MOST_NAME)
    return Placed(key=key, name=named, size_bytes=size_bytes, upload=upload)


def name_of(key: str) -> str:
    """Return the name under which the file of this key lies in the store; raises NotFoundError for what is no key."""
    if not _KEY.fullmatch(key):
        raise NotFoundError
    return _SLIDES + key


def read(key: str) -> bytes:
    """Return the whole file; raises NotFoundError."""
    with store().open(name_of(key)) as file:
        return file.read()


def delete(key: str) -> None:
    """Forget it; done twice it is done once."""
    store().delete(name_of(key))


def forget_uploads(person_id: PersonId) -> None:
    """Forget what the person has begun to send."""
    _remove(f"{_UPLOADS}{person_id}-")


def has_old(keys: Collection[str]) -> bool:
    return bool(_old(keys))


def remove_old(keys: Collection[str]) -> None:
    """Remove uploads of yesterday, and files of slides that no talk names: `keys` are those that one does."""
    for one in _old(keys):
        store().delete(one.name)


def _old(keys: Collection[str]) -> list[Kept]:
    before = time.time() - KEPT_S
    there = list(store().listed(_UPLOADS))
    newest: dict[str, float] = {}
    for one in there:
        newest[_stem_of(one)] = max(newest.get(_stem_of(one), 0.0), one.written_at)
    # An upload is as old as its last piece.
    found = [one for one in there if newest[_stem_of(one)] < before]
    unnamed = (one for one in store().listed(_SLIDES) if one.key not in keys)
    return found + [one for one in unnamed if one.written_at < before]


def _stem_of(one: Kept) -> str:
    return one.key.partition(".")[0]


def _stem(person_id: PersonId, talk_id: int | TalkId, key: str) -> str:
    """Return how the names of this upload's files begin; raises NotFoundError for what is no key."""
    if not _UPLOAD.fullmatch(key):
        raise NotFoundError
    return f"{_UPLOADS}{person_id}-{talk_id}-{key}"


def _announced(stem: str) -> Announced:
    """Return what was said of the upload; raises NotFoundError."""
    with store().open(f"{stem}.json") as file:
        return Announced(**json.loads(file.read()))


def _pieces(stem: str, there: Iterable[Kept] | None = None) -> list[tuple[int, int, str]]:
    """Return where each piece of the upload begins and ends, and its name, in order."""
    found = []
    for one in store().listed(f"{stem}.") if there is None else there:
        told = _PIECE.fullmatch(one.name)
        if told and one.name.startswith(f"{stem}."):
            found.append((int(told[1]), int(told[1]) + int(told[2]), one.name))
    return sorted(found)


def _have(pieces: Iterable[tuple[int, int, str]]) -> int:
    """Return up to which byte the pieces cover the file without a gap."""
    have = 0
    for start, end, _ in pieces:
        if start <= have:
            have = max(have, end)
    return have


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> int:
    """Copy until the limit is passed, and return how many bytes there were: more than the limit means too many."""
    copied = 0
    while copied <= limit and (read := source.read(_READ_BYTES)):
        target.write(read)
        copied += len(read)
    return copied


def _remove(begins: str) -> None:
    for one in list(store().listed(begins)):
        store().delete(one.name)
