"""What must be forgotten again when a backup is put back: a file of lines that outlives the database.

Each erasure, and each merging of two records, adds a line to `erasures.jsonl` in the instance folder, and in the
folder of backups where there is one. A line holds a moment and a salted hash of the person's number, nothing else;
the salt lies in the database and so in each of its backups, and the lines say nothing to whoever has none of them.
"""

import errno
import hashlib
import json
import logging
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import PersonId, new_token
from conference.db.work import after_commit
from conference.privacy.shared_ledger import share, shared_texts
from conference.privacy.tables import ErasureRow, ErasureSaltRow
from conference.web.settings import current_settings
from conference.web.store import is_s3

log = logging.getLogger(__name__)
NAME = "erasures.jsonl"
# What two machines' clocks may differ by: an erasure that a backup has already is done again, which changes nothing.
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """`kind` is "erased"; "merged", and then `into` says with whom; or "restored", when a backup was put back."""

    at: datetime
    kind: str
    who: str = ""
    into: str = ""


def _text(line: Line) -> str:
    told = {"at": line.at.isoformat(), line.kind: line.who} | ({"into": line.into} if line.into else {})
    return json.dumps(told) + "\n"


def read_lines(text: str) -> set[Line]:
    """Return the lines; one that a dying machine left half is passed over, since the next erasures stand behind it."""
    found = set()
    for one in filter(None, text.splitlines()):
        try:
            told = json.loads(one)
            at = datetime.fromisoformat(told["at"])
            kind = next(kind for kind in ("erased", "merged", "restored") if kind in told)
            line = Line(at=at, kind=kind, who=str(told[kind]), into=str(told.get("into", "")))
        except (ValueError, KeyError, TypeError, StopIteration):
            log.warning("a line of the ledger of erasures cannot be read, and was passed over")
            continue
        if at.tzinfo is not None:
            found.add(line)
    return found


def ledger_paths() -> list[Path]:
    """Return where the ledger is written: the instance folder, and the folders of backups and uploads where they are set."""
    settings = current_settings()
    more = [settings.backup_folder, "" if is_s3(settings) else settings.uploads]
    folders = [settings.instance, *(Path(one) for one in more if one)]
    return [folder / NAME for folder in folders]


def known_lines(more: Iterable[Path] = ()) -> set[Line]:
    """Return the lines of every ledger that is there, and of those named."""
    found: set[Line] = set().union(*map(read_lines, shared_texts()))
    for path in [*ledger_paths(), *more]:
        if path.is_file():
            found |= read_lines(path.read_text(encoding="utf-8"))
    return found


def as_text(lines: Collection[Line]) -> str:
    """Return the lines in the order of their moments, as a ledger holds them."""
    return "".join(_text(one) for one in sorted(lines, key=lambda one: (one.at, one.kind, one.who)))


def append(lines: Sequence[Line]) -> None:
    """Add the lines to each ledger, on the disk when this returns. Raises OSError where none could be written."""
    # With what the bucket missed while it was away.
    if is_s3(current_settings()):
        shared = set().union(*map(read_lines, shared_texts()))
        share(as_text((known_lines() | set(lines)) - shared), real_now())
    text = as_text(lines).encode()
    failed: OSError | None = None
    paths = ledger_paths()
    for path in paths:
        try:
            _append_to(path, text)
        except OSError as error:
            log.error("the ledger of erasures cannot be written: %s", error.strerror)  # noqa: TRY400 -- its reason is all
            failed = error
    if failed is not None and len(paths) == 1:
        raise failed


def _append_to(path: Path, text: bytes) -> None:
    """Add the text, on a line of its own: a dying machine may have left half a line before it. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            text = b"\n" + text
        if os.write(descriptor, text) != len(text):  # one write: two processes never mix their lines
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def salt(session: Session) -> str:
    """Return this database's salt, made once. Two who make it at one instant are settled by `transact`."""
    found = session.get(ErasureSaltRow, 1)
    if found is None:
        found = ErasureSaltRow(id=1, salt=new_token())
        session.add(found)
        session.flush()
    return found.salt


def hashed(salt_word: str, person_id: int) -> str:
    """Return what a ledger calls the person."""
    return hashlib.sha256(f"conference-erasure\0{salt_word}\0{person_id}".encode()).hexdigest()


def note_erasure(session: Session, person_id: PersonId) -> None:
    """Add the person's line once this transaction is committed; what a full disk keeps out `catch_up` adds later."""
    after_commit(session, partial(_note, "erased", hashed(salt(session), person_id), ""))


def note_merging(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Add a line for two records that become one: whoever erases the one that stays means the other too."""
    word = salt(session)
    after_commit(session, partial(_note, "merged", hashed(word, gone), hashed(word, kept)))


def _note(kind: str, who: str, into: str) -> None:
    try:
        append([Line(at=real_now(), kind=kind, who=who, into=into)])
    except OSError:
        log.error("an erasure is not in the ledger yet; the next backup tries again")  # noqa: TRY400 -- told above


def note_restoring(taken_at: datetime) -> None:
    """Add the line after which the database goes on from a backup: what came before was applied to it."""
    append([Line(at=real_now(), kind="restored", who=taken_at.isoformat())])


def unnoted(session: Session) -> list[str]:
    """Return what the ledger would call those whose erasure the database knows and the ledger does not."""
    ids = sorted(erased_ids(session))
    if not ids:
        return []
    word = salt(session)
    known = {one.who for one in known_lines() if one.kind == "erased"}
    return [name for one in ids if (name := hashed(word, one)) not in known]


def catch_up(session: Session) -> int:
    """Add the erasures that the database knows and the ledger does not; return how many."""
    missing = unnoted(session)
    if missing:
        append([Line(at=real_now(), kind="erased", who=one) for one in missing])
    return len(missing)


def erased_ids(session: Session) -> set[int]:
    """Return who was erased, as this database knows."""
    return set(session.scalars(select(ErasureRow.person_id)))


def to_erase(lines: Collection[Line], taken_at: datetime) -> frozenset[str]:
    """Return what the ledger calls everybody who was erased after a backup was taken, merged records included.

    Numbers are given anew after a restore, so what stands before the last restore that the backup has behind it counts no more.
    """
    begun = max((one.at for one in lines if one.kind == "restored" and one.at <= taken_at), default=None)
    since = taken_at - _CLOCKS_DIFFER
    if begun is not None:
        since = max(since, begun)
    found = {one.who for one in lines if one.kind == "erased" and one.at >= since}
    merged = [one for one in lines if one.kind == "merged" and one.at >= taken_at]
    while more := {one.who for one in merged if one.into in found} - found:
        found |= more
    return frozenset(found)
