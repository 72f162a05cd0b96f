"""Archives: a tar, compressed by gzip, whose members are read and written as they come. Knows no database."""

import gzip
import hashlib
import io
import os
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from conference.running.errors import RunningError
from conference.running.model import MANIFEST, Found, Manifest, Member
from conference.running.rules import is_safe_name, manifest_text, read_manifest

# gzip's levels: 3 packs a database to a fifth, in a third of the time of 6.
_LEVEL = 3
_PIECE = 1 << 18
# What is read into memory as a whole, manifest and ledger: a hundred times what the largest conference has.
MOST_READ_BYTES = 64_000_000
Say = Callable[[int], None]


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, inner: IO[bytes], say: Say) -> None:
        self._inner = inner
        self._say = say
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._inner.read(size)
        self.digest.update(piece)
        self._say(len(piece))
        return piece


class Writer:
    """Adds members to an archive, and remembers their checksums."""

    def __init__(self, tar: tarfile.TarFile, say: Say) -> None:
        self._tar = tar
        self._say = say
        self.members: dict[str, Member] = {}

    def add(self, name: str, file: IO[bytes], size_bytes: int) -> None:
        """Add so many bytes of the file; raises OSError for one that has become shorter."""
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size_bytes, 0o600, int(time.time())
        hashed = _Hashed(file, self._say)
        self._tar.addfile(head, hashed)
        self.members[name] = Member(sha256=hashed.digest.hexdigest(), size_bytes=size_bytes)

    def add_path(self, name: str, path: Path) -> bool:
        """Add a file as long as it is now; False where it is gone."""
        try:
            with path.open("rb") as file:
                self.add(name, file, os.fstat(file.fileno()).st_size)
        except FileNotFoundError:
            return False
        return True

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, which is last."""
        text = manifest_text(manifest).encode()
        self.add(MANIFEST, io.BytesIO(text), len(text))


@contextmanager
def written(target: Path, say: Say) -> Iterator[Writer]:
    """Yield a writer of an archive that appears under its name, whole and on the disk, at the end, or not at all.

    Only its owner can read it. Raises RunningError where there is a file of that name already.
    """
    _refuse_existing(target)
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(half, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            with tarfile.open(
                fileobj=file, mode="w:gz", compresslevel=_LEVEL, format=tarfile.PAX_FORMAT
            ) as tar:
                yield Writer(tar, say)
            file.flush()
            os.fsync(file.fileno())
        _place(half, target)
        _sync_folder(target.parent)
    except FileExistsError:
        _refuse_existing(target)
        raise
    finally:
        half.unlink(missing_ok=True)


def _place(half: Path, target: Path) -> None:
    """Give the file its name; raises FileExistsError. A link fails where a rename would replace what came meanwhile."""
    try:
        os.link(half, target)
    except FileExistsError:
        raise
    except OSError:  # a share that knows no links
        _refuse_existing(target)
        half.rename(target)


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise RunningError(f"{target} is there already: choose another name, or move it away.")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def read_errors(path: Path) -> Iterator[None]:
    """Turn what a damaged archive raises into its sentence."""
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RunningError(
            f"{path} is damaged or was cut short ({type(error).__name__}): use another archive."
        ) from error


def members(path: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Yield each member's name, length and content, in the archive's order; to be called within `read_errors`."""
    # Over the gzip module, which compares the checksum at the very end; tarfile's own reader does not.
    with gzip.open(path) as raw, tarfile.open(fileobj=raw, mode="r|") as tar:
        for head in tar:
            content = tar.extractfile(head) if head.isreg() else None
            if content is None or not is_safe_name(head.name):
                raise RunningError(f"{path} holds {head.name!r}, which no backup has: use another archive.")
            yield head.name, head.size, content
        while raw.read(_PIECE):
            pass


def whole(path: Path, name: str, content: IO[bytes]) -> bytes:
    """Return a member's content; raises RunningError for one that no backup has, and that could fill the memory."""
    text = content.read(MOST_READ_BYTES + 1)
    if len(text) > MOST_READ_BYTES:
        raise RunningError(f"{path}: {name} is longer than any backup's: use another archive.")
    return text


def copied(content: IO[bytes], write: Callable[[bytes], object]) -> str:
    """Hand the content on piece by piece, and return its SHA-256 in hexadecimal digits."""
    digest = hashlib.sha256()
    while piece := content.read(_PIECE):
        digest.update(piece)
        write(piece)
    return digest.hexdigest()


def verified(path: Path, say: Say) -> Found:
    """Return the archive's manifest once every member was read and has its checksum; raises RunningError."""
    with read_errors(path):
        manifest, found = _read_whole(path, say)
    _compare(path, manifest, found)
    return Found(manifest=manifest, size_bytes=path.stat().st_size)


def _read_whole(path: Path, say: Say) -> tuple[Manifest, dict[str, Member]]:
    found: dict[str, Member] = {}
    text = b""
    for name, size_bytes, content in members(path):
        if name == MANIFEST:
            text = whole(path, name, content)
            continue
        digest = copied(content, lambda piece: say(len(piece)))
        if name in found:
            raise RunningError(f"{path} holds {name} twice: use another archive.")
        found[name] = Member(sha256=digest, size_bytes=size_bytes)
    if not text:
        raise RunningError(f"{path} has no manifest: it is no backup, or was cut short. Use another archive.")
    return read_manifest(text), found


def _compare(path: Path, manifest: Manifest, found: dict[str, Member]) -> None:
    wrong = sorted(
        name for name in {*found, *manifest.members} if found.get(name) != manifest.members.get(name)
    )
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""  # noqa: PLR2004 -- as many as fit a line
        raise RunningError(
            f"{path}: {', '.join(wrong[:3])}{more} differ from the manifest: the archive was damaged or changed. "
            "Use another one."
        )


def first_member(path: Path) -> tuple[str, bytes]:
    """Return the name and the content of the first member, without reading the rest."""
    with read_errors(path):
        for name, _, content in members(path):
            return name, whole(path, name, content)
    raise RunningError(f"{path} is empty: use another archive.")
