"""`demo-start`: from the start of `conference demo` to its first page, against a bare Flask process.

`cold_s` begins with an empty database and an empty instance folder, `second_s` with what the first start left;
`rate` and `floor_rate` are starts a second, `rate` of the cold ones. Medians of `--count` interleaved rounds.
"""

import argparse
import resource
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from conference.app import create_app
from conference.db.base import db
from conference.db.work import counted_statements
from conference.demo.state import demo_settings, find_state
from tests.benchmarks.servers import databases
from tests.factories.demonstration import demonstration, first_page
from tests.factories.ports import free_port


def _floor_s() -> float:
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.bare", str(port)]
    with first_page(command, port, {}) as page:
        assert page.status == 200, page.text
        return page.seconds


def _start_s(instance: Path, url: str) -> float:
    with demonstration(instance, DATABASE_URL=url) as page:
        assert page.status == 200, page.text
        return page.seconds


def _queries(instance: Path) -> int:
    """Return the statements of the first page."""
    state = find_state(instance)
    assert state is not None
    app = create_app(demo_settings({"CONFERENCE_INSTANCE": str(instance)}, state))
    with app.app_context():
        with counted_statements() as statements:
            assert app.test_client().get("/").status_code == 200
        db.session.remove()
        db.engine.dispose()
    return len(statements)


def _peak_rss_mib() -> float:
    """Return the most memory that one of the started processes held: the demonstration's, which is the largest."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` rounds of a floor's start, a cold one and a second one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=5)
    count: int = parser.parse_args(arguments).count
    floors, colds, seconds, queries = [], [], [], 0
    _floor_s()  # the files are read from disk once, not once a round
    for _ in range(count):
        with databases() as (url, _), tempfile.TemporaryDirectory() as instance:
            floors.append(_floor_s())
            colds.append(_start_s(Path(instance), url))
            seconds.append(_start_s(Path(instance), url))
            queries = _queries(Path(instance))
    floor_s, cold_s, second_s = (statistics.median(times) for times in (floors, colds, seconds))
    return {
        "name": "demo-start",
        "count": count,
        "rate": round(1 / cold_s, 3),
        "floor_rate": round(1 / floor_s, 3),
        "ratio": round(floor_s / cold_s, 3),
        "peak_rss_mib": round(_peak_rss_mib(), 1),
        "queries": queries,
        "cold_s": round(cold_s, 2),
        "second_s": round(second_s, 2),
    }
