"""`badge-http`: one badge at the desk through HTTP, from the press of the button to the last byte of its PDF.

A press is a POST that notes the print and a GET of the file it leads to. Two desks press at the same time, against two
gunicorn workers, with 2,000 registrations in the database; the floor draws a badge's lines on a bare canvas behind one
route. Both are asked in turns. `rate` and `floor_rate` are presses a second of one desk, of the medians; p50 and p95 are
milliseconds of real time.
"""

import argparse
import http.client
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import flask_migrate
from flask import Flask

from conference.accounts.service import open_session
from conference.app import create_app
from conference.config import load_settings
from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.web.access import Role
from tests.benchmarks.registration_rows import fill_rows
from tests.benchmarks.servers import databases, office_environment, served
from tests.factories.accounts import make_member
from tests.factories.registration import make_category

REGISTRATIONS = 2000
DESKS = 2
TURNS = 5
WARMING = 10
Press = Callable[[int], float]


class Desk:
    """One browser at the desk: a connection, its cookies and the token of its forms."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self._port = port
        self._connection = self._connected()
        self._cookies = dict(cookies)
        page = self._ask("GET", "/staff/registrations/1/badge")[2].decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None, page[:500]
        self._token = found.group(1)

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)

    def begin(self) -> Callable[[int], float]:
        """Return how to press from now on, over a connection of its own: an idle one is closed by the server."""
        self._connection = self._connected()
        return self.press

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, kept = value.split(";", 1)[0].partition("=")
                self._cookies[key] = kept
        return answer.status, answer.getheader("Location", ""), content

    def press(self, number: int) -> float:
        """Return the seconds from the press to the whole PDF."""
        begun = time.perf_counter()
        body = urlencode({"csrf_token": self._token})
        status, location, said = self._ask(
            "POST", f"/staff/registrations/{number % REGISTRATIONS + 1}/badge", body
        )
        assert status == 303, said[:500]
        _, _, pdf = self._ask("GET", location)
        took = time.perf_counter() - begun
        assert pdf.startswith(b"%PDF-"), pdf[:500]
        return took


def _floor_press(port: int) -> Callable[[int], float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def press(number: int) -> float:
        begun = time.perf_counter()
        connection.request("GET", f"/badge/{number}.pdf")
        content = connection.getresponse().read()
        assert content.startswith(b"%PDF-")
        return time.perf_counter() - begun

    return press


def _prepared(environment: dict[str, str]) -> tuple[list[dict[str, str]], int]:
    """Return the cookies of each desk, and the statements of one press."""
    app = create_app(load_settings(environment, "test"))
    with app.app_context():
        flask_migrate.upgrade()
        fill_rows(make_category(name="Participant"), REGISTRATIONS)
        member = make_member(Role.DESK)
        tokens = [
            transact(lambda session: open_session(session, member, now=real_now())) for _ in range(DESKS)
        ]
        cookies = [{cookie_name(app): signed(app, token)} for token in tokens]
        db.session.remove()
        count = _statements(app, cookies[0])
        db.engine.dispose()
    return cookies, count


def cookie_name(app: Flask) -> str:
    """Return the name of the cookie that holds a session."""
    return str(app.config["SESSION_COOKIE_NAME"])


def signed(app: Flask, token: str) -> str:
    """Return the cookie of a member of staff who holds this token."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the default interface
    return str(serializer.dumps({"staff": token}))


def _statements(app: Flask, cookies: Mapping[str, str]) -> int:
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    page = client.get("/staff/registrations/1/badge").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    with counted_statements() as statements:
        answer = client.post("/staff/registrations/1/badge", data={"csrf_token": found.group(1)})
        assert client.get(answer.location).content_type == "application/pdf"
    return len(statements)


def _turn(desks_begin: Sequence[Callable[[], Press]], numbers: range) -> list[float]:
    """Let each desk press for its share of the numbers at the same time, and return how long each press took."""
    presses = [begin() for begin in desks_begin]
    with ThreadPoolExecutor(len(presses)) as desks:
        shares = [numbers[place :: len(presses)] for place in range(len(presses))]
        done = desks.map(
            lambda pair: [pair[0](number) for number in pair[1]], zip(presses, shares, strict=True)
        )
        return [took for share in done for took in share]


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` presses in five turns, the floor's beside them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=400)
    count: int = parser.parse_args(arguments).count
    with databases() as (url, floor_url), tempfile.TemporaryDirectory() as instance:
        environment = office_environment(url, Path(instance))
        cookies, queries = _prepared(environment)
        with (
            served("conference.app:production_app()", environment) as office,
            served("tests.benchmarks.badge_floor:app", {"FLOOR_DATABASE_URL": floor_url}) as floor,
        ):
            desks = [Desk(office.port, one).begin for one in cookies]
            floors = [partial(_floor_press, floor.port) for _ in range(DESKS)]
            each = max(DESKS, count // TURNS)
            for presses in (desks, floors):
                _turn(presses, range(WARMING))
            times: list[float] = []
            floor_times: list[float] = []
            for turn in range(TURNS):
                numbers = range(turn * each, (turn + 1) * each)
                times += _turn(desks, numbers)
                floor_times += _turn(floors, numbers)
            peak = office.rss_mib()
    median, floor_median = statistics.median(times), statistics.median(floor_times)
    return {
        "name": "badge-http",
        "count": count,
        "rate": round(1 / median, 1),
        "floor_rate": round(1 / floor_median, 1),
        "ratio": round(floor_median / median, 3),
        "peak_rss_mib": round(peak, 1),
        "queries": queries,
        "p50_ms": round(median * 1000, 1),
        "p95_ms": round(_percentile(times, 0.95) * 1000, 1),
        "floor_p50_ms": round(floor_median * 1000, 1),
        "floor_p95_ms": round(_percentile(floor_times, 0.95) * 1000, 1),
    }
