"""Each load command prints its one line, and nothing in it went wrong. How fast it was is not judged here."""

import json
import os

import pytest

from tests.factories.forked import command

CROWD = ["completed", "refused", "errors", "p50_ms", "p95_ms", "through_p95_ms", "rate"]
FLOOR = ["floor_rate", "floor_p95_ms", "ratio", "most_rate", "floor_most_rate", "most_ratio"]
PAPERS = ["alone_p95_ms", "slowed", "staff", "papers", "papers_refused", "papers_p95_ms"]
# A client is patient, since the machine may do other things.
SMALL = ["--clients", "30", "--seconds", "2", "--patience", "250"]
ONCE = ["--saturate", "0.2", "--rounds", "1"]


@pytest.mark.parametrize(
    ("name", "more", "keys"),
    [
        ("opening", ONCE, ["name", "database", "clients", "seconds", *CROWD, *FLOOR, "cpu_ratio", "writes"]),
        (
            "morning",
            [*ONCE, "--desks", "4"],
            ["name", "database", "desks", "clients", "seconds", *CROWD, *FLOOR, "writes"],
        ),
        ("papers", [], ["name", "database", "clients", "seconds", *CROWD, *PAPERS]),
    ],
    ids=["opening", "morning", "papers"],
)
def test_a_load_command_prints_one_line_without_errors(name: str, more: list[str], keys: list[str]) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CONFERENCE_")}
    answer = command([name, *SMALL, *more], clean, "tests.load.__main__")
    assert answer.stdout.count("\n") == 1, answer.stderr
    figures = json.loads(answer.stdout)
    assert (figures["errors"], figures["what"]) == (0, {}), figures
    assert list(figures) == [*keys, "what", "missed"]
    assert figures["completed"] >= 30
    # The bars are for a machine that does nothing else; the code says whether they held.
    assert answer.returncode == (1 if figures["missed"] else 0)


def test_a_load_that_is_none_is_told_which_there_are() -> None:
    answer = command(["evening"], dict(os.environ), "tests.load.__main__")
    assert (answer.returncode, "{opening,morning,papers}" in answer.stderr) == (2, True)
