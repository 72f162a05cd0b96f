"""`python -m tests.upgrade --from COMMIT` upgrades a site that is in use, and prints a line of JSON for each database.

The version of the commit (a tag, a hash) is laid out in a folder of its own and serves; people register through it
while this version upgrades the database, then through both side by side, and through this one alone when the old one
has ended. Told is how long the upgrade took, how many each version registered in each phase, who was asked to wait and
for how long at most, every error, and whether all who were told yes are there, each once and with one mail.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from conference.app import create_app
from conference.config import load_settings
from conference.db.base import db
from conference.mail.tables import OutboxRow
from conference.people.tables import PersonRow
from conference.registration.tables import RegistrationRow
from conference.running.restore import broken_invariants
from tests.benchmarks.servers import office_environment
from tests.factories.ports import free_port
from tests.faults.mail import fresh_postgresql
from tests.upgrade.visiting import Visitors

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 120
PHASE_S = 5.0
# By the version's own code: later ones may ask for more.
_SEED = """
import os
from conference.app import create_app
from conference.config import load_settings
from tests.factories.registration import make_category
with create_app(load_settings({k: v for k, v in os.environ.items() if k.startswith("CONFERENCE_")}, "test")).app_context():
    make_category("Participant", seats=None)
"""


def lay_out(commit: str, folder: Path) -> None:
    """Write the tree of the commit into the folder. Raises CalledProcessError for one that is not here."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as tree:
        tree.extractall(folder, filter="data")


def environment(url: str, instance: Path, tree: Path) -> dict[str, str]:
    """Return the environment of commands of the version that lies in the tree."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    ours = {"CONFERENCE_MAIL_PORT": "9", "PYTHONPATH": str(tree)}
    return clean | office_environment(url, instance) | ours


def conference(tree: Path, env: dict[str, str], *words: str) -> float:
    """Run a command of that version and return its seconds; its words come with the error where it fails."""
    began = time.monotonic()
    said = subprocess.run(
        [sys.executable, "-m", "conference.cli", *words],
        cwd=tree,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise RuntimeError(
            f"conference {' '.join(words)} ended with {said.returncode}:\n{said.stdout}{said.stderr}"
        )
    return round(time.monotonic() - began, 1)


@contextmanager
def serving(tree: Path, env: dict[str, str]) -> Iterator[int]:
    """Let that version serve with two web processes; yield the port, and end it as systemd does."""
    port = free_port()
    command = [sys.executable, "-m", "conference.cli", "serve", "--port", str(port), "--no-worker"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=tree, env=env, stdout=log, stderr=log)
        try:
            Visitors.wait(port, STARTS_WITHIN_S, process)
            yield port
            process.send_signal(signal.SIGTERM)
            if process.wait(60) != 0:
                log.seek(0)
                raise RuntimeError(
                    f"the server ended with {process.returncode}:\n{log.read().decode()[-3000:]}"
                )
        finally:
            process.kill()
            process.wait()


def upgraded(url: str, folder: Path, commit: str) -> dict[str, Any]:
    """Return the figures of one upgrade."""
    old, instance = folder / "old", folder / "instance"
    lay_out(commit, old)
    before, now = environment(url, instance, old), environment(url, instance, ROOT)
    conference(old, before, "db", "upgrade")
    subprocess.run([sys.executable, "-c", _SEED], cwd=old, env=before, check=True)
    visitors = Visitors()
    visitors.begin("before")
    with serving(old, before) as old_port, visitors.at(old_port):
        visitors.phase("before", PHASE_S)
        visitors.begin("while the database is upgraded")
        upgrade_s = conference(ROOT, now, "db", "upgrade")
        visitors.phase("old version on the new tables", PHASE_S)
        with serving(ROOT, now) as new_port, visitors.at(old_port, new_port):
            visitors.phase("both versions", PHASE_S)
            visitors.go_to(new_port)
            # Those who are in a request of the old one are answered first, as a server in front waits for them.
            visitors.phase("new version alone", PHASE_S)
            visitors.end()
    return {"upgrade_s": upgrade_s, **visitors.figures(), **found(now, visitors.answered_yes())}


def found(env: dict[str, str], told_yes: set[str]) -> dict[str, Any]:
    """Return what is in the database, compared with what people were told."""
    ours = {name: value for name, value in env.items() if name.startswith("CONFERENCE_")}
    with create_app(load_settings(ours, "test")).app_context():
        addresses = db.session.scalars(
            select(PersonRow.email).join(RegistrationRow, RegistrationRow.person_id == PersonRow.id)
        ).all()
        told = db.session.execute(select(OutboxRow.recipient, func.count()).group_by(OutboxRow.recipient))
        told = db.session.execute(select(OutboxRow.recipient, func.count()).group_by(OutboxRow.recipient))
        mails = {row[0]: row[1] for row in told}
        wrong = broken_invariants()
        database = db.engine.dialect.name
        db.session.remove()
        db.engine.dispose()
    twice = [one for one, count in Counter(addresses).items() if count > 1]
    return {
        "database": database,
        "lost": len(told_yes - set(addresses)),
        "twice": len(twice),
        "without_one_mail": sum(mails.get(one) != 1 for one in told_yes),
        "invariants": wrong,
    }


def migrations_of(tree: Path) -> str:
    return ScriptDirectory(str(tree / "migrations")).get_current_head() or "none"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    parser.add_argument(
        "--from", dest="commit", required=True, help="The version that is in use: a tag or a commit."
    )
    commit = parser.parse_args().commit
    is_well = True
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if kind == "sqlite":
                figures = upgraded(f"sqlite:///{folder}/office.sqlite3", folder, commit)
            else:
                with fresh_postgresql() as url:
                    figures = upgraded(url, folder, commit)
            steps = f"{migrations_of(folder / 'old')} to {migrations_of(ROOT)}"
        print(json.dumps({"from": commit, "migrations": steps, **figures}), flush=True)
        is_well &= not (figures["errors"] or figures["lost"] or figures["twice"] or figures["invariants"])
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
