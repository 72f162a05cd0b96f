"""No release with a known hole can be installed: the floors of pyproject.toml and the pins are at or above floors.csv."""

import csv
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
HOLE = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(-[a-z0-9]{4}){3}")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def asked_floors(project: str) -> dict[str, Version]:
    """Return by name the lowest release that pyproject.toml allows of what runs, extras for running included."""
    told = tomllib.loads(project)["project"]
    extras = told["optional-dependencies"]
    lines = [*told["dependencies"], *extras["broker"], *extras.get("breached", ())]
    found: dict[str, Version] = {}
    for need in map(Requirement, lines):
        lowest = [Version(one.version) for one in need.specifier if one.operator in {">=", "==", "~="}]
        if lowest:
            found[canonicalize_name(need.name)] = lowest[0]
    return found


def pins(requirements: str) -> dict[str, Version]:
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", requirements, re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


def too_low(rows: list[dict[str, str]], project: str, requirements: str) -> list[str]:
    """Return what could be installed with a known hole, or is in the table without a reason."""
    asked, pinned, found = asked_floors(project), pins(requirements), []
    for row in rows:
        name, floor = canonicalize_name(row["library"]), Version(row["floor"])
        if not HOLE.fullmatch(row["hole"]) or len(row["what"].split()) < 3:
            found.append(f"{name}: no hole is named")
        for where, known in (("pyproject.toml", asked), ("requirements.txt", pinned)):
            version = known.get(name)
            if version is None:
                found.append(f"{name} is not in {where}")
            elif version < floor:
                found.append(f"{name} {version} in {where} has {row['hole']}")
    return found


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


ROWS = table((Path(__file__).with_name("floors.csv")).read_text(encoding="utf-8"))


def test_no_release_with_a_known_hole_can_be_installed() -> None:
    assert too_low(ROWS, read("pyproject.toml"), read("requirements.txt")) == []


def test_the_table_is_in_order_and_names_each_library_once() -> None:
    names = [row["library"] for row in ROWS]
    assert names == sorted(set(names))


def test_whatever_is_asked_for_has_a_floor_and_a_pin() -> None:
    told = tomllib.loads(read("pyproject.toml"))["project"]
    extras = told["optional-dependencies"]
    needs = [Requirement(line) for line in (*told["dependencies"], *extras["broker"], *extras["breached"])]
    floors, pinned = asked_floors(read("pyproject.toml")), pins(read("requirements.txt"))
    assert [need.name for need in needs if canonicalize_name(need.name) not in floors] == []
    assert [need.name for need in needs if canonicalize_name(need.name) not in pinned] == []
    lower = {name: (str(floor), str(pinned[name])) for name, floor in floors.items() if pinned[name] < floor}
    assert lower == {}


def test_every_pin_has_its_hash_and_comes_from_no_other_place() -> None:
    text = read("requirements.txt")
    blocks = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert [block.partition("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"^\s*(--(extra-)?index-url|--find-links|-e\b)|://| @ ", text, re.MULTILINE)


PROJECT = '[project]\ndependencies = ["pillow>={}", "jinja2"]\n[project.optional-dependencies]\nbroker = []\n'
PLANTED = "library,floor,hole,what\npillow,12.2.0,CVE-2026-40192,a picture without a bound\n"


@pytest.mark.parametrize(
    ("project", "pinned", "rows", "found"),
    [
        ("12.1.0", "13.0.0", PLANTED, ["pillow 12.1.0 in pyproject.toml has CVE-2026-40192"]),
        ("12.2.0", "12.1.9", PLANTED, ["pillow 12.1.9 in requirements.txt has CVE-2026-40192"]),
        ("12.2.0", "12.2.0", PLANTED, []),
        ("12.2.0", "12.2.0", PLANTED.replace("CVE-2026-40192", "old"), ["pillow: no hole is named"]),
        (
            "12.2.0",
            "12.2.0",
            PLANTED.replace("pillow", "jinja2"),
            ["jinja2 is not in pyproject.toml", "jinja2 is not in requirements.txt"],
        ),
    ],
)
def test_a_floor_that_is_too_low_is_seen(project: str, pinned: str, rows: str, found: list[str]) -> None:
    assert (
        too_low(table(rows), PROJECT.format(project), f"pillow=={pinned} \\\n    --hash=sha256:0\n") == found
    )
