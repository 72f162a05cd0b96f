"""A worker in a process of its own, with its guard in place or taken out.

    python -m tests.faults.sending DATABASE_URL INSTANCE SMTP_PORT LEASE_S GUARD

Says "ready", waits for a line, and works until it is ended. GUARD is "claim", or "naive": look for a mail that is
due, and mark it as one's own in a second step, as many programs do.
"""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from conference.app import create_app
from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.model import CLAIMABLE, JobState
from conference.jobs.worker import Worker
from conference.mail import outbox
from conference.mail.tables import OutboxRow
from tests.conftest import settings_for

LEASE = timedelta(minutes=2)


def _between() -> None:
    """Let another worker come between the look and the mark."""
    time.sleep(0.02)


def _naive_claim(owner: str, **_more: object) -> list[int]:
    due = select(OutboxRow.id).where(OutboxRow.state.in_(CLAIMABLE), OutboxRow.due_at <= real_now())
    found = db.session.scalars(due.order_by(OutboxRow.id).limit(1)).all()
    db.session.rollback()
    _between()
    mine = {"state": JobState.RUNNING, "lease_owner": owner, "lease_until": real_now() + LEASE, "attempts": 1}
    transact(lambda session: session.execute(update(OutboxRow).where(OutboxRow.id.in_(found)).values(**mine)))
    return list(found)


def main(database_url: str, instance: str, port: str, lease_s: str, guard: str) -> None:
    settings = settings_for(database_url, Path(instance), MAIL_PORT=port, LEASE_S=lease_s)
    if guard == "naive":
        vars(outbox)["_claim"] = _naive_claim
    worker = Worker(create_app(settings), poll_s=0.05)
    print("ready", flush=True)
    sys.stdin.readline()
    worker.run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
