"""A crawler of our own: every link and form as each kind of person, with ids swapped and what nobody should send.

Issue 7 and trust.md 20 to 24. It asks the application in this process, each time in the same order. `crawl` returns what it
found; nothing is right. `python -m tests.security crawl --deep` looks at far more rows, and sends each bad value in each field.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask

from tests.security.crawl_checks import Finding, Reader
from tests.security.crawl_ground import Ground, PostgresGround, SqliteGround
from tests.security.crawl_scripts import scripted
from tests.security.crawl_sending import Sending
from tests.security.crawl_world import World, make_world
from tests.security.matrix import MATRIX


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    """What a crawl found, and how far it came: endpoints looked at and taken, and requests by what they were for.

    `beyond`: forms that an account limited to tracks is shown, and refused when it sends them.
    """

    findings: tuple[Finding, ...]
    looked_at: frozenset[str]
    sent: frozenset[str]
    accepted: frozenset[str]
    beyond: frozenset[str]
    asked: Mapping[str, int]

    @property
    def lines(self) -> list[str]:
        """Return each thing found once, with the first place and how many there are."""
        places: dict[tuple[str, str, str], list[Finding]] = {}
        for one in self.findings:
            places.setdefault((one.kind, one.endpoint, one.told), []).append(one)
        return [
            f"{found[0]}" + (f" (and {len(found) - 1} more)" if found[1:] else "")
            for found in places.values()
        ]


@contextmanager
def ground_of(database_url: str, instance: Path, kept: Path) -> Iterator[Ground]:
    """Yield the ground of the application's database as it is now; `kept` is an empty folder for copies."""
    if database_url.startswith("sqlite"):
        ground: Ground = SqliteGround(instance / "conference.sqlite3", instance, kept)
    else:
        ground = PostgresGround(database_url, instance, kept)
    yield ground
    ground.close()


def crawl(
    app: Flask,
    world: World,
    ground: Ground,
    *,
    matrix: Mapping[str, object] = MATRIX,
    readers: Sequence[str] = (),
    is_deep: bool = False,
    is_brief: bool = False,
    is_told: bool = False,
) -> Crawled:
    """Crawl as each of the readers, or as those that are named, and return what was found.

    A brief crawl looks at everything and sends each form as somebody would, and leaves out what nobody should ask for.
    """
    chosen = [one for one in world.readers if not readers or one.name in readers]
    with Sending(app, ground, matrix, is_deep=is_deep, is_brief=is_brief) as crawler:
        told = partial(_told, crawler, is_told=is_told)
        for reader in chosen:
            told("look", reader, crawler.look)
        # What is open to an organiser, and to who holds a link, is all that there is.
        known = [one for one in chosen if one.name in {"organiser", "holders of links"}]
        for reader in chosen:
            crawler.trespass(reader, known)
            crawler.trespass_by_form(reader, known)
        for reader in () if is_brief else chosen:
            told("elsewhere", reader, crawler.elsewhere)
            if is_deep or reader.role is None:
                told("oddly", reader, crawler.oddly)
        for reader in chosen:
            told("send", reader, crawler.send_all)
            told("scripts", reader, lambda one: scripted(crawler, world.records, one))
    return _crawled(crawler, chosen)


def _told(
    crawler: Sending, what: str, reader: Reader, do: Callable[[Reader], object], *, is_told: bool
) -> None:
    """Do one part, and tell what was found until then: a deep crawl may be stopped before its end."""
    began = time.process_time()
    do(reader)
    if is_told:
        took = f"{time.process_time() - began:.1f} s, {len(crawler.findings)} findings until here"
        print(f"{what} {reader.name} {took}", file=sys.stderr, flush=True)


def endpoints_of(app: Flask, method: str) -> set[str]:
    """Return every endpoint that takes this method."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}


def _crawled(crawler: Sending, readers: Sequence[Reader]) -> Crawled:
    return Crawled(
        findings=tuple(crawler.findings),
        looked_at=frozenset(crawler.looked_at),
        sent=frozenset(str(key[0]) for reader in readers for key in reader.forms)
        | frozenset(crawler.scripted),
        accepted=frozenset(crawler.accepted),
        beyond=frozenset(crawler.beyond),
        asked=Counter(crawler.asked),
    )


__all__ = ["Crawled", "crawl", "endpoints_of", "ground_of", "make_world"]
