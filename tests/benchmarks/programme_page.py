"""`programme-page`: the public day with 100 talks, in this process with all that stands around a request, in CPU time.

The floor is the smallest honest application that renders 100 talks from a query, in the same rounds. Two lines: the
page from the version's cache, and `programme-304`, who has the page already. Beside them what the page costs when it
is made (`made_us`) and at 1,000 talks (`at_1000_us`), and how many times the time at 100 that is (`growth`).
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import create_engine, text
from werkzeug.test import EnvironBuilder

from tests.benchmarks.programme_data import PATH, prepare_office
from tests.benchmarks.register import ROUNDS, prepare_floor
from tests.benchmarks.servers import databases, office_environment

TALKS, MANY_TALKS = 100, 1_000
KEPT = "conference.shared_pages"


class Reader:
    """Asks one address of an application as a server does, and reads the answer whole."""

    def __init__(self, app: Flask, path: str, headers: Sequence[tuple[str, str]] = ()) -> None:
        self.app = app
        self._environ = EnvironBuilder(path=path, base_url="http://127.0.0.1/", headers=headers).get_environ()

    def ask(self) -> tuple[str, dict[str, str], bytes]:
        """Return status, headers and body."""
        told: list[tuple[str, dict[str, str]]] = []

        def start(
            status: str, headers: list[tuple[str, str]], _error: object = None
        ) -> Callable[[bytes], object]:
            told.append((status, dict(headers)))
            return lambda _bytes: None

        parts: Any = self.app(dict(self._environ), start)
        body = b"".join(parts)
        parts.close()
        return *told[0], body

    def rate(self, count: int) -> float:
        """Return answers a CPU second."""
        before = time.process_time()
        for _ in range(count):
            self.ask()
        return count / (time.process_time() - before)


def fill_floor(url: str) -> None:
    """Give the floor its hundred talks."""
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


def _floor(url: str) -> Flask:
    prepare_floor(url)
    fill_floor(url)
    os.environ["FLOOR_DATABASE_URL"] = url
    from tests.benchmarks import floor  # it reads the address when it is loaded

    return floor.app


def _checked(app: Flask, floor: Flask) -> tuple[Reader, Reader, Reader]:
    """Return who asks for the page, who has it already, and who asks the floor; each has got what it should."""
    page, floor_page = Reader(app, PATH), Reader(floor, "/programme")
    status, headers, body = page.ask()
    assert (status, body.count(b"Talk number") >= TALKS) == ("200 OK", True)
    has_it = Reader(app, PATH, [("If-None-Match", headers["ETag"])])
    assert has_it.ask()[0] == "304 NOT MODIFIED"
    assert floor_page.ask()[2].count(b"Talk number") == TALKS
    return page, has_it, floor_page


def _made_us(app: Flask, times: int = 5) -> float:
    """Return the CPU time of the page when this process has not made it yet, all else being warm."""
    reader, taken = Reader(app, PATH), []
    for _ in range(times):
        app.extensions.pop(KEPT, None)
        taken.append(1e6 / reader.rate(1))
    return statistics.median(taken)


def measure(count: int) -> list[dict[str, Any]]:
    """Return the figures of both lines, from so many requests of each in each round."""
    with (
        databases() as (url, floor_url),
        databases() as (many_url, _),
        tempfile.TemporaryDirectory() as instance,
    ):
        app, queries = prepare_office(office_environment(url, Path(instance)), TALKS)
        many, _ = prepare_office(office_environment(many_url, Path(instance)), MANY_TALKS)
        page, has_it, floor = _checked(app, _floor(floor_url))
        readers = {"page": page, "304": has_it, "floor": floor, "many": Reader(many, PATH)}
        rates: dict[str, list[float]] = {name: [] for name in readers}
        for reader in readers.values():
            reader.rate(20)
        for _ in range(ROUNDS):
            for name, reader in readers.items():
                rates[name].append(reader.rate(count))
        made_us = _made_us(app)
        rate = {name: statistics.median(found) for name, found in rates.items()}
        _close(app, many)
    more = {
        "made_us": round(made_us),
        "at_1000_us": round(1e6 / rate["many"]),
        "growth": round(rate["page"] / rate["many"], 3),
    }
    return [
        _line("programme-page", count, rate["page"], rate["floor"], queries) | more,
        _line("programme-304", count, rate["304"], rate["floor"], queries),
    ]


def _line(name: str, count: int, rate: float, floor_rate: float, queries: int) -> dict[str, Any]:
    return {
        "name": name,
        "count": count,
        "rate": round(rate, 1),
        "floor_rate": round(floor_rate, 1),
        "ratio": round(rate / floor_rate, 3),
        "peak_rss_mib": round(psutil.Process().memory_info().rss / 2**20, 1),
        "queries": queries,
    }


def _close(*apps: Flask) -> None:
    from conference.db.base import db  # of the applications, not of the floor
    from tests.benchmarks import floor  # loaded by `_floor`, once its address is known

    for app in apps:
        with app.app_context():
            db.engine.dispose()
    with floor.app.app_context():
        floor.db.engine.dispose()


def main(arguments: list[str]) -> list[dict[str, Any]]:
    """Return both lines; `--count` requests of each in each of five interleaved rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    return measure(parser.parse_args(arguments).count)
