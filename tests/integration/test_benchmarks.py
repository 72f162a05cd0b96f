"""Each benchmark prints its one line. What it measures is not judged here: a shared machine would flake."""

import json
import os
import subprocess

import pytest

from tests.factories.forked import command

KEYS = ["name", "count", "rate", "floor_rate", "ratio", "peak_rss_mib", "queries"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    return command(arguments, clean, "tests.benchmarks.__main__")


@pytest.mark.parametrize(
    ("name", "count", "keys"),
    [
        ("badges", 8, [*KEYS, "bytes_per_item"]),
        ("badge-http", 10, [*KEYS, "p50_ms", "p95_ms", "floor_p50_ms", "floor_p95_ms"]),
        ("booklet", 3, [*KEYS, "bytes_per_item", "pages", "cpu_s", "fosdem_cpu_s"]),
        # The CPU time of another process is told in steps of 10 ms: fewer requests may take none.
        ("register", 20, KEYS),
        ("programme-304", 20, KEYS),
        ("registrations-list", 300, KEYS),
        ("import-registrations", 300, KEYS),
        ("mail", 40, [*KEYS, "enqueue_cpu_s", "rss_growth_mib"]),
        ("campaign", 150, [*KEYS, "cpu_s", "wall_s", "longest_write_s", "longest_act_s"]),
        (
            "conflicts",
            200,
            [
                *KEYS,
                "check_ms",
                "all_ms",
                "all_ratio",
                "laid_out_check_ms",
                "laid_out_all_ms",
                "move_ms",
                "heatmap_ms",
            ],
        ),
        ("schedule-page", 20, [*KEYS, "frame_ms", "long_tasks", "data_kib"]),
        ("demo-start", 1, [*KEYS, "cold_s", "second_s"]),
    ],
)
def test_a_benchmark_prints_one_line_with_its_keys(name: str, count: int, keys: list[str]) -> None:
    answer = run(name, "--count", str(count))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("\n") == 1
    figures = json.loads(answer.stdout)
    assert list(figures) == keys
    assert (figures["name"], figures["count"]) == (name, count)


def test_the_programme_page_prints_a_second_line_for_who_has_it_already() -> None:
    answer = run("programme-page", "--count", "20")
    assert answer.returncode == 0, answer.stderr
    page, has_it = map(json.loads, answer.stdout.splitlines())
    assert list(page) == [*KEYS, "made_us", "at_1000_us", "growth"]
    assert list(has_it) == KEYS
    assert (page["name"], has_it["name"]) == ("programme-page", "programme-304")
    # What a shared machine cannot change: a page that is kept costs one statement, however many talks it has.
    assert (page["queries"], has_it["queries"]) == (1, 1)


def test_an_unknown_benchmark_is_one_sentence() -> None:
    answer = run("nothing")
    usage = "Usage: python -m tests.benchmarks {badge-http,badges,booklet,campaign,conflicts,demo-start,import-registrations,mail,programme-304,programme-page,register,registrations-list,schedule-page} [--count N]\n"
    assert (answer.returncode, answer.stdout, answer.stderr) == (2, "", usage)
