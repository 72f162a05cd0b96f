"""The loops that do what was written into outboxes, as a process of their own or as threads."""

import logging
import os
import secrets
import socket
import threading
import time

from flask import Flask

from conference.jobs import registry
from conference.jobs.registry import BatchSource, JobSource, LongSource
from conference.jobs.wake import wait_for_work, wake
from conference.web.registry import Registry

log = logging.getLogger(__name__)
POLL_S = 1.0
LET_GO_S = 1.0
# How often the main thread looks whether it was told to stop.
LOOK_S = 0.1
# What a dialogue may take once the worker was told to stop (six seconds), what writing it down may (two), and a rest.
ENDING_S = 8.5


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

    def give_back(self) -> None:
        """Give back what this worker has in hand of sources that take long; without a database the leases run out."""
        for name, source in self._sources.items():
            if isinstance(source, LongSource):
                try:
                    with self._app.app_context():
                        source.give_back(self._owner)
                except Exception as error:  # noqa: BLE001 -- the process must end all the same
                    log.error("%s: %s, its leases run out", name, type(error).__name__)  # noqa: TRY400 -- as in _run_source

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


class LongWork:
    """A thread of a worker for what takes long, so that no mail waits for a paper."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        self._worker = Worker(app, sources=_divided()[1])
        # Not waited for at the end of the process, whatever it is at.
        self._thread = threading.Thread(target=self._worker.run, args=(stop,), name="long work", daemon=True)
        self._thread.start()

    def let_go(self) -> None:
        """Once the worker was told to stop: return after LET_GO_S at most, with what is in hand given back."""
        wake()
        self._thread.join(LET_GO_S)
        self._worker.give_back()


def short_sources() -> Registry[JobSource]:
    """Return the sources whose rows are done soon."""
    return _divided()[0]


def run_worker(app: Flask, stop: threading.Event, concurrency: int = 1) -> bool:
    """Work off every source of the application until `stop` is set; return whether all in hand was finished then.

    What `conference worker` and the demo run. Each of so many threads is a worker of its own, with its own name on
    what it claims; what takes long has one more. Once `stop` is set it returns within ENDING_S: what a silent name
    service or a locked database still holds then is left to its lease, and its thread ends with the process.
    """
    long_work = LongWork(app, stop)
    threads = [
        threading.Thread(
            target=Worker(app, sources=short_sources()).run,
            args=(stop,),
            name=f"worker {number}",
            daemon=True,
        )
        for number in range(1, concurrency + 1)
    ]
    for thread in threads:
        thread.start()
    # No `stop.wait()`: a signal that came within it would set the event under the very lock that it holds.
    while not stop.is_set():
        time.sleep(LOOK_S)
    ends_at = time.monotonic() + ENDING_S
    wake()
    leaving = threading.Thread(target=long_work.let_go, name="leaving", daemon=True)
    leaving.start()
    for thread in (*threads, leaving):
        thread.join(max(0.0, ends_at - time.monotonic()))
    late = [thread.name for thread in (*threads, leaving) if thread.is_alive()]
    if late:
        log.warning(
            "%s: what is in hand did not end in time, and waits for the end of its lease", ", ".join(late)
        )
    return not late


def _divided() -> tuple[Registry[JobSource], Registry[JobSource]]:
    """Return the application's sources: those that are done soon, and those that can take long."""
    short: Registry[JobSource] = Registry("short job source")
    long: Registry[JobSource] = Registry("long job source")
    for name, source in registry.sources.items():
        (long if isinstance(source, LongSource) else short).fill(name, source)
    return short, long
