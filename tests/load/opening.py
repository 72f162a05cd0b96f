"""`opening`: registration opens, and everybody is there. Each client opens the programme and the form, thinks, sends it, and reads
what came of it.

First the crowd comes with its thinking time over `--seconds`, to the office and to the floor: `ratio` is of these two rates. Then both
are driven as fast as they can by a few clients who do not think, in turns: `most_ratio`, of which the office mails each registration
meanwhile, on the same cores, and the floor nobody. A page is timed by each of its answers, the queue's page being one;
`through_p95_ms` is from the first try to the page itself, all waits in the queue included. `cpu_ratio` is visits for a second of the
web processes' CPU beside the floor's, which other work on the machine changes least; it has no bar.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, func, select

from conference.app import create_app
from conference.config import load_settings
from conference.db.base import db
from conference.jobs.model import CLAIMABLE, JobState
from conference.mail.tables import OutboxRow
from conference.running.limits import WEB_THREADS
from tests.benchmarks.programme_data import publish
from tests.benchmarks.programme_page import TALKS, fill_floor
from tests.benchmarks.register import ASKED, answers, prepare_floor, prepare_office
from tests.benchmarks.servers import Served, hidden_fields, office_environment
from tests.factories.coming import put_event_off
from tests.load import crowd
from tests.load.crowd import Browser, Tally, Visit
from tests.load.places import Pair, pair, served_floor, served_office, sink, web_cpu_s

# Of the time that the crowd has: within the first part a client comes, within the second it thinks over the form.
COMES_WITHIN, THINKS_WITHIN = 0.35, 0.6
# As many as there are threads: each of them is busy, and nobody is asked to come again.
ROUNDS, AT_ONCE = 4, 2 * WEB_THREADS
# Of the mails of the rounds before; more than any machine takes.
ALL_MAILED_WITHIN_S = 300
BAR_RATIO, BAR_P95_MS = 0.6, 2_000
# As fast as both can the office's worker mails each registration on the same cores, while the floor mails nobody.
BAR_MOST_RATIO = 0.35
OFFICE_SENT, FLOOR_SENT = "/register/sent", "/sent"


def visit_of(sent: str, seconds: float, chance: random.Random) -> Visit:
    """Return a whole visit, from the programme to the page after the form, over these seconds; 0: without thinking."""

    async def visit(browser: Browser, number: int) -> None:
        await asyncio.sleep(chance.uniform(0, COMES_WITHIN * seconds))
        await browser.page("GET", "/programme")
        form = await browser.page("GET", "/register")
        await asyncio.sleep(chance.uniform(0, THINKS_WITHIN * seconds))
        fields = answers(number, ASKED) | hidden_fields(form.body.decode())
        answer = await browser.page("POST", "/register", fields, expects=303)
        if not answer.fields.get("location", "").endswith(sent):
            raise crowd.VisitError("led elsewhere")
        await browser.page("GET", sent)

    return visit


def saturated(
    server: Served, sent: str, seconds: float, numbers: "itertools.count[int]", patience_s: float
) -> Tally:
    """Return what AT_ONCE clients get done in these seconds, one visit after the other; what was begun is finished."""
    once = visit_of(sent, 0, random.Random(0))

    async def again(browser: Browser, _number: int) -> None:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            await once(browser, next(numbers))
            # The next one is somebody else, who comes without a cookie and over a connection of their own: over kept
            # ones all would stay with the process that took them first, and the rate were a matter of chance.
            browser.cookies.clear()
            browser.close()
            tally_of[0] += 1

    tally_of = [0]
    before = web_cpu_s(server)
    tally = crowd.send([(again, 0)] * AT_ONCE, server.port, seconds, patience_s)
    tally.completed, tally.cpu_s = tally_of[0], web_cpu_s(server) - before
    return tally


@contextmanager
def migrated(environment: dict[str, str]) -> Iterator[Flask]:
    """Yield the application within its context, its database at this version; let go of the database at the end."""
    app = create_app(load_settings(environment, "test"))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def all_mailed(url: str) -> None:
    """Return once the office's worker has sent what waits: the floor sends nothing, and is measured with the machine to itself."""
    engine, until = create_engine(url), time.monotonic() + ALL_MAILED_WITHIN_S
    open_mails = select(func.count()).where(OutboxRow.state.in_((*CLAIMABLE, JobState.RUNNING)))
    while True:
        with engine.connect() as line:
            waiting = line.scalar(open_mails)
        if not waiting:
            break
        if time.monotonic() > until:
            raise TimeoutError(f"{waiting} mails are not sent after {ALL_MAILED_WITHIN_S} s")
        time.sleep(0.2)
    engine.dispose()


def _prepared(places: Pair, mail_port: int) -> tuple[dict[str, str], dict[str, str]]:
    environment = office_environment(places.office_url, places.folder)
    environment["CONFERENCE_MAIL_PORT"] = str(mail_port)
    writes = crowd.writes_in(prepare_office(environment, ASKED))
    with migrated(environment):
        publish(TALKS)
        put_event_off()
    prepare_floor(places.floor_url)
    fill_floor(places.floor_url)
    return environment, {"FLOOR_DATABASE_URL": places.floor_url, "FLOOR_WRITES": str(writes)}


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Return the line: the crowd at the office and at the floor, and both as fast as they can."""
    chance = random.Random(7)
    with pair(given.database) as places, sink() as mail_port:
        environment, floor_environment = _prepared(places, mail_port)
        with served_office(environment) as office, served_floor(floor_environment) as floor:
            numbers = itertools.count(1_000_000)
            both = ((office, OFFICE_SENT), (floor, FLOOR_SENT))
            for server, sent in both:
                saturated(server, sent, 0.5, numbers, given.patience)
            tallies = []
            for server, sent in both:
                visits = [(visit_of(sent, given.seconds, chance), number) for number in range(given.clients)]
                tallies.append(crowd.send(visits, server.port, given.seconds, given.patience))
                all_mailed(places.office_url)
            rounds: list[list[Tally]] = []
            for _ in range(given.rounds):
                rounds.append([])
                for server, sent in both:
                    rounds[-1].append(saturated(server, sent, given.saturate, numbers, given.patience))
                    all_mailed(places.office_url)
    return _told(given, tallies[0], tallies[1], rounds, int(floor_environment["FLOOR_WRITES"]))


def _per_cpu_s(tally: Tally) -> float:
    return tally.completed / max(0.01, tally.cpu_s)


def _told(
    given: argparse.Namespace, office: Tally, floor: Tally, rounds: list[list[Tally]], writes: int
) -> dict[str, Any]:
    most, floor_most = (statistics.median(pair_[side].rate() for pair_ in rounds) for side in (0, 1))
    ratios = [pair_[0].rate() / max(0.001, pair_[1].rate()) for pair_ in rounds]
    errors = office.errors + sum((pair_[0].errors for pair_ in rounds), start=office.errors.__class__())
    figures: dict[str, Any] = {
        "name": "opening",
        "database": given.database,
        "clients": given.clients,
        "seconds": given.seconds,
        **crowd.told(office),
        "floor_rate": round(floor.rate(), 2),
        "floor_p95_ms": crowd.quantile_ms(floor.answers_s, 0.95),
        "ratio": round(office.rate() / max(0.001, floor.rate()), 3),
        "most_rate": round(most, 2),
        "floor_most_rate": round(floor_most, 2),
        "most_ratio": round(statistics.median(ratios), 3),
        "cpu_ratio": round(
            statistics.median(_per_cpu_s(one) / max(0.001, _per_cpu_s(other)) for one, other in rounds), 3
        ),
        "writes": writes,
    }
    figures["errors"] = sum(errors.values())
    bars = {
        "errors": figures["errors"] == 0,
        "ratio": figures["ratio"] >= BAR_RATIO,
        "most_ratio": figures["most_ratio"] >= BAR_MOST_RATIO,
        "p95_ms": figures["p95_ms"] < BAR_P95_MS,
    }
    return figures | {"what": dict(errors), "missed": [name for name, holds in bars.items() if not holds]}


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the figures of one run."""
    parser = argparse.ArgumentParser(prog="python -m tests.load opening")
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="over which the crowd comes and thinks")
    parser.add_argument("--saturate", type=float, default=5.0, help="seconds of each round without thinking")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many of them")
    parser.add_argument(
        "--patience", type=float, default=30.0, help="seconds that a client waits for an answer"
    )
    return measure(parser.parse_args(arguments))
