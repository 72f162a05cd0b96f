"""`registrations-list`: the office's first page with a search, with 200 registrations as the floor of 20,000.

The search finds 50 in both, so that both pages are full and only the looking differs.
`rate` and `floor_rate` are pages a second of real time, so that the database's part counts too.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import flask_migrate
import psutil
from flask.testing import FlaskClient

from conference.app import create_app
from conference.config import load_settings
from conference.db.base import db
from conference.db.work import counted_statements
from conference.web.access import Role
from tests.benchmarks.registration_rows import FOUND, fill_rows
from tests.benchmarks.servers import databases, office_environment
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category

FEW = 200
PAGES = 40
PAGE = "/staff/registrations?text=asa+karolinska"


def _prepared(url: str, folder: Path, rows: int) -> FlaskClient:
    app = create_app(load_settings(office_environment(url, folder), "test"))
    with app.app_context():
        flask_migrate.upgrade()
        fill_rows(make_category(name="Participant"), rows)
        client = app.test_client()
        sign_in(client, Role.ORGANISER)
        db.session.remove()
    for _ in range(5):
        assert client.get(PAGE).text.count("Karolinska Institutet") == min(FOUND, rows)
    return client


def _seconds(client: FlaskClient) -> float:
    before = time.perf_counter()
    client.get(PAGE)
    return time.perf_counter() - before


def _queries(client: FlaskClient) -> int:
    with client.application.app_context(), counted_statements() as statements:
        client.get(PAGE)
    return len(statements)


def measure(count: int) -> dict[str, Any]:
    """Return the figures with so many registrations; both pages are asked for in turn."""
    with databases() as (many_url, few_url), tempfile.TemporaryDirectory() as folder:
        clients = [_prepared(many_url, Path(folder), count), _prepared(few_url, Path(folder), FEW)]
        taken = [[_seconds(client) for client in clients] for _ in range(PAGES)]
        many_s, few_s = (statistics.median(times) for times in zip(*taken, strict=True))
        queries = _queries(clients[0])
        for client in clients:
            with client.application.app_context():
                db.engine.dispose()
    return {
        "name": "registrations-list",
        "count": count,
        "rate": round(1 / many_s, 1),
        "floor_rate": round(1 / few_s, 1),
        "ratio": round(few_s / many_s, 3),
        "peak_rss_mib": round(psutil.Process().memory_info().rss / 2**20, 1),
        "queries": queries,
    }


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` registrations beside the floor's 200."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    return measure(parser.parse_args(arguments).count)
