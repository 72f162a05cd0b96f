"""The backups that workers make by themselves: one at a time, kept by age, told when they fail."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import cast

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Table

from conference.core.clock import real_now
from conference.db.base import db
from conference.jobs.registry import LongSource
from conference.running import postgres_copy, schedule, sqlite_copy
from conference.running.archive import verified
from conference.running.backup import back_up, uploads
from conference.running.queries import backup_figures, backup_trouble, backups_standing
from conference.running.rules import archive_name
from conference.running.schedule import LeaseLostError, ScheduledBackups
from conference.running.tables import BackupRow
from conference.web.settings import attach_settings
from tests.conftest import settings_for


@pytest.fixture
def folder(app: Flask, database_url: str, tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    attach_settings(app, settings_for(database_url, tmp_path, BACKUP_FOLDER=str(place), BACKUP_DAILY="1"))
    return place


def worked(owner: str = "one") -> int:
    """Return how many backups a worker that looks now has made."""
    source = ScheduledBackups()
    claimed = source.claim(owner)
    for job_id in claimed:
        source.run(job_id, owner)
    db.session.rollback()
    return len(claimed)


def pass_time(hours: float) -> None:
    """Let all that was noted lie so much longer ago."""
    table = cast("Table", BackupRow.__table__)
    with db.engine.begin() as connection:
        for one in connection.execute(table.select()).all():
            values = {
                name: getattr(one, name) - timedelta(hours=hours)
                for name in ("begun_at", "ended_at", "lease_until")
                if getattr(one, name) is not None
            }
            connection.execute(table.update().where(table.c.id == one.id).values(values))


def test_nothing_happens_without_a_folder(app: Flask) -> None:
    assert worked() == 0
    assert backup_trouble() is None


def test_a_backup_is_made_and_not_again_before_its_time(folder: Path) -> None:
    assert isinstance(ScheduledBackups(), LongSource)
    assert worked() == 1
    (archive,) = folder.glob("*.tar.gz")
    assert verified(archive, lambda _bytes: None).manifest.counts["event"] == 1
    assert folder.stat().st_mode & 0o777 == 0o700
    standing = backups_standing()
    assert (standing.last_file, standing.last_bytes, standing.failed) == (
        archive.name,
        archive.stat().st_size,
        0,
    )
    assert worked("two") == 0
    pass_time(23.9)
    assert worked() == 0
    pass_time(0.2)
    assert worked() == 1


def test_two_workers_do_not_make_the_same(folder: Path) -> None:
    first, second = ScheduledBackups(), ScheduledBackups()
    assert len(first.claim("one")) == 1
    assert second.claim("two") == []


def test_one_whose_worker_died_is_made_by_another(folder: Path) -> None:
    ScheduledBackups().claim("one")
    pass_time(0.3)
    assert worked("two") == 0
    assert backup_trouble() == "the last backup failed: its worker ended while it was made"
    pass_time(0.3)
    assert worked("two") == 1
    assert backup_trouble() is None


def test_one_that_was_given_back_is_made_at_once(folder: Path) -> None:
    source = ScheduledBackups()
    (job_id,) = source.claim("one")
    assert source.give_back("one") == 1
    source.run(job_id, "one")  # its own thread may still be at it: it settles nothing
    assert backups_standing().last_at is None
    assert worked("two") == 1


def test_one_that_loses_its_lease_keeps_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_RENEW_S", -1.0)
    source = ScheduledBackups()
    (job_id,) = source.claim("one")
    source.give_back("one")
    source.run(job_id, "one")
    assert [path.name for path in folder.iterdir() if path.name != "erasures.jsonl"] == []


def test_a_failure_is_told_and_tried_again_after_a_while(folder: Path, tmp_path: Path) -> None:
    folder.write_text("no folder", encoding="utf-8")
    assert worked() == 1
    assert "the last backup failed: " in (backup_trouble() or "")
    assert str(folder) in (backup_trouble() or "")
    assert (backup_figures()["failed_since"], backup_figures()["last_good_age_s"]) == (1, -1)
    assert worked() == 0
    folder.unlink()
    pass_time(0.3)
    assert worked() == 1
    assert backup_figures()["trouble"] == 0


def test_one_that_nobody_makes_is_told(folder: Path) -> None:
    assert "no backup was made yet: is a worker running" in (backup_trouble() or "")
    worked()
    assert backup_trouble() is None
    pass_time(31)
    assert "the last backup is of " in (backup_trouble() or "")


def test_old_archives_go_and_what_is_not_ours_stays(folder: Path) -> None:
    folder.mkdir()
    old = [archive_name(real_now() - timedelta(days=400 + 14 * number)) for number in range(8)]
    half = folder / ".conference-20220905T060000Z.tar.gz.77.part"
    for name in [*old, "holiday.tar.gz"]:
        (folder / name).write_bytes(b"")
    half.write_bytes(b"")
    os.utime(half, (0, 0))
    worked()
    left = {path.name for path in folder.iterdir()} - {"erasures.jsonl"}
    newest = backups_standing().last_file
    assert newest in left
    assert "holiday.tar.gz" in left
    assert half.name not in left
    assert len(left & set(old)) == 3  # the newest of three more weeks


def test_what_killed_workers_left_goes_also_where_the_disk_is_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    left = folder / ".backup-abc"
    left.mkdir()
    (left / "database.sqlite3").write_bytes(b"a whole copy")
    fresh = folder / ".backup-fresh"
    fresh.mkdir()
    os.utime(left / "database.sqlite3", (0, 0))
    os.utime(left, (0, 0))

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(schedule, "back_up", full)
    assert worked() == 1
    assert "No space left" in (backup_trouble() or "")
    assert ([left.exists(), fresh.exists()]) == [False, True]


def test_a_folder_deep_in_the_instance_folder_is_in_no_backup(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    """Else each backup would hold the one before, and be twice as long."""
    place = tmp_path / "kept" / "backups"
    settings = settings_for(database_url, tmp_path, BACKUP_FOLDER=str(place))
    attach_settings(app, settings)
    worked()
    (tmp_path / "kept" / "slides.pdf").write_bytes(b"%PDF")
    assert [one.name for one in uploads(settings) if one.name.startswith("kept/")] == ["kept/slides.pdf"]


def test_the_lease_is_held_while_the_database_is_copied(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a copy that takes longer than the lease is begun again and again, and never ends."""
    sizes: list[int] = []
    monkeypatch.setattr(sqlite_copy, "_PAGES", 1)
    monkeypatch.setattr(postgres_copy, "_LOOK_S", 0.001)
    back_up(tmp_path / "a.tar.gz", sizes.append)
    # What is packed is told by its length, which is never none: the ledger's is, once.
    assert sizes.count(0) > 2

    def lost(_bytes: int) -> None:
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        back_up(tmp_path / "b.tar.gz", lost)
    assert not list(tmp_path.glob("*b.tar.gz*"))


@pytest.mark.parametrize("what", ["sqlite3", "psycopg"])
def test_what_a_database_says_in_its_own_way_is_a_failure_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    error = sqlite3.DatabaseError("malformed") if what == "sqlite3" else psycopg.errors.UndefinedTable("gone")

    def broken(*_given: object) -> None:
        raise error

    monkeypatch.setattr(schedule, "back_up", broken)
    assert worked() == 1
    assert f"the last backup failed: {type(error).__name__}" in (backup_trouble() or "")
