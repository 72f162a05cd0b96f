"""The loop that does what was written into outboxes, as a process of its own or as a thread."""

import logging
import os
import secrets
import socket
import threading

from flask import Flask

from conference.jobs import registry
from conference.jobs.registry import BatchSource, JobSource
from conference.jobs.wake import wait_for_work, wake
from conference.web.registry import Registry

log = logging.getLogger(__name__)
POLL_S = 1.0


def new_owner() -> str:
    """Return a name for a worker that no other one ever had: host, process and a random word."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"


class Worker:
    """Claims and runs rows of all sources, one at a time, until told to stop."""

    def __init__(
        self,
        app: Flask,
        owner: str | None = None,
        sources: Registry[JobSource] | None = None,
        poll_s: float = POLL_S,
    ) -> None:
        self._app = app
        self._owner = owner or new_owner()
        self._sources = sources or registry.sources
        self._poll_s = poll_s

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a row in hand is finished first. Rests only when nothing is due."""
        while not stop.is_set():
            if not self.run_due(stop):
                wait_for_work(self._poll_s)

    def run_due(self, stop: threading.Event | None = None) -> int:
        """Return how many rows were run of one claim, or one batch, of each source."""
        done = 0
        for name, source in self._sources.items():
            done += self._run_source(name, source, stop or threading.Event())
        return done

    def _run_source(self, name: str, source: JobSource, stop: threading.Event) -> int:
        try:
            if isinstance(source, BatchSource):
                with self._app.app_context():
                    return source.work_off(self._owner, stop)
            return self._run_one_by_one(source, stop)
        except Exception as error:  # noqa: BLE001 -- a worker outlives every job and every pause of the database
            # Only the type: the text of a database error may hold a statement's values.
            log.error("%s: %s, will look again", name, type(error).__name__)  # noqa: TRY400 -- no traceback for the same reason
        return 0

    def _run_one_by_one(self, source: JobSource, stop: threading.Event) -> int:
        done = 0
        with self._app.app_context():
            claimed = source.claim(self._owner)
        for job_id in claimed:
            if stop.is_set():
                break  # the lease of what is left runs out, and another worker takes it up
            with self._app.app_context():
                source.run(job_id, self._owner)
            done += 1
        return done


def run_worker(app: Flask, stop: threading.Event, concurrency: int = 1) -> None:
    """Work off every source of the application until `stop` is set, in so many threads.

    What `conference worker` and the demo run. Each thread is a worker of its own, with its own name on what it claims.
    """
    threads = [
        threading.Thread(target=Worker(app).run, args=(stop,), name=f"worker {number}")
        for number in range(1, concurrency)
    ]
    for thread in threads:
        thread.start()
    Worker(app).run(stop)
    for thread in threads:
        wake()
        thread.join()
