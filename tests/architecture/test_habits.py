"""What CI runs beside the tests, run by the one test command."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["djlint", "templates", "--lint", "--quiet"],
    ],
    ids=" ".join,
)
def test_habit(command: list[str]) -> None:
    answer = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def sources() -> list[Path]:
    return [path for path in (ROOT / "conference").rglob("*.py") if "__pycache__" not in path.parts]


def test_paragraph_is_made_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if "Paragraph(" in path.read_text(encoding="utf-8")
    }
    assert found == {"conference/printing/text.py"}


def test_only_db_commits() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if re.search(r"\.commit\(\)", path.read_text(encoding="utf-8"))
    }
    assert found == {"conference/db/work.py"}


def test_files_stay_under_400_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert long == set()


def test_no_room_for_homeless_functions() -> None:
    homeless = {path.name for path in sources()} & {
        "utils.py",
        "util.py",
        "helpers.py",
        "common.py",
        "manager.py",
        "misc.py",
    }
    assert homeless == set()


def test_no_inline_style_or_script() -> None:
    pages = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if "mail" not in path.relative_to(ROOT / "templates").parts[0]
    ]
    found = [
        path.name
        for path in pages
        if re.search(
            r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", path.read_text(encoding="utf-8")
        )
    ]
    assert found == []


def test_every_suppression_has_its_reason() -> None:
    bare = []
    for path in [*sources(), *(ROOT / "tests").rglob("*.py")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(
                r"#\s*noqa(?!: [A-Z0-9, ]+ -- )|#\s*type:\s*ignore(?!\[[a-z-, ]+\]  # )", line
            ) and path != Path(__file__):
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []
