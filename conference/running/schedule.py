"""The backups that a worker makes by itself: begun by one of all workers, kept by number and age, told when they fail."""

import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.db.work import transact
from conference.privacy.ledger import catch_up, unnoted
from conference.running.backup import SCRATCH, back_up
from conference.running.errors import RunningError
from conference.running.rules import archive_name, is_due, surplus
from conference.running.tables import BackupRow
from conference.web.settings import current_settings

log = logging.getLogger(__name__)
# How often a worker looks whether one is due, and how long one that does not say anything counts as alive.
LOOK_S = 60.0
LEASE = timedelta(minutes=10)
_RENEW_S = 30.0
_NOTES_KEPT = timedelta(days=90)
# What nobody has written to for so long is no backup in the making any more.
_HALF_WRITTEN_S = 3600


class LeaseLostError(Exception):
    """Another worker took the backup over; this one stops, and keeps no file."""


class ScheduledBackups:
    """The backups as a worker sees them. A LongSource: a backup may take minutes, and no mail waits for it."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def claim(self, owner: str) -> list[int]:
        if not current_settings().backup_folder or time.monotonic() < self._rests_until:
            return []
        found = transact(lambda session: _begun(session, owner))
        if not found:
            self._rests_until = time.monotonic() + LOOK_S
        return found

    def run(self, job_id: int, owner: str) -> None:
        """Make the backup and note how it went; then delete the archives that are not kept any more."""
        folder = Path(current_settings().backup_folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            forget_halves(folder)
            target = folder / archive_name(real_now())
            back_up(target, _holding(job_id, owner))
        except LeaseLostError:
            return
        except (RunningError, OSError, SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            reason = _reason(error)
            log.error("backup: %s", reason)  # noqa: TRY400 -- a database's own words may hold values
            _end(job_id, owner, state="failed", reason=reason)
            return
        if _end(job_id, owner, state="done", file=target.name, size_bytes=target.stat().st_size):
            tidy(folder)

    def give_back(self, owner: str) -> int:
        """Let a backup in hand be begun anew by another worker, as if it had failed without a reason of its own."""
        statement = (
            delete(BackupRow)
            .where(BackupRow.lease_owner == owner, BackupRow.state == "running")
            .execution_options(synchronize_session=False)
        )

        def work(session: Session) -> int:
            result = session.execute(statement)
            assert isinstance(result, CursorResult)
            return result.rowcount

        return transact(work)


def _reason(error: Exception) -> str:
    if isinstance(error, RunningError):
        return str(error)[:500]
    if isinstance(error, OSError):
        return f"{error.filename or 'the folder'}: {error.strerror}"[:500]
    return type(error).__name__


def _begun(session: Session, owner: str) -> list[int]:
    """Return the backup that this owner is to make now, if one is due and nobody is at it."""
    now = real_now()
    session.execute(
        update(BackupRow)
        .where(BackupRow.state == "running", BackupRow.lease_until <= now)
        .values(state="failed", ended_at=now, reason="its worker ended while it was made")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(BackupRow).where(BackupRow.begun_at < now - _NOTES_KEPT, BackupRow.state == "failed")
    )
    newest = session.scalars(select(BackupRow).order_by(BackupRow.id.desc()).limit(1)).first()
    done = session.scalars(
        select(BackupRow).where(BackupRow.state == "done").order_by(BackupRow.id.desc()).limit(1)
    ).first()
    if newest is not None and newest.state == "running":
        return []
    failed_at = newest.ended_at if newest is not None and newest.state == "failed" else None
    last_at = done.begun_at if done is not None else None
    if not is_due(last_at, failed_at, now, every_h=current_settings().backup_hours):
        return []
    # Of two workers that come to this together one meets the other's key, looks again, and finds it running.
    key = f"{done.id if done else 0}-{newest.id if newest else 0}"
    row = BackupRow(
        key=key, state="running", begun_at=now, ended_at=None, lease_owner=owner, lease_until=now + LEASE
    )
    session.add(row)
    session.flush()
    return [row.id]


def _holding(job_id: int, owner: str) -> Callable[[int], None]:
    """Return what is called as the archive grows: it holds the lease, and raises LeaseLostError where that is gone."""
    told_at = time.monotonic()

    def say(_bytes: int) -> None:
        nonlocal told_at
        if time.monotonic() < told_at + _RENEW_S:
            return
        told_at = time.monotonic()
        if not _changed(job_id, owner, lease_until=real_now() + LEASE):
            raise LeaseLostError

    return say


def _end(job_id: int, owner: str, **values: object) -> bool:
    return _changed(job_id, owner, ended_at=real_now(), **values)


def _changed(job_id: int, owner: str, **values: object) -> bool:
    """Write the values where the backup is still this owner's; return whether it is."""
    statement = (
        update(BackupRow)
        .where(BackupRow.id == job_id, BackupRow.lease_owner == owner, BackupRow.state == "running")
        .values(values)
        .execution_options(synchronize_session=False)
    )

    def work(session: Session) -> bool:
        result = session.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount == 1

    return transact(work)


def tidy(folder: Path) -> list[str]:
    """Delete the archives that are not kept any more; return what went."""
    settings = current_settings()
    names = [path.name for path in folder.iterdir() if path.is_file()]
    gone = surplus(names, daily=settings.backup_daily, weekly=settings.backup_weekly)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def forget_halves(folder: Path) -> None:
    """Delete what killed workers left, halves of archives and copies of the database: before the next one needs the room."""
    for path in [*folder.glob(".conference-*.part"), *folder.glob(f"{SCRATCH}*")]:
        with suppress(OSError):  # another worker was quicker
            within = path.iterdir() if path.is_dir() else ()
            if max(one.stat().st_mtime for one in (path, *within)) > time.time() - _HALF_WRITTEN_S:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


class LedgerToCatchUp:
    """Erasures that the ledger does not know yet, as a worker sees them: looked for once in ten minutes."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._looked_at + 600:
            return []
        self._looked_at = time.monotonic()
        return [1] if transact(unnoted) else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(catch_up)


backups = ScheduledBackups()
erasures = LedgerToCatchUp()
