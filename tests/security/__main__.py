"""`python -m tests.security crawl [--deep] [--database postgresql]` crawls by hand; `access-page` writes who may do what.

`crawl` prints each finding as a line, and a last line of JSON; it ends with 1 where anything was found. `audit` asks about
known holes in what requirements.txt pins, and ends with 0 where there is none, 1 where there is one, 2 where it could not be
asked: NOT RUN. Its further arguments go to pip-audit, as in `--vulnerability-service osv`.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from sqlalchemy import make_url

from conference.app import create_app
from conference.db.base import db
from tests.conftest import opened, settings_for
from tests.factories.databases import Pool, running_postgres
from tests.security.access_page import write
from tests.security.audit import audit
from tests.security.crawler import crawl, endpoints_of, ground_of, make_world


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.security", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    crawling = commands.add_parser(
        "crawl", help="follow every link and send every form as each kind of person"
    )
    crawling.add_argument(
        "--deep", action="store_true", help="more rows, and each bad value in each field: about an hour"
    )
    crawling.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    crawling.add_argument(
        "--records", action="store_true", help="over one record of each kind, without a demonstration"
    )
    crawling.add_argument("--reader", action="append", default=[], help="only as this person, as in “desk”")
    commands.add_parser(
        "access-page", help="write the README's section on access, and tests/security/ACCESS.md"
    )
    auditing = commands.add_parser("audit", help="ask about known holes in what requirements.txt pins")
    auditing.add_argument("service", nargs=argparse.REMAINDER, help="arguments of pip-audit")
    chosen = parser.parse_args(words)
    if chosen.command == "audit":
        return _audit(chosen.service)
    if chosen.command == "access-page":
        return _access_page()
    return _crawl(chosen.database, chosen.reader, is_whole=not chosen.records, is_deep=chosen.deep)


def _audit(service: list[str]) -> int:
    outcome = audit(service=service)
    print(outcome.as_line())
    print(outcome.in_words(), file=sys.stderr)
    return int(outcome.state)


def _access_page() -> int:
    with tempfile.TemporaryDirectory() as folder:
        write(create_app(settings_for(f"sqlite:///{folder}/none.sqlite3", Path(folder))))
    return 0


def _crawl(database: str, readers: list[str], *, is_whole: bool, is_deep: bool) -> int:
    logging.disable(logging.WARNING)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        instance, kept = Path(folder) / "instance", Path(folder) / "kept"
        instance.mkdir()
        with _database(database, instance) as url, opened(url, instance) as app:
            world = make_world(app, instance, with_demonstration=is_whole, is_deep=is_deep)
            with ground_of(url, instance, kept) as ground:
                found = crawl(app, world, ground, readers=readers, is_deep=is_deep, is_told=True)
    for line in found.lines:
        print(line)
    every = {method: endpoints_of(app, method) for method in ("GET", "POST")}
    print("never opened:", *sorted(every["GET"] - found.looked_at))
    print("never taken:", *sorted(every["POST"] - found.accepted))
    print("shown and not for an account limited to tracks:", *sorted(found.beyond))
    figures = {"database": database, "findings": len(found.lines), "requests": dict(found.asked)}
    told = {"looked_at": len(found.looked_at), "sent": len(found.sent), "accepted": len(found.accepted)}
    print(json.dumps(figures | told | {"seconds": round(time.monotonic() - began)}))
    return 1 if found.findings else 0


@contextmanager
def _database(kind: str, instance: Path) -> Iterator[str]:
    """Yield the address of a migrated database."""
    if kind == "sqlite":
        url = f"sqlite:///{instance / 'conference.sqlite3'}"
        _migrate(url, instance)
        yield url
        return
    with running_postgres() as server:
        _migrate(server, instance)
        pool = Pool(server, str(make_url(server).database))
        yield pool.take().url


def _migrate(url: str, instance: Path) -> None:
    app = create_app(settings_for(url, instance))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
