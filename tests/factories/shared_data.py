"""Real schedules that lie beside the repository, and are no part of it."""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2].parent / "shared" / "data"
SCHEDULES = ("fosdem-2024-anonymised.xml", "fosdem-2007-anonymised.xml", "31c3-anonymised.xml")


def shared_file(name: str) -> Path:
    """Return the file. Where it is missing the test fails in CI, and is skipped elsewhere with a word."""
    path = FOLDER / name
    if not path.exists():
        assert os.environ.get("CI") != "true", f"{path} is needed in CI"
        pytest.skip(f"NOT TESTED against a real schedule: {path} is missing")
    return path
