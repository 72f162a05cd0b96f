"""Commands on a filled demonstration, in pipes."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.factories.forked import command


def conference(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    return command(arguments, clean | {"CONFERENCE_INSTANCE": str(folder)} | settings)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    answer = conference(folder, "demo", "--no-serve")
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    assert (
        answer.stdout
        == "34 sessions with 70 talks, 80 speakers, 300 registrations; all people are invented.\n"
    )
    return folder


def test_a_second_start_keeps_the_data(filled: Path) -> None:
    before = (filled / "demo.sqlite3").stat().st_size
    answer = conference(filled, "demo", "--no-serve")
    assert (
        answer.stdout
        == "34 sessions with 70 talks, 80 speakers, 300 registrations; all people are invented.\n"
    )
    assert (filled / "demo.sqlite3").stat().st_size == before


def test_badges_are_written_and_what_cannot_be_printed_is_named(filled: Path, tmp_path: Path) -> None:
    answer = conference(filled, "badges", "--out", str(tmp_path / "badges.pdf"), "--sheet", "a6")
    assert answer.returncode == 0, answer.stderr
    assert "李 示例" in answer.stderr
    assert "apt-get install fonts-noto-cjk" in answer.stderr
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "badges.pdf").pages)
    assert "Łukasz" in text


def test_an_unknown_category_is_refused_by_name(filled: Path, tmp_path: Path) -> None:
    answer = conference(filled, "badges", "--out", str(tmp_path / "badges.pdf"), "--category", "Nobody")
    assert answer.returncode == 2
    assert "Nobody" in answer.stderr
    assert not (tmp_path / "badges.pdf").exists()


def test_programme_is_written(filled: Path, tmp_path: Path) -> None:
    answer = conference(filled, "programme", "--out", str(tmp_path / "programme.pdf"))
    assert answer.returncode == 0, answer.stderr
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "programme.pdf").pages)
    assert "Measurable residual disease" in text


def test_programme_is_written_in_a_language_on_small_pages(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "programme.pdf"
    chosen = ("--language", "sv", "--page", "A5", "--no-abstracts")
    answer = conference(filled, "programme", "--out", str(out), *chosen)
    assert answer.returncode == 0, answer.stderr
    pdf = PdfReader(out)
    text = "".join(page.extract_text() for page in pdf.pages)
    assert ("Personregister" in text, "An invented session" in text) == (True, False)
    assert round(pdf.pages[0].mediabox.width) == 420


def test_staff_invite_prints_a_link(filled: Path) -> None:
    answer = conference(filled, "staff", "invite", "desk@conference.example", "--role", "desk")
    assert answer.returncode == 0
    assert answer.stdout.startswith("http://localhost:8000/staff/link/")


@pytest.mark.parametrize("filled_by", ["staff", "person"])
def test_a_real_database_is_no_demonstration(tmp_path: Path, sqlite_template: Path, filled_by: str) -> None:
    """`demo` fills an empty database and refuses one that holds anything, were it one account."""
    real = tmp_path / "real.sqlite3"
    shutil.copy(sqlite_template, real)
    env = {"CONFERENCE_DATABASE_URL": f"sqlite:///{real}", "CONFERENCE_SECRET_KEY": "k" * 40}
    if filled_by == "staff":
        invited = conference(
            tmp_path, "staff", "invite", "a@conference.example", "--role", "organiser", **env
        )
        assert invited.returncode == 0, invited.stderr
    else:
        with sqlite3.connect(real) as connection:
            columns = [row[1] for row in connection.execute("PRAGMA table_info(person)") if row[1] != "id"]
            values = ", ".join("1" if name in {"link_version", "revision"} else "'x'" for name in columns)
            connection.execute(f"INSERT INTO person ({', '.join(columns)}) VALUES ({values})")
    answer = conference(tmp_path, "demo", "--no-serve", "--reset", **env)
    assert answer.returncode == 2
    assert "holds a real conference" in answer.stderr
    with sqlite3.connect(real) as connection:
        table = "staff" if filled_by == "staff" else "person"
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)


def demo_address(folder: Path) -> str:
    return f"sqlite:///{folder / 'demo.sqlite3'}"


def test_retention_shows_what_would_go_and_takes_nothing_before_its_time(filled: Path) -> None:
    shown = conference(filled, "retention", "--dry-run", CONFERENCE_DATABASE_URL=demo_address(filled))
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("registration: ")
    assert lines[0].endswith(" people, goes on 2023-03-26")
    assert lines[1].startswith("desk: ")
    assert lines[1].endswith(" people, goes on 2023-03-26")
    assert lines[2].startswith("programme: ")
    assert lines[2].endswith(" people, stays")


def test_the_record_of_processing_names_both_controllers(filled: Path) -> None:
    answer = conference(filled, "privacy", "record", CONFERENCE_DATABASE_URL=demo_address(filled))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("# Record of processing: Cutting Edge Implementation")
    assert "Genomic Medicine Sweden" in answer.stdout
    assert "Centers for Personalized Medicine" in answer.stdout
    assert "| 2023-03-26 |" in answer.stdout
