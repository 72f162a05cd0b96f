"""Each contract holds, and a planted violation of each is caught."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = PROJECT["tool"]["importlinter"]["contracts"]
ROOMS = sorted(path.name for path in (ROOT / "conference").iterdir() if (path / "__init__.py").is_file())


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--config", str(folder / "pyproject.toml"), "--no-cache"]
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": ""},
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "conference", folder / "conference", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def test_contracts_hold() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


def test_every_room_stands_in_the_order() -> None:
    order = CONTRACTS[0]["layers"]
    assert sorted(set(order) & {f"conference.{room}" for room in ROOMS}) == [
        f"conference.{room}" for room in ROOMS
    ]


def test_every_room_with_tables_has_its_contract() -> None:
    protected = sorted(
        contract["protected_modules"][0].split(".")[1]
        for contract in CONTRACTS
        if contract["type"] == "protected"
    )
    with_tables = sorted(room for room in ROOMS if (ROOT / "conference" / room / "tables.py").is_file())
    assert protected == with_tables


def test_every_door_is_closed_to_every_other_room() -> None:
    for contract in CONTRACTS:
        if contract["name"].startswith("One door"):
            owner = contract["name"].rsplit(" ", 1)[1]
            everywhere = {f"conference.{room}" for room in ROOMS} | {
                "conference.app",
                "conference.cli",
                "conference.config",
                "conference.serve",
            }
            assert set(contract["source_modules"]) == everywhere - {owner}, contract["name"]


def planted(contract: dict[str, Any]) -> tuple[str, str]:
    """Return (file, line) of an import that breaks the contract."""
    if contract["name"].startswith("The rooms"):
        return "conference/core/clock.py", "import conference.web.access"
    if contract["name"].startswith("Inside"):
        return "conference/event/model.py", "import conference.event.queries"
    if contract["name"].startswith("Rules"):
        return "conference/programme/rules.py", "import flask"
    if contract["type"] == "forbidden":
        return "conference/audit/service.py", f"import {contract['forbidden_modules'][0]}"
    room = contract["protected_modules"][0].split(".")[1]
    return "conference/printing/fonts.py", f"import conference.{room}.tables"


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_planted_violation_is_caught(contract: dict[str, Any], copy: Path) -> None:
    file, line = planted(contract)
    target = copy / file
    original = target.read_text(encoding="utf-8")
    target.write_text(f"{original}\n{line}\n", encoding="utf-8")
    try:
        answer = lint(copy)
    finally:
        target.write_text(original, encoding="utf-8")
    broken = [text for text in answer.stdout.splitlines() if " BROKEN" in text]
    assert answer.returncode == 1, answer.stdout
    assert any(text.startswith(contract["name"]) for text in broken), broken
