"""`import-registrations`: a CSV file of 20,000 rows through the ledger, beside bare inserts of as many rows.

`rate` and `floor_rate` are rows a CPU second; `peak_rss_mib` is how much the process grew while it imported.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import flask_migrate
import psutil

from conference.app import create_app
from conference.audit.model import BY_SYSTEM
from conference.config import load_settings
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.registration.importing import Fate, ImportOrder, counts, import_all
from tests.benchmarks.registration_rows import fill_rows
from tests.benchmarks.servers import databases, office_environment
from tests.factories.registration import make_category


def _file(folder: Path, count: int) -> Path:
    lines = (f"Åsa,Exempelsson {one},asa{one}@demo.example,Hospital {one % 300},SE" for one in range(count))
    path = folder / "list.csv"
    path.write_text("\n".join(["Given name,Family name,E-mail,Affiliation,Country", *lines]), "utf-8")
    return path


def _floor_s(url: str, folder: Path, count: int) -> float:
    with create_app(load_settings(office_environment(url, folder), "test")).app_context():
        flask_migrate.upgrade()
        category, before = make_category(), time.process_time()
        fill_rows(category, count)
        taken = time.process_time() - before
        db.engine.dispose()
    return taken


def measure(count: int) -> dict[str, Any]:
    """Return the figures of one import of so many rows."""
    with databases() as (office_url, floor_url), tempfile.TemporaryDirectory() as folder:
        path = _file(Path(folder), count)
        with create_app(load_settings(office_environment(office_url, Path(folder)), "test")).app_context():
            flask_migrate.upgrade()
            make_category()
            rss, before = psutil.Process().memory_info().rss, time.process_time()
            order = ImportOrder(path=path, category="Participant")
            with counted_statements() as statements:
                rows = transact(lambda session: import_all(session, order, actor=BY_SYSTEM, now=clock.now()))
            taken, grown = time.process_time() - before, psutil.Process().memory_info().rss - rss
            assert counts(rows)[Fate.NEW] == count
            db.engine.dispose()
        floor_s = _floor_s(floor_url, Path(folder), count)
    return {
        "name": "import-registrations",
        "count": count,
        "rate": round(count / taken, 1),
        "floor_rate": round(count / floor_s, 1),
        "ratio": round(floor_s / taken, 3),
        "peak_rss_mib": round(grown / 2**20, 1),
        "queries": len(statements) // count,
    }


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    return measure(parser.parse_args(arguments).count)
