"""`programme-page`: the public day with 100 talks, against the floor rendering 100 talks from a query."""

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.benchmarks.programme_data import prepare_office
from tests.benchmarks.register import ROUNDS, _prepare_floor
from tests.benchmarks.servers import Served, Visitor, databases, office_environment, served

TALKS = 100


def _round(server: Served, path: str, count: int) -> float:
    """Return pages a CPU second."""
    before = server.cpu_s()
    visitor = Visitor(server.port)
    for _ in range(count):
        status, body = visitor.ask("GET", path)
        assert status == 200, body
        assert body.count("Talk number") >= TALKS
    visitor.connection.close()
    return count / (server.cpu_s() - before)


def _fill_floor(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for number in range(TALKS):
            talk = {
                "title": f"Talk number {number}",
                "start": "09:00",
                "room": "Aula",
                "speaker": "Åsa Exempelsson",
            }
            connection.execute(text("INSERT INTO floor_talk VALUES (:title, :start, :room, :speaker)"), talk)
    engine.dispose()


def measure(count: int) -> dict[str, Any]:
    """Return the figures of so many pages in each round."""
    with databases() as (office_url, floor_url), tempfile.TemporaryDirectory() as instance:
        environment = office_environment(office_url, Path(instance))
        path, queries = prepare_office(environment)
        _prepare_floor(floor_url)
        _fill_floor(floor_url)
        with (
            served("conference.app:production_app()", environment) as office,
            served("tests.benchmarks.floor:app", {"FLOOR_DATABASE_URL": floor_url}) as floor,
        ):
            for server, page in ((office, path), (floor, "/programme")):
                _round(server, page, 20)
            rates: list[float] = []
            floor_rates: list[float] = []
            for _ in range(ROUNDS):
                rates.append(_round(office, path, count))
                floor_rates.append(_round(floor, "/programme", count))
            peak = office.rss_mib()
    rate, floor_rate = statistics.median(rates), statistics.median(floor_rates)
    return {
        "name": "programme-page",
        "count": count,
        "rate": round(rate, 1),
        "floor_rate": round(floor_rate, 1),
        "ratio": round(rate / floor_rate, 3),
        "peak_rss_mib": round(peak, 1),
        "queries": queries,
    }


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` pages in each of five interleaved rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    return measure(parser.parse_args(arguments).count)
