"""Who is forgotten again: by what was written after the backup, and by nothing of another life of the database."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conference.privacy import ledger
from conference.privacy.ledger import Line, as_text, hashed, read_lines, to_erase

TAKEN = datetime(2022, 9, 5, 6, tzinfo=UTC)


def line(minutes: float, kind: str, who: str, into: str = "") -> Line:
    return Line(at=TAKEN + timedelta(minutes=minutes), kind=kind, who=who, into=into)


def test_what_came_after_counts_and_what_the_backup_knows_does_not() -> None:
    lines = {line(-30, "erased", "before"), line(5, "erased", "after")}
    assert to_erase(lines, TAKEN) == {"after"}


def test_clocks_of_two_machines_may_differ_by_a_minute() -> None:
    assert to_erase({line(-0.5, "erased", "at once")}, TAKEN) == {"at once"}


def test_who_was_merged_into_an_erased_one_goes_too_over_two_steps() -> None:
    lines = {line(1, "merged", "a", "b"), line(2, "merged", "b", "c"), line(3, "erased", "c")}
    assert to_erase(lines, TAKEN) == {"a", "b", "c"}


def test_who_was_merged_into_one_that_stays_stays() -> None:
    assert to_erase({line(1, "merged", "a", "b"), line(3, "erased", "c")}, TAKEN) == {"c"}


def test_a_merging_before_the_backup_says_nothing_of_a_number_given_anew() -> None:
    assert to_erase({line(-0.5, "merged", "a", "b"), line(3, "erased", "b")}, TAKEN) == {"b"}


def test_what_came_before_the_restore_that_the_backup_follows_is_of_another_life() -> None:
    lines = {
        line(-0.9, "erased", "earlier life"),
        line(-0.5, "restored", "2022"),
        line(-0.1, "erased", "this life"),
    }
    assert to_erase(lines, TAKEN) == {"this life"}


def test_a_restore_after_the_backup_hides_nothing() -> None:
    assert to_erase({line(1, "erased", "a"), line(2, "restored", "2022"), line(3, "erased", "b")}, TAKEN) == {
        "a",
        "b",
    }


def test_lines_come_back_and_half_a_line_is_passed_over() -> None:
    lines = {line(1, "erased", "a"), line(2, "merged", "b", "c"), line(3, "restored", "x")}
    text = as_text(lines)
    assert read_lines(text) == lines
    assert read_lines(text + '{"at": "2022-09-05T0') == lines
    assert read_lines('{"at": "2022-09-05T08:00:00", "erased": "a"}\\n[]\\n"x"\\n') == set()


def test_a_line_says_nothing_without_the_salt() -> None:
    assert hashed("salt", 7) != hashed("other", 7)
    assert "7" not in as_text({line(0, "erased", "")}).partition('"erased"')[2]
    assert len(hashed("salt", 7)) == 64


def test_a_line_after_half_a_line_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    path.write_text('{"at": "2022-09-05T0', encoding="utf-8")
    for number in (1, 2):
        ledger._append_to(path, as_text([line(number, "erased", "a")]).encode())
    assert read_lines(path.read_text(encoding="utf-8")) == {line(1, "erased", "a"), line(2, "erased", "a")}


def test_a_line_that_a_full_disk_cuts_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, text: write(descriptor, text[:5]))
    with pytest.raises(OSError, match="No space left"):
        ledger._append_to(tmp_path / "erasures.jsonl", as_text([line(1, "erased", "a")]).encode())
