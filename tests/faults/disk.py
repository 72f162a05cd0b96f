"""`disk`: the disk becomes full under a stream of registrations, and has room again (trust.md 30). Needs root, to mount small ones.

A small disk of memory is mounted, and the database and the instance folder lie on it. Each round waits for some yeses, fills it
to the last byte, waits until forms are refused and none is answered yes any more, reads two pages, and makes room again.

For each database one line, as `app` has it: who was answered yes, also in the last bytes, is there once, with a place and a
mail; nobody met an error; `refused` says how many answers said that nothing can be saved, `read` how many pages of the full
site were answered with 200, `sent_twice` how many mails a worker could not note as sent, and `restarts` how often a PostgreSQL server that could not write its log had to be begun again.
"""

import argparse
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from conference.app import create_app
from conference.db.base import db
from tests.benchmarks.servers import Visitor, office_environment
from tests.conftest import settings_for
from tests.factories.own_postgres import OwnPostgres
from tests.factories.ports import free_port
from tests.factories.smtp import mailserver
from tests.faults.app import YESES_A_ROUND, found, is_sound, place, prepare
from tests.faults.offices import Loaded
from tests.faults.stream import GIVES_UP_AFTER_S, Stream

# PostgreSQL's own files take some 60 MB before the first row.
SIZE = "160m"
PAGES = ("/", "/register")
ENOUGH_REFUSED = 12
# So long without a yes, while forms are refused, and the last free bytes are used.
QUIET_S = 1.5
_PIECE = 1 << 16


@contextmanager
def small_disk() -> Iterator[Path]:
    """Yield a folder on a disk of its own; raises CalledProcessError where one may not be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill_up(folder: Path) -> Path:
    """Write a file until not a byte more is taken, and return it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for piece in (_PIECE, 1):
            with suppress(OSError):
                while file.write(b"\0" * piece):
                    pass
    return filler


def _wait_until_full(stream: Stream) -> None:
    until, refused = time.monotonic() + GIVES_UP_AFTER_S, stream.told.refused
    seen, since = len(stream.told.yes), time.monotonic()
    while stream.told.refused < refused + ENOUGH_REFUSED or time.monotonic() < since + QUIET_S:
        assert time.monotonic() < until, "the disk never became full"
        if len(stream.told.yes) != seen:
            seen, since = len(stream.told.yes), time.monotonic()
        time.sleep(0.05)


def _read(port: int) -> int:
    visitor = Visitor(port)
    return sum(visitor.ask("GET", page)[0] == 200 for page in PAGES)


def trial(database: str, rounds: int) -> dict[str, Any]:
    """Return the line of so many full disks on this database."""
    begun = time.monotonic()
    with small_disk() as disk, place(database, disk) as (url, folder, server), mailserver() as mails:
        app = create_app(settings_for(url, folder))
        prepare(app, rounds)
        port = free_port()
        environment = office_environment(url, folder) | {"CONFERENCE_MAIL_PORT": str(mails.port)}
        office, stream = Loaded(port, environment), Stream(port)
        office.begin()
        stream.begin()
        read = restarts = 0
        try:
            for _ in range(rounds):
                stream.wait_for(YESES_A_ROUND)
                filler = fill_up(disk)
                _wait_until_full(stream)
                read += _read(port) if server is None or not server.is_gone() else 0
                filler.unlink()
                restarts += _begun_again(server)
            stream.wait_for(YESES_A_ROUND)
        finally:
            told = stream.end()
            office.close()
        with app.app_context():
            figures, sent = found(told), Counter(mails.message_ids())
            db.session.remove()
            db.engine.dispose()
    return {
        "name": "disk",
        "database": make_url(url).get_backend_name(),
        "rounds": rounds,
        **figures,
        "read": read,
        "sent_twice": sent.total() - len(sent),
        "restarts": restarts,
        "sound": is_sound(figures) and figures["refused"] >= rounds * ENOUGH_REFUSED,
        "seconds": round(time.monotonic() - begun, 1),
    }


def _begun_again(server: OwnPostgres | None) -> int:
    if server is None or not server.is_gone():
        return 0
    server.start()
    return 1


def main(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield a line for each database that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults disk", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args(arguments)
    for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        yield trial(database, given.rounds)
