"""The README tells the truth about settings, commands and rooms."""

import re
from pathlib import Path

from conference.cli import main
from conference.config import SPECS
from conference.registration.rules import MOVES
from tests.benchmarks.__main__ import names

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_begins_with_the_two_commands() -> None:
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    assert headings[:2] == ["Run it", "Test it"]
    for heading in headings[:2]:
        section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
        assert len(re.findall(r"^```sh\n[^\n]+\n```$", section, re.MULTILINE)) == 1, heading


def test_every_setting_is_documented_word_for_word() -> None:
    table = dict(re.findall(r"^\| `CONFERENCE_(\w+)` \|[^|]*\| (.+?) \|$", README, re.MULTILINE))
    assert table == {spec.name: spec.about for spec in SPECS}


def test_every_command_is_documented() -> None:
    documented = set(re.findall(r"^\| `conference (\w+)", README, re.MULTILINE))
    assert documented == set(main.commands)


def test_every_benchmark_is_documented() -> None:
    assert sorted(re.findall(r"-m tests\.benchmarks ([a-z0-9-]+)", README)) == names()


def test_every_room_is_in_the_picture() -> None:
    rooms = {path.name for path in (ROOT / "conference").iterdir() if (path / "__init__.py").is_file()}
    picture = README.split("## How it is built", 1)[1].split("\n## ", 1)[0]
    assert {room for room in rooms if f"`{room}/`" in picture} == rooms


def test_top_level_is_the_clients() -> None:
    allowed = {
        "pyproject.toml",
        "README.md",
        "wsgi.py",
        "conference",
        "migrations",
        "templates",
        "tests",
        "LICENSE",
        "CHANGELOG.md",
        "requirements.txt",
        "__pycache__",
    }
    present = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - {
        "instance",
        "conference_office.egg-info",
        "build",
    }
    assert present <= allowed


def test_the_picture_of_states_is_the_table_of_moves() -> None:
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", README, re.MULTILINE))
    assert drawn == {(now.value, to.value) for now, targets in MOVES.items() for to in targets}
