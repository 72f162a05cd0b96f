"""What CI runs beside the tests, run by the one test command."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


COMMANDS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["djlint", "templates", "--lint", "--quiet"],
    ["lint-imports"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_habit(command: list[str]) -> None:
    answer = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pre_commit_runs_the_same() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^ +entry: \.venv/bin/(.+)$", hooks, re.MULTILINE)
    assert entries == [" ".join(command) for command in COMMANDS]


def sources(*folders: str) -> list[Path]:
    """Return the Python files of these folders, or of the package."""
    found = [path for folder in folders or ("conference",) for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "__pycache__" not in path.parts]


def test_no_paragraph_is_made() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if "Paragraph(" in path.read_text(encoding="utf-8")
    }
    assert found == set()


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
        for path in sources("conference", "tests")
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert long == set()


def functions(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def long_functions(text: str) -> list[str]:
    """Return the names of functions of more than 40 lines, decorators not counted."""
    return [one.name for one in functions(text) if (one.end_lineno or 0) - one.lineno + 1 > 40]


def bare_inner_imports(text: str) -> list[int]:
    """Return the lines of imports in functions with no comment at their end or on the line above."""
    lines = ["", *text.splitlines()]
    inner = [
        node
        for one in functions(text)
        for node in ast.walk(one)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return sorted(
        {
            node.lineno
            for node in inner
            if "  # " not in lines[node.end_lineno or node.lineno]
            and not lines[node.lineno - 1].strip().startswith("# ")
        }
    )


def found_in_sources(find: Callable[[str], Sequence[object]]) -> dict[str, Sequence[object]]:
    found = {
        path.relative_to(ROOT).as_posix(): find(path.read_text(encoding="utf-8"))
        for path in sources("conference", "tests")
    }
    return {path: what for path, what in found.items() if what}


def test_functions_stay_under_40_lines() -> None:
    assert found_in_sources(long_functions) == {}


def test_every_import_inside_a_function_has_its_reason() -> None:
    assert found_in_sources(bare_inner_imports) == {}


def test_what_the_two_look_for_is_found() -> None:
    body = "    pass\n" * 39
    assert long_functions(f"@one\ndef fits():\n{body}\nasync def long():\n{body}    pass\n") == ["long"]
    # The three in the middle give their reason, or stand where every import does.
    planted = "import a\n\ndef one():\n    import b\n    import c  # why\n    # why\n    import d\n\n    def two():\n        from e import (\n            f,\n        )\n"
    assert bare_inner_imports(planted) == [4, 10]


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
    for path in sources("conference", "tests", "migrations"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(
                r"#\s*noqa(?!: [A-Z0-9, ]+ -- )|#\s*type:\s*ignore(?!\[[a-z-, ]+\]  # )", line
            ) and path != Path(__file__):
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []
