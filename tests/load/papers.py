"""`papers`: people register while members of staff draw booklets and large lists without a pause.

The crowd comes twice over `--seconds` with its thinking time, first alone and then beside them. The figures are the second
one's; `alone_p95_ms` is the first one's, and `slowed` how many times slower a page was at p95. `papers` were drawn meanwhile, a
booklet and a workbook of all registrations in turn; `papers_refused` is how often one was asked to come again, because the process
draws another one already. Each of them waits for one before the next is asked for.
"""

import argparse
import itertools
import random
import time
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from conference.accounts.service import open_session
from conference.core.clock import real_now
from conference.db.work import transact
from conference.web.access import Role
from tests.benchmarks.badge_http import cookie_name, signed
from tests.benchmarks.programme_data import publish
from tests.benchmarks.programme_page import TALKS
from tests.benchmarks.register import ask
from tests.benchmarks.registration_rows import fill_rows
from tests.benchmarks.servers import office_environment
from tests.factories.accounts import make_member
from tests.factories.coming import put_event_off
from tests.factories.registration import make_category
from tests.load import crowd
from tests.load.crowd import Browser, Tally, VisitError
from tests.load.opening import BAR_P95_MS, OFFICE_SENT, all_mailed, migrated, saturated, visit_of
from tests.load.places import Pair, pair, served_office, sink

REGISTRATIONS = 3_000
PAPERS = (
    ("/staff/programme.pdf?version=published", b"%PDF-"),
    ("/staff/registrations/export?format=xlsx", b"PK"),
)


def _drawn(cookies: dict[str, str], seconds: float, first: int) -> crowd.Visit:
    """Return a member of staff's work: one paper after the other until the time is over."""

    async def draw(browser: Browser, _number: int) -> None:
        ends_at = time.monotonic() + seconds
        browser.cookies |= cookies
        for path, beginning in itertools.islice(itertools.cycle(PAPERS), first, None):
            if time.monotonic() >= ends_at:
                return
            paper = await browser.page("GET", path)
            if not paper.body.startswith(beginning):
                raise VisitError(f"no paper at {path}")

    return draw


def _count_on(session: Session) -> None:
    """Let the people who register come after those that were written with numbers of their own."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT setval(pg_get_serial_sequence('person', 'id'), :last)"), {"last": REGISTRATIONS}
        )


def _prepared(
    given: argparse.Namespace, places: Pair, mail_port: int
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Fill the office; return its settings and the cookie of each member of staff."""
    environment = office_environment(places.office_url, places.folder)
    environment["CONFERENCE_MAIL_PORT"] = str(mail_port)
    with migrated(environment) as app:
        category = make_category(name="Participant")
        ask(category)
        fill_rows(category, REGISTRATIONS)
        transact(_count_on)
        publish(TALKS)
        put_event_off()
        cookies = []
        for _ in range(given.staff):
            member = make_member(Role.DESK)
            token = transact(lambda session: open_session(session, member, now=real_now()))  # noqa: B023 -- run at once
            cookies.append({cookie_name(app): signed(app, token)})
    return environment, cookies


def _crowd(given: argparse.Namespace, chance: random.Random, turn: int) -> list[tuple[crowd.Visit, int]]:
    """Return visits of people who are not registered yet."""
    first = 10 * REGISTRATIONS + turn * given.clients
    return [(visit_of(OFFICE_SENT, given.seconds, chance), first + number) for number in range(given.clients)]


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Return the line: the crowd alone, and beside them."""
    chance = random.Random(7)
    with pair(given.database) as places, sink() as mail_port:
        environment, cookies = _prepared(given, places, mail_port)
        with served_office(environment) as office:
            crowds = [_crowd(given, chance, turn) for turn in range(2)]
            saturated(office, OFFICE_SENT, 0.5, itertools.count(20 * REGISTRATIONS), given.patience)
            alone = crowd.send(crowds[0], office.port, given.seconds, given.patience)
            all_mailed(places.office_url)
            drawing = [(_drawn(one, given.seconds, number), number) for number, one in enumerate(cookies)]
            busy, drawn = crowd.send_beside([crowds[1], drawing], office.port, given.seconds, given.patience)
    return _told(given, alone, busy, drawn)


def _told(given: argparse.Namespace, alone: Tally, busy: Tally, drawn: Tally) -> dict[str, Any]:
    alone_p95_ms = crowd.quantile_ms(alone.answers_s, 0.95)
    errors = alone.errors + busy.errors + drawn.errors
    figures: dict[str, Any] = {
        "name": "papers",
        "database": given.database,
        "clients": given.clients,
        "seconds": given.seconds,
        **crowd.told(busy),
        "alone_p95_ms": alone_p95_ms,
        "slowed": round(crowd.quantile_ms(busy.answers_s, 0.95) / max(0.1, alone_p95_ms), 1),
        "staff": given.staff,
        "papers": len(drawn.through_s),
        "papers_refused": drawn.refused,
        "papers_p95_ms": crowd.quantile_ms(drawn.through_s, 0.95),
        "errors": sum(errors.values()),
    }
    bars = {"errors": figures["errors"] == 0, "p95_ms": figures["p95_ms"] < BAR_P95_MS}
    return figures | {"what": dict(errors), "missed": [name for name, holds in bars.items() if not holds]}


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the figures of one run."""
    parser = argparse.ArgumentParser(prog="python -m tests.load papers")
    parser.add_argument("--clients", type=int, default=600)
    parser.add_argument("--seconds", type=float, default=30.0, help="over which the crowd comes and thinks")
    parser.add_argument("--staff", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--patience", type=float, default=30.0, help="seconds that a client waits for an answer"
    )
    return measure(parser.parse_args(arguments))
