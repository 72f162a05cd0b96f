"""`app`: the whole office is killed again and again, at random instants, while people register (trust.md 27).

Four clients register over HTTP, one person after the other. Each round waits for some yeses, and then kills with -9, after a
random time, in turn: one web process, all of them, the office as a whole with its parent and its worker. On PostgreSQL
each round ends the server too, before or after: by `pg_ctl stop -m immediate`, or by -9 on the postmaster and its children.
Then all begins again. Who was not answered sends the same form again.

For each database one line: how many `kills` there were, and `how`; who was `answered_yes`, and how many of them are `present`
exactly once; the places of the ledger, `seats_taken`, and the registrations' own, `seats_counted`; the `mails`: registrations with
exactly one mail; how many forms were `repeated`, and how many of them because
they were `refused` as busy; and `faults`, all that was not as it must be. `sound` says whether all is equal.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import make_url, select, text

from conference.app import create_app
from conference.db.base import db
from conference.mail.tables import OutboxRow
from conference.people.tables import PersonRow
from conference.registration.category_queries import get_category
from conference.registration.model import SEATED, State
from conference.registration.tables import RegistrationRow
from conference.running.restore import broken_invariants
from tests.benchmarks.servers import office_environment
from tests.conftest import settings_for
from tests.factories.coming import put_event_off
from tests.factories.own_postgres import OwnPostgres, kill_all, own_postgres
from tests.factories.ports import free_port
from tests.factories.registration import make_category
from tests.factories.smtp import mailserver
from tests.faults.offices import Loaded, Served
from tests.faults.registering import CATEGORY
from tests.faults.stream import Stream, Told

# So many yeses open a round: each process that will be killed has been at work.
YESES_A_ROUND = 8
LONGEST_WAIT_S = 0.3
# Fewer than come in a trial, so that some wait for a place.
SEATS_A_ROUND = 5
# How a round kills the web's side, in turn.
ONE, ALL, OFFICE = "one web process", "all web processes", "the office"
IMMEDIATE, KILLED = "postgresql -m immediate", "postgresql -9"


@dataclass(slots=True)
class Killer:
    """Who kills: counts the rounds' `kills` of processes, or of a whole server, and `how` often each was done."""

    office: Served
    server: OwnPostgres | None
    chance: random.Random = field(default_factory=random.Random)
    kills: int = 0
    how: Counter[str] = field(default_factory=Counter)

    def play(self, number: int) -> None:
        """Kill at two random instants, in either order, and begin again what does not by itself."""
        web = (ONE, ALL, OFFICE)[number % 3]
        deeds = [web] if self.server is None else [web, (IMMEDIATE, KILLED)[number % 2]]
        self.chance.shuffle(deeds)
        for deed in deeds:
            time.sleep(self.chance.uniform(0, LONGEST_WAIT_S))
            self._do(deed)
        if self.server is not None:
            self.server.start()
        if web == OFFICE:
            self.office.begin()

    def _do(self, deed: str) -> None:
        self.how[deed] += 1
        if deed == OFFICE:
            self.kills += self.office.end()
        elif deed in {ONE, ALL}:
            web = self.office.web()
            self.kills += kill_all(self.chance.sample(web, min(len(web), 1)) if deed == ONE else web)
        else:
            assert self.server is not None
            (self.server.stop_immediately if deed == IMMEDIATE else self.server.kill)()
            self.kills += 1


def played(office: Served, port: int, rounds: int, server: OwnPostgres | None) -> tuple[Told, Killer]:
    """Return what the clients were told in so many rounds, and who killed; the office is begun and closed here."""
    stream, killer = Stream(port), Killer(office=office, server=server)
    try:
        office.begin()
        stream.begin()
        try:
            for number in range(rounds):
                stream.wait_for(YESES_A_ROUND)
                killer.play(number)
            stream.wait_for(YESES_A_ROUND)
        finally:
            told = stream.end()
    finally:
        office.close()
    return told, killer


def found(told: Told) -> dict[str, Any]:
    """Return what the application's database says to what the clients were told."""
    people = select(RegistrationRow.id, RegistrationRow.state, PersonRow.email).join_from(
        RegistrationRow, PersonRow, PersonRow.id == RegistrationRow.person_id
    )
    rows = db.session.execute(people).all()
    times = Counter(row.email for row in rows)
    states = Counter(row.state for row in rows)
    about = select(OutboxRow.about_id).where(OutboxRow.about_type == "registration")
    mails = Counter(db.session.scalars(about))
    ledger = get_category(CATEGORY).ledger
    faults = [*told.faults, *broken_invariants(), *_damage()]
    if ledger.waiting != states[State.WAITING]:
        faults.append(f"{ledger.waiting} wait by the ledger, {states[State.WAITING]} by their rows")
    figures = {
        "answered_yes": len(told.yes),
        "present": sum(times[email] == 1 for email in told.yes),
        "registrations": len(rows),
        "seats_taken": ledger.taken,
        "seats_counted": sum(count for state, count in states.items() if state in SEATED),
        "mails": sum(mails[row.id] == 1 for row in rows),
        "mails_in_all": mails.total(),
        "repeated": told.repeated,
        "refused": told.refused,
        "faults": faults,
    }
    db.session.rollback()
    return figures


def _damage() -> list[str]:
    """Return what the database itself finds broken; PostgreSQL's own recovery has spoken by answering at all."""
    if db.engine.dialect.name != "sqlite":
        return []
    said = db.session.scalars(text("PRAGMA integrity_check")).all()
    return [] if said == ["ok"] else list(said)


def is_sound(figures: dict[str, Any]) -> bool:
    """Return whether nothing was lost, doubled or counted wrongly, and nobody met an error."""
    told = len(
        {figures[name] for name in ("answered_yes", "present", "registrations", "mails", "mails_in_all")}
    )
    return told == 1 and figures["seats_taken"] == figures["seats_counted"] and not figures["faults"]


def trial(
    url: str, folder: Path, rounds: int, bear: Callable[..., Served], server: OwnPostgres | None = None
) -> dict[str, Any]:
    """Return the line of so many rounds on this database, which is migrated already or empty."""
    begun = time.monotonic()
    app = create_app(settings_for(url, folder))
    with app.app_context(), mailserver() as mails:
        prepare(app, rounds)
        port = free_port()
        environment = office_environment(url, folder) | {"CONFERENCE_MAIL_PORT": str(mails.port)}
        told, killer = played(bear(port, environment), port, rounds, server)
        figures = found(told)
        db.session.remove()
        db.engine.dispose()
    return {
        "name": "app",
        "database": make_url(url).get_backend_name(),
        "rounds": rounds,
        "kills": killer.kills,
        "how": dict(sorted(killer.how.items())),
        **figures,
        "sound": is_sound(figures),
        "seconds": round(time.monotonic() - begun, 1),
    }


def prepare(app: Flask, rounds: int) -> None:
    """Migrate the database, and open the registration with places for so many rounds."""
    with app.app_context():
        flask_migrate.upgrade()
        assert make_category(seats=SEATS_A_ROUND * rounds) == CATEGORY
        put_event_off()
        # Nobody of this process may be connected when the server is stopped.
        db.session.remove()
        db.engine.dispose()


@contextmanager
def place(database: str, memory: Path | None = None) -> Iterator[tuple[str, Path, OwnPostgres | None]]:
    """Yield the address of an empty database, a folder, and the server; all on the disk, or where `memory` says."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        if database == "sqlite":
            yield f"sqlite:///{folder / 'office.sqlite3'}", folder, None
        else:
            server = stack.enter_context(own_postgres(memory))
            yield server.url, folder, server


def main(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield a line for each database that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults app", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--loaded", action="store_true", help="fork the processes from one that has loaded the application"
    )
    given = parser.parse_args(arguments)
    for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        with place(database) as (url, folder, server):
            yield trial(url, folder, given.rounds, Loaded if given.loaded else Served, server)
