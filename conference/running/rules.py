"""How archives are named and kept, and what their manifests say. Pure."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from conference.running.errors import RunningError
from conference.running.model import FORMAT, LEFT_OUT, ON_RESTORE, Manifest, Member

_NAME = re.compile(r"conference-(\d{8}T\d{6}Z)\.tar\.gz", re.ASCII)
# After a backup that failed, the next try waits so long.
AGAIN = timedelta(minutes=15)
_STAMP = "%Y%m%dT%H%M%SZ"


def archive_name(taken_at: datetime) -> str:
    """Return the name of a scheduled archive, as in conference-20220905T060000Z.tar.gz."""
    return f"conference-{taken_at.astimezone(UTC):{_STAMP}}.tar.gz"


def moment_of(name: str) -> datetime | None:
    """Return the moment in an archive's name; None for a file that no schedule made."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def surplus(names: Iterable[str], *, daily: int, weekly: int) -> list[str]:
    """Return which archives may go: all but the newest of each of the last `daily` days and `weekly` weeks that have one.

    Days and weeks without an archive do not count, so that a time without backups deletes nothing; the newest of
    all always stays, and so does every file that no schedule made.
    """
    moments = {name: moment for name in names if (moment := moment_of(name)) is not None}
    newest_first = sorted(moments, key=lambda name: moments[name], reverse=True)
    kept = set(newest_first[:1])
    for most, period in ((daily, "%Y-%m-%d"), (weekly, "%G-%V")):
        newest: dict[str, str] = {}
        for name in newest_first:
            newest.setdefault(f"{moments[name]:{period}}", name)
        kept |= set(list(newest.values())[:most])
    return sorted(set(moments) - kept)


def is_due(last_at: datetime | None, failed_at: datetime | None, now: datetime, *, every_h: int) -> bool:
    """Return whether a backup is to be made: the last good one is old enough, and no try failed a moment ago."""
    if failed_at is not None and now < failed_at + AGAIN:
        return False
    return last_at is None or now >= last_at + timedelta(hours=every_h)


def is_overdue(last_at: datetime | None, now: datetime, *, every_h: int) -> bool:
    """Return whether nobody made the backup that was due, with an hour or a quarter of the time to spare."""
    spare = max(timedelta(hours=1), timedelta(hours=every_h) / 4)
    return last_at is None or now > last_at + timedelta(hours=every_h) + spare


def manifest_text(manifest: Manifest) -> str:
    """Return the manifest as JSON with sorted keys."""
    told = {
        "format": FORMAT,
        "application": manifest.application,
        "migration": manifest.migration,
        "taken_at": manifest.taken_at.isoformat(),
        "database": manifest.database,
        "server": manifest.server,
        "counts": dict(manifest.counts),
        "members": {
            name: {"sha256": one.sha256, "bytes": one.size_bytes} for name, one in manifest.members.items()
        },
        "keys": {name: list(prints) for name, prints in manifest.keys.items()},
        "left_out": LEFT_OUT,
        "on_restore": ON_RESTORE,
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest; raises RunningError for a text that is none, or of a later format."""
    try:
        told: Mapping[str, Any] = json.loads(text)
        if told["format"] != FORMAT:
            raise RunningError(
                f"The archive has format {told['format']}, this version reads {FORMAT}: use the version that made it."
            )
        members = {
            str(name): Member(sha256=str(one["sha256"]), size_bytes=int(one["bytes"]))
            for name, one in told["members"].items()
        }
        return Manifest(
            application=str(told["application"]),
            migration=str(told["migration"]),
            taken_at=datetime.fromisoformat(told["taken_at"]),
            database=str(told["database"]),
            server=str(told["server"]),
            counts={str(name): int(count) for name, count in told["counts"].items()},
            members=members,
            keys={str(name): tuple(map(str, prints)) for name, prints in told["keys"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunningError("The archive's manifest cannot be read: use another archive.") from error


def is_safe_name(name: str) -> bool:
    """Return whether a member's name stays inside the folder that it is written to."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and "\0" not in name and not set(parts) & {"", ".", ".."}


def different_counts(told: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Return a sentence for each table that has not as many rows as it was told to have."""
    return [
        f"{name}: {found.get(name, 0)} rows instead of {told.get(name, 0)}"
        for name in sorted({*told, *found})
        if told.get(name, 0) != found.get(name, 0)
    ]


def missing_keys(told: Collection[str], present: Collection[str]) -> list[str]:
    """Return the fingerprints of the archive's keys that are not among those set now."""
    return sorted(set(told) - set(present))
