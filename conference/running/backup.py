"""One archive of all that cannot be made anew: the database, the uploaded files, and the ledger of erasures."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from sqlalchemy import inspect, make_url

from conference.config import Settings
from conference.core.errors import NotFoundError
from conference.core.full_disk import is_full
from conference.core.sealing import fingerprint, keys_in
from conference.db.base import db
from conference.db.work import transact
from conference.privacy.ledger import as_text, catch_up, known_lines, salt
from conference.running import postgres_copy, sqlite_copy
from conference.running.archive import Say, Writer, written
from conference.running.errors import RunningError, no_room
from conference.running.model import DATABASES, ERASURES, FILES, Manifest, Snapshot
from conference.web.settings import current_settings
from conference.web.store import Kept, StoreAwayError, is_s3, store_of

# Made anew when they are wanted, or only on their way in; every other folder of the instance folder is saved.
_NOT_SAVED = {
    "fonts",
    "mailbox",
    "imports",
    "metrics",
    "previews",
    "public-papers",
    "checks",
    "scratch",
    "erasures",
}
# How the folder begins in which the database is copied before it is packed.
SCRATCH = ".backup-"
_ON_THEIR_WAY = ("speakers/uploads/",)


class Copier(Protocol):
    """How a kind of database is copied and put back."""

    def copied(self, url: str, target: Path, say: Callable[[int], None]) -> Snapshot: ...
    def found_there(self, url: str) -> str | None: ...
    def counts(self, url: str) -> dict[str, int]: ...


def kind_of(url: str) -> str:
    """Return "sqlite" or "postgresql"."""
    return make_url(url).get_backend_name()


def copier_of(url: str) -> Copier:
    """Return the module that copies this database."""
    return sqlite_copy if kind_of(url) == "sqlite" else postgres_copy


def key_prints(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the fingerprints of the keys that are set, by what they are for."""
    secret = keys_in(f"{settings.secret_key},{settings.old_secret_keys}")
    return {
        "secret": tuple(map(fingerprint, secret)),
        "encryption": tuple(map(fingerprint, keys_in(settings.encryption_key))),
    }


def uploads(settings: Settings) -> Iterator[Kept]:
    """Yield each file of the store that cannot be made anew, by its name there."""
    root = (Path(settings.uploads) if settings.uploads else settings.instance).resolve()
    apart = Path(settings.backup_folder).resolve() if settings.backup_folder else None
    within = (
        ""
        if is_s3(settings) or apart is None or root not in apart.parents
        else f"{apart.relative_to(root).as_posix()}/"
    )
    for one in sorted(store_of(settings).listed(""), key=lambda kept: kept.name):
        is_saved = one.name.partition("/")[0] not in _NOT_SAVED and not one.name.startswith(_ON_THEIR_WAY)
        # However deep it lies: else each backup would hold the one before.
        is_backup = bool(within) and one.name.startswith(within)
        if is_saved and not is_backup and not one.name.endswith(".part"):
            yield one


def back_up(target: Path, say: Say) -> Manifest:
    """Write the archive while the site runs, and return what it says of itself.

    The database comes first and the files after it: a file that comes meanwhile is named by nothing yet, one that goes
    is named by nothing any more. Raises RunningError, and then there is no file.
    """
    try:
        return _written(target, say)
    except OSError as error:
        if not is_full(error):
            raise
        raise no_room(target.parent) from error


def _written(target: Path, say: Say) -> Manifest:
    settings = current_settings()
    if not target.parent.is_dir():
        raise RunningError(f"There is no folder {target.parent}: make it first.")
    url, kind = settings.database_url, kind_of(settings.database_url)
    # Beside the archive, where there is room for it, and readable by its owner alone.
    with (
        tempfile.TemporaryDirectory(dir=target.parent, prefix=SCRATCH) as folder,
        written(target, say) as writer,
    ):
        ledger = _ledger().encode()
        writer.add(ERASURES, io.BytesIO(ledger), len(ledger))
        copy = Path(folder) / DATABASES[kind]
        snapshot = copier_of(url).copied(url, copy, lambda _more: say(0))
        writer.add_path(DATABASES[kind], copy)
        copy.unlink()
        _add_uploads(writer, settings)
        manifest = Manifest(
            application=version("conference-office"),
            migration=snapshot.migration,
            taken_at=snapshot.taken_at,
            database=kind,
            server=snapshot.server,
            counts=snapshot.counts,
            members=dict(writer.members),
            keys=key_prints(settings),
        )
        writer.finish(manifest)
    return manifest


def _add_uploads(writer: Writer, settings: Settings) -> None:
    """Add the files of the store as they are now, without those that are gone; raises RunningError where it is away."""
    try:
        for one in uploads(settings):
            with suppress(NotFoundError), store_of(settings).open(one.name) as file:
                writer.add(FILES + one.name, file, one.size_bytes)
    except StoreAwayError as error:
        raise RunningError(
            "The store of files does not answer: `conference doctor` says more. Try again."
        ) from error


def _ledger() -> str:
    """Return the ledger of erasures; a database of an earlier version may have no table for it yet."""
    if inspect(db.engine).has_table("erasure_salt"):
        # Without its salt nobody could be found again in this archive.
        transact(salt)
        transact(catch_up)
    return as_text(known_lines())
