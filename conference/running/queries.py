"""How the backups stand that workers make."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.db.base import db
from conference.running.rules import is_overdue
from conference.running.tables import BackupRow
from conference.web.settings import current_settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The last good backup, and what went wrong since: `failed` tries, the last one's `reason`. Times are real time."""

    last_at: datetime | None
    last_file: str
    last_bytes: int
    failed: int
    reason: str
    is_running: bool


def backups_standing(session: Session | None = None) -> Standing:
    """Return how the scheduled backups stand. Two statements."""
    asked = session or db.session()
    done = asked.scalars(
        select(BackupRow).where(BackupRow.state == "done").order_by(BackupRow.id.desc()).limit(1)
    ).first()
    since = asked.scalars(
        select(BackupRow).where(BackupRow.id > (done.id if done else 0)).order_by(BackupRow.id.desc())
    ).all()
    failed = [row for row in since if row.state == "failed"]
    return Standing(
        last_at=done.begun_at if done else None,
        last_file=done.file if done else "",
        last_bytes=done.size_bytes if done else 0,
        failed=len(failed),
        reason=failed[0].reason if failed else "",
        is_running=any(row.state == "running" for row in since),
    )


def backup_trouble() -> str | None:
    """Return what is wrong with the scheduled backups in a sentence, or None: also where nobody asked for any."""
    settings, standing = current_settings(), backups_standing()
    if standing.failed:
        return f"the last backup failed: {standing.reason}"
    if not settings.backup_folder:
        return None
    if is_overdue(standing.last_at, real_now(), every_h=settings.backup_hours):
        when = (
            f"the last backup is of {standing.last_at:%Y-%m-%d %H:%M} UTC"
            if standing.last_at
            else "no backup was made yet"
        )
        return f"{when}: is a worker running that has CONFERENCE_BACKUP_FOLDER?"
    return None


def count_backup_trouble() -> int:
    """Return 1 where the backups are not well, for the office's first page."""
    return int(backup_trouble() is not None)


def backup_figures() -> dict[str, float]:
    """Return the backups' figures for /readyz and /metrics; -1 for an age where none was ever made."""
    standing = backups_standing()
    age_s = (real_now() - standing.last_at).total_seconds() if standing.last_at else -1.0
    return {
        "last_good_age_s": round(age_s, 0),
        "last_good_bytes": standing.last_bytes,
        "failed_since": standing.failed,
        "trouble": count_backup_trouble(),
    }
