"""Each contract holds, and a planted violation of each is caught."""

import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain, pairwise, product, takewhile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = PROJECT["tool"]["importlinter"]["contracts"]
ORDER, INSIDE, PURE = CONTRACTS[:3]
DOORS = [contract for contract in CONTRACTS if contract["name"].startswith("One door")]
PRIVATE = [contract for contract in CONTRACTS if contract["type"] == "protected"]
NAMES = {contract["name"] for contract in CONTRACTS}
LAYERS = [re.findall(r"\w+", line) for line in INSIDE["layers"]]
README = ROOT / "README.md"
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
        env={"PYTHONPATH": str(folder), "PATH": "", "COLUMNS": "300"},  # a reason stays on its line
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "conference", folder / "conference", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def test_every_room_stands_in_the_order() -> None:
    order = [room.strip() for layer in ORDER["layers"] for room in layer.split("|")]
    assert sorted(set(order) & {f"conference.{room}" for room in ROOMS}) == [
        f"conference.{room}" for room in ROOMS
    ]


def test_every_room_with_tables_has_its_contract() -> None:
    protected = sorted(contract["protected_modules"][0].split(".")[1] for contract in PRIVATE)
    with_tables = sorted(room for room in ROOMS if (ROOT / "conference" / room / "tables.py").is_file())
    assert protected == with_tables


def test_every_door_is_closed_to_every_other_room() -> None:
    outside = {
        "conference.app",
        "conference.rooms",
        "conference.cli",
        "conference.config",
        "conference.serve",
    }
    everywhere = {f"conference.{room}" for room in ROOMS} | outside
    for contract in DOORS:
        owners = set(contract["name"].rsplit(": ", 1)[1].split(" and "))
        assert set(contract["source_modules"]) == everywhere - owners, contract["name"]


def test_layers_inside_a_room_are_those_of_the_readme() -> None:
    text = " ".join(README.read_text(encoding="utf-8").split())
    order = re.search(r"Inside a room imports run one way: `([^`]+)`", text)
    assert order is not None
    told = order.group(1).split(" > ")
    assert [layer for layers in LAYERS for layer in layers if layer in told] == told


def broken_by(copy: Path, *imports: tuple[str, str]) -> list[str]:
    """Return the linter's lines on a copy in which each module (a dotted name) imports the other one."""
    files = [copy.joinpath(*importer.split(".")) for importer, _ in imports]
    targets = [file / "__init__.py" if file.is_dir() else file.with_name(f"{file.name}.py") for file in files]
    originals = {target: target.read_text(encoding="utf-8") for target in targets}
    try:
        for target, (_, imported) in zip(targets, imports, strict=True):
            with target.open("a", encoding="utf-8") as file:
                file.write(f"\nimport {imported}\n")
        answer = lint(copy)
    finally:
        for target, original in originals.items():
            target.write_text(original, encoding="utf-8")
    assert answer.returncode == 1, answer.stdout
    return answer.stdout.splitlines()


def assert_caught(lines: list[str], contract: dict[str, Any], *imports: tuple[str, str]) -> None:
    """Check that the contract is broken, and that each import is named among its own reasons."""
    assert any(line.startswith(f"{contract['name']} BROKEN") for line in lines)
    heading = next(
        place
        for place, (line, under) in enumerate(pairwise(lines))
        if (line, set(under)) == (contract["name"], {"-"})
    )
    section = takewhile(lambda line: line not in NAMES, lines[heading + 2 :])
    told = {line.lstrip("- ").split(" (l.")[0] for line in section if line.startswith("-")}
    assert {f"{importer} -> {imported}" for importer, imported in imports} <= told


def upwards(layers: list[list[str]], containers: list[str]) -> list[tuple[str, str]]:
    """Return an import from each layer to the one above it, in the first container that has both."""
    found = []
    for above, below in pairwise(layers):
        pairs = (
            (f"{one}.{lower}", f"{one}.{upper}") for one, lower, upper in product(containers, below, above)
        )
        found.append(next(pair for pair in pairs if all(map(exists, pair))))
    return found


def exists(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_name(f"{path.name}.py").is_file() or path.is_dir()


ROOM_ORDER = [[part.removeprefix("conference.") for part in line.split(" | ")] for line in ORDER["layers"]]
ABOVE = upwards(ROOM_ORDER, ["conference"])
INWARDS = upwards(LAYERS, [f"conference.{room}" for room in ROOMS])


def read_tables(contract: dict[str, Any]) -> list[tuple[str, str]]:
    tables = contract["protected_modules"][0]
    readers = ("conference.printing.fonts", "conference.demo.names", "conference.speakers.words")
    others = [reader for reader in readers if reader.rpartition(".")[0] != tables.rpartition(".")[0]]
    return [(reader, tables) for reader in others[:2]]


def second_doors(contract: dict[str, Any]) -> list[tuple[str, str]]:
    library = contract["forbidden_modules"][0]
    return [(module, library) for module in contract["source_modules"]]


def impure(framework: str) -> list[tuple[str, str]]:
    planted = [(f"conference.programme.{name}", framework) for name in ("rules", "model", "errors")]
    return [*planted, ("conference.core.clock", framework)]


@pytest.fixture(scope="module")
def all_planted(copy: Path) -> list[str]:
    """The linter's lines with all of these planted at once, each of which it names: a run takes a second and more."""
    planted = [*chain(*map(read_tables, PRIVATE)), *chain(*map(second_doors, DOORS))]
    return broken_by(copy, *planted, *chain(*map(impure, PURE["forbidden_modules"])), *ABOVE, *INWARDS)


@pytest.mark.parametrize("planted", ABOVE, ids=" imports ".join)
def test_a_room_that_imports_the_one_above_it_is_caught(
    planted: tuple[str, str], all_planted: list[str]
) -> None:
    assert_caught(all_planted, ORDER, planted)


@pytest.mark.parametrize("planted", INWARDS, ids=" imports ".join)
def test_a_layer_that_imports_the_one_above_it_is_caught(
    planted: tuple[str, str], all_planted: list[str]
) -> None:
    assert_caught(all_planted, INSIDE, planted)


@pytest.mark.parametrize("contract", PRIVATE, ids=lambda contract: contract["name"])
def test_another_rooms_tables_are_caught_wherever_they_are_read(
    contract: dict[str, Any], all_planted: list[str]
) -> None:
    assert_caught(all_planted, contract, *read_tables(contract))


@pytest.mark.parametrize("contract", DOORS, ids=lambda contract: contract["name"])
def test_a_second_door_is_caught_in_each_room(contract: dict[str, Any], all_planted: list[str]) -> None:
    assert_caught(all_planted, contract, *second_doors(contract))


@pytest.mark.parametrize("framework", PURE["forbidden_modules"])
def test_a_framework_in_rules_and_models_is_caught(framework: str, all_planted: list[str]) -> None:
    assert_caught(all_planted, PURE, *impure(framework))


def test_every_contract_is_planted_above() -> None:
    assert [ORDER, INSIDE, PURE, *DOORS, *PRIVATE] == CONTRACTS
