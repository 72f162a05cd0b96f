"""`morning`: the queue at the doors. Desks scan, admit and now and then print a badge, while those who wait look at the programme, at
their registration and at their ticket.

The crowd comes over `--seconds`, to the office and to a floor that answers as many requests with as many writes an admission;
then the desks alone admit as fast as they can, in turns. `completed` counts admissions and visits, `rate` admissions a second.
"""

import argparse
import asyncio
import itertools
import random
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from conference.accounts.service import open_session
from conference.audit.model import by_staff
from conference.core.clock import clock, real_now
from conference.core.ids import RegistrationId
from conference.db.work import counted_statements, transact
from conference.registration.attending import mark_attended
from conference.registration.links import link_of
from conference.web.access import Role
from tests.benchmarks.badge_http import cookie_name, signed
from tests.benchmarks.programme_data import publish
from tests.benchmarks.programme_page import TALKS, fill_floor
from tests.benchmarks.register import prepare_floor
from tests.benchmarks.registration_rows import fill_rows
from tests.benchmarks.servers import office_environment
from tests.factories.accounts import make_member
from tests.factories.coming import put_event_off
from tests.factories.registration import make_category
from tests.load import crowd
from tests.load.crowd import Browser, Tally, VisitError
from tests.load.opening import ROUNDS, migrated
from tests.load.places import Pair, pair, served_floor, served_office, sink

REGISTRATIONS = 3_000
ATTENDEES_FROM = 2_500
# Seconds between two people at a desk, and each how many of them gets a badge.
BETWEEN_S, PRINTED_EACH = (1.0, 5.0), 8
BAR_RATIO, BAR_P95_MS = 0.6, 2_000
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """How the office is worked with: a cookie for each desk, and the personal links of those who look."""

    cookies: tuple[dict[str, str], ...]
    links: tuple[str, ...]


class Desk:
    """One desk: whom it admits next, and how."""

    def __init__(self, number: int, doors: Doors | None, seconds: float, chance: random.Random) -> None:
        self._doors, self._number, self._chance, self._seconds = doors, number, chance, seconds
        self.admitted = 0
        self.last_at = 0.0

    async def work(self, browser: Browser, _number: int) -> None:
        """Admit one after the other until the time is over."""
        ends_at = time.monotonic() + self._seconds
        if self._doors is not None:
            browser.cookies |= self._doors.cookies[self._number]
        while time.monotonic() < ends_at:
            await self.admit(browser)
            await asyncio.sleep(min(self._chance.uniform(*BETWEEN_S), max(0.0, ends_at - time.monotonic())))

    async def admit(self, browser: Browser) -> None:
        whom = next(_people)
        if self._doors is None:
            await self._admit_at_floor(browser)
        else:
            await self._admit(browser, whom)
        self.admitted += 1
        self.last_at = time.monotonic()

    async def _admit(self, browser: Browser, whom: int) -> None:
        scanned = await browser.page("GET", f"/staff/desk?text={whom:020}", expects=303)
        page = await browser.page("GET", scanned.fields["location"])
        token = _TOKEN.search(page.body.decode())
        if token is None:
            raise VisitError("a badge's page without a form")
        one, form = f"/staff/registrations/{whom}", {"csrf_token": token[1]}
        if (self.admitted + self._number) % PRINTED_EACH == PRINTED_EACH - 1:
            printed = await browser.page("POST", f"{one}/badge", form, expects=303)
            paper = await browser.page("GET", printed.fields["location"])
            if not paper.body.startswith(b"%PDF-"):
                raise VisitError("a badge that is no PDF")
        here = await browser.page("POST", f"{one}/here", form, expects=303)
        await browser.page("GET", here.fields["location"])

    async def _admit_at_floor(self, browser: Browser) -> None:
        await browser.page("GET", "/sent")
        await browser.page("GET", "/register")
        if (self.admitted + self._number) % PRINTED_EACH == PRINTED_EACH - 1:
            await browser.page("POST", "/seen", {}, expects=303)
            await browser.page("GET", "/sent")
        await browser.page("POST", "/seen", {}, expects=303)
        await browser.page("GET", "/sent")


_people = itertools.cycle(range(1, ATTENDEES_FROM))


def _attendee(link: str, seconds: float, chance: random.Random) -> crowd.Visit:
    pages = (
        ["/programme", f"/r/{link}", f"/r/{link}/ticket.pdf"]
        if link
        else ["/programme", "/register", "/sent"]
    )

    async def look(browser: Browser, _number: int) -> None:
        await asyncio.sleep(chance.uniform(0, 0.7 * seconds))
        for path in pages:
            await browser.page("GET", path)
            await asyncio.sleep(chance.uniform(0, 0.1 * seconds))

    return look


def _rate(desks: list[Desk], tally: Tally) -> float:
    took_s = max(desk.last_at for desk in desks) - tally.begun
    return sum(desk.admitted for desk in desks) / max(0.001, took_s)


def _crowd(given: argparse.Namespace, port: int, doors: Doors | None) -> tuple[Tally, int, float]:
    """Return what became of desks and attendees, how many people were admitted, and how many a second."""
    chance = random.Random(7)
    desks = [Desk(number, doors, given.seconds, chance) for number in range(given.desks)]
    links = doors.links if doors else ("",) * given.clients
    visits: list[tuple[crowd.Visit, int]] = [(desk.work, number) for number, desk in enumerate(desks)]
    visits += [(_attendee(link, given.seconds, chance), number) for number, link in enumerate(links)]
    tally = crowd.send(visits, port, given.seconds, given.patience)
    return tally, sum(desk.admitted for desk in desks), _rate(desks, tally)


def _as_fast_as_they_can(given: argparse.Namespace, port: int, doors: Doors | None) -> tuple[float, Tally]:
    """Return admissions a second of all desks, and what became of them."""
    desks = [Desk(number, doors, given.saturate, random.Random(number)) for number in range(given.desks)]

    def work(desk: Desk) -> crowd.Visit:
        async def admit(browser: Browser, number: int) -> None:
            ends_at = time.monotonic() + given.saturate
            browser.cookies |= doors.cookies[number] if doors else {}
            while time.monotonic() < ends_at:
                await desk.admit(browser)

        return admit

    tally = crowd.send(
        [(work(desk), n) for n, desk in enumerate(desks)], port, given.saturate, given.patience
    )
    return _rate(desks, tally), tally


def _prepared(given: argparse.Namespace, environment: dict[str, str]) -> tuple[Doors, int]:
    """Fill the office, and return how it is worked with, and the writes of one admission."""
    with migrated(environment) as app:
        fill_rows(make_category(name="Participant"), REGISTRATIONS)
        publish(TALKS)
        put_event_off()
        member = make_member(Role.DESK)
        tokens = [
            transact(lambda session: open_session(session, member, now=real_now()))
            for _ in range(given.desks)
        ]
        people = [
            ATTENDEES_FROM + number % (REGISTRATIONS - ATTENDEES_FROM) for number in range(given.clients)
        ]
        doors = Doors(
            cookies=tuple({cookie_name(app): signed(app, token)} for token in tokens),
            links=tuple(link_of(number, 1) for number in people),
        )
        last, actor, now = RegistrationId(REGISTRATIONS), by_staff(member), clock.now()
        with counted_statements() as statements:
            transact(lambda session: mark_attended(session, last, actor=actor, now=now))
    return doors, crowd.writes_in(statements)


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Return the line: the morning at the office and at the floor, and the desks of both as fast as they can."""
    with pair(given.database) as places, sink() as mail_port:
        environment = office_environment(places.office_url, places.folder)
        environment["CONFERENCE_MAIL_PORT"] = str(mail_port)
        doors, writes = _prepared(given, environment)
        floor_environment = _prepared_floor(places, writes)
        with served_office(environment) as office, served_floor(floor_environment) as floor:
            sides: list[tuple[int, Doors | None]] = [(office.port, doors), (floor.port, None)]
            for port, where in sides:
                _as_fast_as_they_can(argparse.Namespace(**vars(given) | {"saturate": 0.5}), port, where)
            crowds = [_crowd(given, port, where) for port, where in sides]
            rounds = [
                [_as_fast_as_they_can(given, port, where) for port, where in sides]
                for _ in range(given.rounds)
            ]
    return _told(given, crowds, rounds, writes)


def _prepared_floor(places: Pair, writes: int) -> dict[str, str]:
    prepare_floor(places.floor_url)
    fill_floor(places.floor_url)
    return {"FLOOR_DATABASE_URL": places.floor_url, "FLOOR_WRITES": str(writes)}


def _told(
    given: argparse.Namespace,
    crowds: list[tuple[Tally, int, float]],
    rounds: list[list[tuple[float, Tally]]],
    writes: int,
) -> dict[str, Any]:
    (office, admitted, rate), (floor, _, floor_rate) = crowds
    errors = sum((one[0][1].errors for one in rounds), start=office.errors)
    figures: dict[str, Any] = {
        "name": "morning",
        "database": given.database,
        "desks": given.desks,
        "clients": given.clients,
        "seconds": given.seconds,
        **crowd.told(office),
        "completed": admitted + given.clients - sum(office.errors.values()),
        "rate": round(rate, 2),
        "floor_rate": round(floor_rate, 2),
        "floor_p95_ms": crowd.quantile_ms(floor.answers_s, 0.95),
        "ratio": round(rate / max(0.001, floor_rate), 3),
        "most_rate": round(statistics.median(one[0][0] for one in rounds), 2),
        "floor_most_rate": round(statistics.median(one[1][0] for one in rounds), 2),
        "most_ratio": round(statistics.median(one[0][0] / max(0.001, one[1][0]) for one in rounds), 3),
        "writes": writes,
        "errors": sum(errors.values()),
    }
    bars = {
        "errors": figures["errors"] == 0,
        "ratio": figures["ratio"] >= BAR_RATIO,
        "p95_ms": figures["p95_ms"] < BAR_P95_MS,
    }
    return figures | {
        "what": dict(Counter(errors)),
        "missed": [name for name, holds in bars.items() if not holds],
    }


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the figures of one run."""
    parser = argparse.ArgumentParser(prog="python -m tests.load morning")
    parser.add_argument("--desks", type=int, default=20)
    parser.add_argument(
        "--clients", type=int, default=300, help="attendees who look at their pages meanwhile"
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--saturate", type=float, default=5.0, help="seconds of each round without pauses")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many of them")
    parser.add_argument(
        "--patience", type=float, default=30.0, help="seconds that a client waits for an answer"
    )
    return measure(parser.parse_args(arguments))
