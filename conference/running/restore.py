"""Putting an archive back into an empty place, and forgetting again who was erased since."""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import flask_migrate
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app

from conference.accounts.restoring import Ended, end_every_access
from conference.api.restoring import revoke_brought_back
from conference.audit.heads import go_on_from_here
from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.config import Settings
from conference.core.clock import clock, real_now
from conference.core.ids import PersonId, new_token
from conference.db.base import db
from conference.db.migrations import migrations_are_current
from conference.db.standing import renew_token
from conference.db.work import transact
from conference.mail.restoring import hold_unsent
from conference.people.queries import person_ids
from conference.privacy.ledger import (
    Line,
    append,
    erased_ids,
    hashed,
    known_lines,
    note_restoring,
    read_lines,
    salt,
    to_erase,
)
from conference.privacy.service import erase_again
from conference.running import postgres_copy, sqlite_copy
from conference.running.archive import Say, copied, first_member, members, read_errors, verified, whole
from conference.running.backup import copier_of, key_prints, kind_of, uploads
from conference.running.errors import RunningError
from conference.running.model import DATABASES, ERASURES, FILES, MANIFEST, Manifest
from conference.running.rules import different_counts, missing_keys, moment_of
from conference.web.registry import invariants
from conference.web.settings import current_settings
from conference.web.store import Store, StoreAwayError, store_of

MARK = "restore-unfinished"
# What the history says of a restore.
NOTED = "put back from a backup"
Tell = Callable[[str], object]


@dataclass(slots=True)
class Restored:
    """What came of a restore: who was erased again, where they still have a part, mails held, and what is not well.

    `ended` and `tokens` are the ways in that the backup brought back, and that count no longer.
    """

    manifest: Manifest
    files: int = 0
    erased: int = 0
    parts_left: list[str] = field(default_factory=list)
    mails_held: int = 0
    ended: Ended = field(default_factory=Ended)
    tokens: int = 0
    warnings: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def require_empty(settings: Settings) -> None:
    """Raise RunningError that names what stands where a backup is to be put, and the remedy."""
    there = copier_of(settings.database_url).found_there(settings.database_url)
    if there:
        raise RunningError(
            f"A backup is put into an empty place only, and {there}. Stop the site, move it away or name another "
            "place in CONFERENCE_DATABASE_URL, and begin again."
        )
    names = [one.name for one in uploads(settings)]
    if names and settings.uploads:
        raise RunningError(
            f"A backup is put into an empty place only, and {settings.uploads} holds {len(names)} uploaded files "
            f"({names[0]} …). Name another place in CONFERENCE_UPLOADS, and begin again."
        )
    if names:
        raise RunningError(
            f"A backup is put into an empty place only, and {settings.instance} holds {len(names)} uploaded files "
            f"({names[0]} …). Move that folder away, but keep its erasures.jsonl, or name another in CONFERENCE_INSTANCE."
        )


def unfinished(settings: Settings) -> str | None:
    """Return what to do about a restore that was broken off, or None."""
    if not (settings.instance / MARK).exists():
        return None
    return (
        f"a restore into {settings.instance} was broken off: empty the database and that folder, keep its "
        "erasures.jsonl, and run `conference restore` again"
    )


def restore_is_done() -> str | None:
    """Return why the site is not ready after a restore that was broken off, or None.

    Everybody may read it: folders are named by `conference doctor` alone.
    """
    if unfinished(current_settings()) is None:
        return None
    return "a restore was broken off: `conference doctor` says what to do"


def restore(path: Path, ledgers: Iterable[Path], say: Say, tell: Tell) -> Restored:
    """Put the archive back and return what came of it. Nothing is written before every checksum was compared.

    `ledgers` are more files of erasures, or later archives. Raises RunningError.
    """
    settings = current_settings()
    if not path.is_file():
        raise RunningError(f"There is no archive {path}.")
    require_empty(settings)
    tell(f"Comparing the checksums of {path} …")
    manifest = verified(path, say).manifest
    _require_fitting(manifest, settings)
    _require_room(manifest, settings)
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = settings.instance / MARK
    mark.write_text(json.dumps({"archive": path.name}), encoding="utf-8")
    done = Restored(manifest=manifest, warnings=_other_keys(manifest, settings))
    tell(f"Writing the {manifest.database} database and the files …")
    with read_errors(path):
        lines = _written(path, manifest, settings, done, say)
    _require_same(manifest, settings)
    tell("Moving the database up to this version's migrations …")
    flask_migrate.upgrade()
    lines |= known_lines() | _lines_beside(path) | _lines_of(ledgers)
    tell("Erasing again who was erased since …")
    _forget(lines, done)
    tell("Ending sign-ins, links, desk codes and API tokens that it brought back …")
    done.ended = transact(lambda session: end_every_access(session, now=real_now()))
    done.tokens = transact(lambda session: revoke_brought_back(session, now=real_now()))
    done.mails_held = transact(hold_unsent)
    transact(renew_token)
    _go_on_with_the_history(manifest)
    append(sorted(lines - known_lines(), key=lambda one: one.at))
    note_restoring(manifest.taken_at)
    done.broken += broken_invariants()
    mark.unlink()
    return done


def _go_on_with_the_history(manifest: Manifest) -> None:
    """Note the restore in the history, and let what is kept beside the database end where the backup does."""
    reason = f"{manifest.taken_at:%Y-%m-%d %H:%M} UTC"
    transact(
        lambda session: record(session, actor=BY_SYSTEM, action=NOTED, about=("history", 0), reason=reason)
    )
    go_on_from_here()


def broken_invariants() -> list[str]:
    """Return a sentence for each thing that should always be true of the data and is not."""
    found = [f"{name}: {said}" for name, check in invariants.items() if (said := check())]
    waiting = migrations_are_current()
    return [*found, *([f"migrations: {waiting}"] if waiting else [])]


def _require_fitting(manifest: Manifest, settings: Settings) -> None:
    kind = kind_of(settings.database_url)
    if manifest.database != kind:
        raise RunningError(
            f"The backup is of {manifest.database}, and CONFERENCE_DATABASE_URL names {kind}: name an empty "
            f"{manifest.database} database there."
        )
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    try:
        known = manifest.migration == "none" or scripts.get_revision(manifest.migration) is not None
    except CommandError:
        known = False
    if not known:
        raise RunningError(
            f"The backup is of a later version ({manifest.application}, migration {manifest.migration}; this one ends "
            f"at {scripts.get_current_head()}): install that version, and begin again."
        )
    if kind == "postgresql":
        postgres_copy.require_server(settings.database_url, manifest.server)


def _require_room(manifest: Manifest, settings: Settings) -> None:
    """Raise RunningError where the archive's members would not fit on the disks of the database and of the files."""
    for folder, needed in _needed(manifest, settings):
        free = free_bytes(folder)
        if free < needed:
            raise RunningError(
                f"The backup takes {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free for {folder}: "
                "make room, and begin again."
            )


def _needed(manifest: Manifest, settings: Settings) -> list[tuple[Path, int]]:
    """Return each folder that is written to, with the bytes that it needs; on one disk they need them together.

    A PostgreSQL server's own disk may be another machine's; the dump lies in the instance folder until it is read.
    """
    whole = sum(one.size_bytes for one in manifest.members.values())
    if manifest.database != "sqlite":
        return [(settings.instance, whole)]
    apart = sqlite_copy.path_of(settings.database_url).parent
    if _device(apart) == _device(settings.instance):
        return [(settings.instance, whole)]
    of_database = manifest.members[DATABASES["sqlite"]].size_bytes
    return [(settings.instance, whole - of_database), (apart, of_database)]


def _other_keys(manifest: Manifest, settings: Settings) -> list[str]:
    """Return what the keys that are set now cannot do for what is brought back."""
    present, told = key_prints(settings), []
    if manifest.keys.get("secret", ())[:1] and missing_keys(manifest.keys["secret"][:1], present["secret"]):
        told.append(
            "CONFERENCE_SECRET_KEY is not the backup's: personal links in mails sent so far do not work until it is "
            "set there, or in CONFERENCE_OLD_SECRET_KEYS."
        )
    if missing_keys(manifest.keys.get("encryption", ()), present["encryption"]):
        told.append(
            "Not every key of the backup is in CONFERENCE_ENCRYPTION_KEY: what they sealed stays shut until they are."
        )
    return told


def _written(path: Path, manifest: Manifest, settings: Settings, done: Restored, say: Say) -> set[Line]:
    """Write the members and return the ledger's lines.

    Every checksum was compared before. Each file's is once more, since the archive may be replaced meanwhile; the database is
    not read a second time for it: its rows are counted and its references followed by `_require_same`.
    """
    lines: set[Line] = set()
    for name, size_bytes, content in members(path):
        if name == ERASURES:
            lines = read_lines(whole(path, name, content).decode(errors="replace"))
        elif name == DATABASES[manifest.database]:
            _put_database(settings, manifest.server, content)
        elif name.startswith(FILES):
            _put_file(store_of(settings), name.removeprefix(FILES), content, manifest.members[name].sha256)
            done.files += 1
        elif name != MANIFEST:
            raise RunningError(
                f"{path} holds {name}, which this version does not know: use the version that made it."
            )
        say(size_bytes)
    return lines


def _put_database(settings: Settings, made_by: str, content: IO[bytes]) -> None:
    if kind_of(settings.database_url) == "sqlite":
        sqlite_copy.put_back(settings.database_url, content)
    else:
        postgres_copy.put_back(settings.database_url, content, settings.instance, made_by)


def _put_file(place: Store, name: str, content: IO[bytes], sha256: str) -> None:
    """Write the file into the store once it is whole and right; raises RunningError."""
    path = place.scratch() / f"{new_token()}.part"
    try:
        with path.open("xb") as file:
            if copied(content, file.write) != sha256:
                raise RunningError(f"The archive changed while it was read ({name}): begin again.")
        place.adopt(name, path)
    except StoreAwayError as error:
        raise RunningError(
            "The store of files does not answer: `conference doctor` says more. Empty what was restored, and begin again."
        ) from error
    finally:
        path.unlink(missing_ok=True)


def _require_same(manifest: Manifest, settings: Settings) -> None:
    """Raise RunningError unless each table has as many rows as when it was copied."""
    different = different_counts(
        manifest.counts, copier_of(settings.database_url).counts(settings.database_url)
    )
    if manifest.database == "sqlite" and (broken := sqlite_copy.broken_references(settings.database_url)):
        different.append(f"{broken} rows refer to rows that are not there")
    if different:
        raise RunningError(
            f"What was put back is not what was saved: {'; '.join(different[:5])}. Use another archive."
        )


def _lines_beside(path: Path) -> set[Line]:
    """Return the erasures that later archives of the same folder know, and the ledger that lies there."""
    beside = [one for one in path.parent.iterdir() if moment_of(one.name) is not None and one != path]
    ledger = path.parent / ERASURES
    return _lines_of([*beside, *([ledger] if ledger.is_file() else [])])


def _lines_of(ledgers: Iterable[Path]) -> set[Line]:
    found: set[Line] = set()
    for one in ledgers:
        if one.name.endswith(".jsonl"):
            found |= read_lines(one.read_text(encoding="utf-8"))
            continue
        name, content = first_member(one)
        found |= read_lines(content.decode()) if name == ERASURES else set()
    return found


def _forget(lines: set[Line], done: Restored) -> None:
    """Erase whom the ledger names after the backup, each in a transaction of its own."""
    wanted = to_erase(lines, done.manifest.taken_at)
    if not wanted:
        return
    if not done.manifest.counts.get("erasure_salt"):
        done.broken.append(
            f"{len(wanted)} people were erased since, and this backup is of a version that cannot tell who: erase them by hand"
        )
        return
    word = transact(salt)
    known = erased_ids(db.session())
    everybody = person_ids(db.session())
    db.session.rollback()
    for person_id in everybody:
        if person_id not in known and hashed(word, person_id) in wanted:
            done.parts_left += _forgotten(person_id)
            done.erased += 1


def _forgotten(person_id: PersonId) -> list[str]:
    titles = transact(lambda session: erase_again(session, person_id, now=clock.now()))
    return [titles] if titles else []


def free_bytes(folder: Path) -> int:
    """Return how much room there is for files in the folder, or in the nearest one above it that exists."""
    return shutil.disk_usage(_nearest(folder)).free


def _device(folder: Path) -> int:
    return _nearest(folder).stat().st_dev


def _nearest(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
