"""Which archives are kept, and what a manifest says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.running.errors import RunningError
from conference.running.model import Manifest, Member
from conference.running.rules import (
    archive_name,
    different_counts,
    is_safe_name,
    manifest_text,
    moment_of,
    read_manifest,
    surplus,
)

DAY = datetime(2022, 9, 5, 6, tzinfo=UTC)
MANIFEST = Manifest(
    application="0.1.0",
    migration="0043",
    taken_at=DAY,
    database="sqlite",
    server="3.40.1",
    counts={"person": 3},
    members={"database.sqlite3": Member(sha256="ab" * 32, size_bytes=4096)},
    keys={"secret": ("0123456789abcdef",), "encryption": ()},
)


def test_a_name_tells_its_moment() -> None:
    assert archive_name(DAY) == "conference-20220905T060000Z.tar.gz"
    assert moment_of(archive_name(DAY)) == DAY


@pytest.mark.parametrize(
    "name", ["office.tar.gz", "conference-20221305T060000Z.tar.gz", "conference-1.tar.gz.part"]
)
def test_what_no_schedule_made_has_no_moment_and_is_never_deleted(name: str) -> None:
    assert moment_of(name) is None
    assert surplus([name], daily=1, weekly=0) == []


def test_seven_days_and_four_weeks_are_kept() -> None:
    names = [archive_name(DAY - timedelta(hours=12 * number)) for number in range(100)]
    kept = sorted(set(names) - set(surplus(names, daily=7, weekly=4)), reverse=True)
    # The newest of seven days, 5 September being a Monday, and the newest of the weeks that these do not reach.
    days = [datetime(2022, 9, 5, 6, tzinfo=UTC)] + [
        datetime(2022, 9, day, 18, tzinfo=UTC) for day in (4, 3, 2, 1)
    ]
    days += [datetime(2022, 8, day, 18, tzinfo=UTC) for day in (31, 30, 28, 21)]
    assert kept == [archive_name(day) for day in days]


def test_a_month_without_backups_deletes_nothing() -> None:
    old = [archive_name(DAY - timedelta(days=60 + number)) for number in range(3)]
    assert surplus([*old, archive_name(DAY)], daily=7, weekly=0) == []


@given(
    hours=st.sets(st.integers(0, 3000), min_size=1),
    daily=st.integers(1, 9),
    weekly=st.integers(0, 9),
)
def test_the_newest_stays_and_no_more_than_asked_is_kept(hours: set[int], daily: int, weekly: int) -> None:
    names = [archive_name(DAY - timedelta(hours=one)) for one in hours]
    gone = surplus(names, daily=daily, weekly=weekly)
    assert max(names) not in gone
    assert len(names) - len(gone) <= daily + weekly
    assert surplus(set(names) - set(gone), daily=daily, weekly=weekly) == []


def test_a_manifest_comes_back_as_it_was_written() -> None:
    assert read_manifest(manifest_text(MANIFEST).encode()) == MANIFEST


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"format": 1}', b"\xff"])
def test_what_is_no_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(RunningError, match="cannot be read"):
        read_manifest(text)


def test_a_later_format_is_refused_with_the_remedy() -> None:
    with pytest.raises(
        RunningError, match="has format 2, this version reads 1: use the version that made it"
    ):
        read_manifest(manifest_text(MANIFEST).replace('"format": 1', '"format": 2').encode())


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "files/../../x", "files//x", "./x", "a\\b", "files/", "a\0b"]
)
def test_names_that_leave_the_folder_are_unsafe(name: str) -> None:
    assert not is_safe_name(name)


def test_usual_names_are_safe() -> None:
    assert is_safe_name("files/speakers/slides/a.pdf")


def test_tables_that_differ_are_named() -> None:
    assert different_counts({"a": 1, "b": 2}, {"a": 1, "c": 3}) == [
        "b: 0 rows instead of 2",
        "c: 3 rows instead of 0",
    ]
