"""Files in a folder of this machine, or of a share that several machines mount."""

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from conference.core.errors import NoRoomError, NotFoundError
from conference.core.full_disk import is_full
from conference.web.store_model import PASSING, Kept, StoreAwayError, checked, is_name

_PIECE = 1 << 18
_HALVES_KEPT_S = 24 * 3600
# Below the folder itself, so that what is written there gets its name in one step.
_SCRATCH = ".scratch"


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn the system's words into NotFoundError, NoRoomError or StoreAwayError."""
    try:
        yield
    except FileNotFoundError:
        raise NotFoundError from None
    except OSError as error:
        raise NoRoomError if is_full(error) else StoreAwayError from error


class FolderStore:
    """A store in a folder, whose files only the application's own account can read."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def put(self, name: str, source: IO[bytes]) -> int:
        """Write what the source holds, whole or not at all, instead of what was there; return how many bytes."""
        half = self.scratch() / f"{secrets.token_hex(16)}.part"
        try:
            with store_errors(), open(half, "xb", opener=for_us) as file:
                shutil.copyfileobj(source, file, _PIECE)
                size_bytes = file.tell()
            self.adopt(name, half)
        finally:
            half.unlink(missing_ok=True)
        return size_bytes

    def adopt(self, name: str, path: Path) -> None:
        """Let a file of `scratch` have this name; it is gone from there."""
        with store_errors():
            path.chmod(0o600)
            self._rename(path, name)

    def open(self, name: str, start: int = 0, length: int | None = None) -> IO[bytes]:
        """Return the file from a byte on; `length` is a hint, and more may come. Raises NotFoundError."""
        del length
        with store_errors():
            file = self._path(name).open("rb")
        file.seek(start)
        return file

    def find(self, name: str) -> Kept | None:
        """Return what is known of the file, None where there is none."""
        path = self._path(name)
        try:
            with store_errors():
                return _kept(name, path)
        except NotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Forget the file; done twice it is done once."""
        path = self._path(name)
        with suppress(NotFoundError), store_errors():
            path.unlink(missing_ok=True)

    def move(self, name: str, new: str) -> None:
        """Give the file another name. Raises NotFoundError."""
        source = self._path(name)
        with store_errors():
            self._rename(source, new)

    def listed(self, begins: str) -> Iterator[Kept]:
        """Yield each file whose name begins so, in no order; what comes or goes meanwhile may be missing."""
        folder = self._root / begins.rpartition("/")[0]
        with suppress(NotFoundError), store_errors():
            for path in _files(folder):
                name = path.relative_to(self._root).as_posix()
                if name.startswith(begins) and is_name(name):
                    with suppress(FileNotFoundError):
                        yield _kept(name, path)

    def at_hand(self, name: str) -> Path:
        """Return where the file lies, for a library that wants a path. Raises NotFoundError."""
        path = self._path(name)
        if not path.is_file():
            raise NotFoundError
        return path

    def scratch(self) -> Path:
        """Return a folder for files in the making, which `adopt` then names."""
        folder = self._root / _SCRATCH
        with store_errors():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def free_bytes(self) -> int | None:
        with store_errors():
            return shutil.disk_usage(self.scratch()).free

    def is_untidy(self) -> bool:
        """Return whether there is something for `tidy`."""
        return bool(self._halves())

    def tidy(self) -> None:
        """Delete what processes that were killed left in the making."""
        for path in self._halves():
            path.unlink(missing_ok=True)

    def _halves(self) -> list[Path]:
        return older_than(self.scratch(), _HALVES_KEPT_S)

    def trouble(self) -> str | None:
        """Return why files cannot be kept here, in words without a person's data; None where they can."""
        probe = None
        try:
            with store_errors():
                probe = self.scratch() / f"{secrets.token_hex(8)}.probe"
                probe.write_bytes(b"conference")
        except (StoreAwayError, NoRoomError, NotFoundError) as error:
            cause = error.__cause__
            why = cause.strerror if isinstance(cause, OSError) else "it is not there"
            return f"the folder {self._root} cannot be written: {why}"
        finally:
            if probe is not None:
                with suppress(OSError):
                    probe.unlink(missing_ok=True)
        return None

    def _rename(self, path: Path, name: str) -> None:
        """Let what lies there have this name, which it has after a power cut too, unless the name is a passing one."""
        target = self._path(name)
        changed = [target.parent, *(one.parent for one in self._missing(target.parent))]
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if name.startswith(PASSING):
            changed = []
        else:
            _sync(path)
        os.replace(path, target)  # noqa: PTH105 -- says that it replaces, in one step
        for folder in changed:
            _sync_folder(folder)

    def _missing(self, folder: Path) -> Iterator[Path]:
        """Yield the folders of ours that are to be made for this one, the innermost first."""
        while folder != self._root and not folder.is_dir():
            yield folder
            folder = folder.parent

    def _path(self, name: str) -> Path:
        return self._root / checked(name)


def older_than(folder: Path, seconds: float) -> list[Path]:
    """Return what lies in the folder and was written longer ago than that."""
    before, found = time.time() - seconds, []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                found.append(path)
    return found


def _sync(path: Path) -> None:
    """Wait for the disk: whoever was told that a file is kept finds it after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    try:
        _sync(folder)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # of a share that syncs no folders
            raise


def for_us(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _kept(name: str, path: Path) -> Kept:
    facts = path.stat()
    return Kept(name=name, size_bytes=facts.st_size, written_at=facts.st_mtime)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below the folder, without links and what begins with a dot; nothing where there is none."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            else:
                yield Path(entry.path)
