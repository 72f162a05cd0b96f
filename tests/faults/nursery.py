"""A process that bears workers: it has loaded the application, so that each begins in milliseconds.

    python -m tests.faults.nursery DATABASE_URL INSTANCE SMTP_PORT LEASE_S [BROKER_URL]

Says "ready"; for each line it reads, the seconds of a rest, it forks a worker, which works until it is
killed and looks for work so often, and says its process id. To the line "broker" it forks one that Celery runs.
It opens no connection and starts no thread before, so a worker shares nothing with it or with another.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from conference.app import create_app
from conference.jobs.broker_worker import run_broker_worker
from conference.jobs.worker import Worker
from tests.conftest import settings_for


def main(database_url: str, instance: str, port: str, lease_s: str, broker_url: str = "") -> None:
    given = {"MAIL_PORT": port, "LEASE_S": lease_s, "BROKER_URL": broker_url}
    app = create_app(settings_for(database_url, Path(instance), **given))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed leaves nothing behind
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0 and line == "broker\n":
            run_broker_worker(app)
        elif child == 0:
            Worker(app, poll_s=float(line)).run(threading.Event())
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
