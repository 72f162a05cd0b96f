"""`conference worker --broker`: a Celery worker and its beat in one process, until SIGTERM."""

import logging
import os
import signal
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler, Service
from celery.platforms import SecurityWarning
from celery.signals import worker_shutting_down
from flask import Flask

from conference.config import Settings
from conference.core.clock import real_now
from conference.jobs.broker import RUN, SWEEP, connected, make_celery
from conference.jobs.registry import AnnouncedSource, LongSource, sources
from conference.jobs.wake import wake
from conference.jobs.worker import LongWork, Worker, new_owner, short_sources

log = logging.getLogger(__name__)
# How often each worker's beat asks for a sweep. Retries, lost leases, reminders and what a broker lost wait so long.
SWEEP_S = 5.0
# A worker that was brought nothing for so long, not even a sweep, does not trust its connection to the broker.
DEAF_AFTER_S = 3 * SWEEP_S
# A sweep ends after about so long; what is left is the next one's.
LONGEST_SWEEP_S = 60.0
# How often the beat looks at its clock, and so the longest that ending waits for it.
LOOK_S = 0.5
# What the last mail may take: six seconds for its dialogue, and one to write it down.
ENDING_S = 7.0
# What Celery may take to part from a silent broker: with the last mail it is less than ten seconds.
PARTING_S = 2.5


class Tasks:
    """What the messages ask for, done in this process."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        self._app = app
        self._stop = stop
        self._in_hand = 0
        self._changed = threading.Condition()
        self.heard_at = time.monotonic()

    @contextmanager
    def _working(self) -> Iterator[None]:
        self.heard_at = time.monotonic()
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._changed:
            self._in_hand += more
            self._changed.notify_all()

    def wait_until_none(self, most_s: float) -> None:
        """Return when nothing is in hand, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand == 0, most_s)

    def run(self, source: str, row_ids: Sequence[int]) -> None:
        """Do those of these rows that are due, under a name of its own on what is claimed.

        For what takes long the thread apart is woken instead.
        """
        try:
            with self._working(), self._app.app_context():
                self._run(source, [int(one) for one in row_ids])
        except Exception as error:  # noqa: BLE001 -- a worker outlives every message; the rows are the sweep's
            # Only the type: the text of a database error may hold a statement's values.
            log.error("a message: %s, its rows are left to the sweep", type(error).__name__)  # noqa: TRY400 -- no traceback for the same reason

    def _run(self, name: str, row_ids: Sequence[int]) -> None:
        source = sources.get(name)
        if isinstance(source, LongSource):
            wake()
        elif isinstance(source, AnnouncedSource):
            source.work_off_rows(new_owner(), row_ids, self._stop)
        else:
            raise LookupError(f"no rows of {name!r} are announced")  # noqa: TRY004 -- a name, from whoever reaches the broker

    def sweep(self) -> None:
        """Do what is due in every source that is done soon, until nothing is or the time is over."""
        worker = Worker(self._app, sources=short_sources())
        until = time.monotonic() + LONGEST_SWEEP_S
        with self._working():
            while not self._stop.is_set() and time.monotonic() < until and worker.run_due(self._stop):
                pass


class Beat(Scheduler):  # type: ignore[misc]  # Celery ships no types
    """Celery's beat, which asks for sweeps; where the broker takes no message, or brings none, it sweeps itself.

    Each worker has one, so that no machine is the one that must not fail. Two sweeps at once do each row once.
    """

    # The base's would wait for a broker that is away.
    producer = None
    tasks: Tasks
    is_broker_away = False

    def apply_async(self, entry: ScheduleEntry, *_ignored: object, **_more: object) -> None:
        try:
            with connected(self.app) as send:
                send(entry.task, expires=SWEEP_S)
        except Exception as error:  # noqa: BLE001 -- whatever a broker's library raises, the rows must be worked off
            self._say(type(error).__name__)
        else:
            self._say("")
        if self.is_broker_away or time.monotonic() - self.tasks.heard_at > DEAF_AFTER_S:
            self.tasks.sweep()

    def _say(self, error: str) -> None:
        """Log when the broker goes and when it comes, once each."""
        if error and not self.is_broker_away:
            log.warning("broker: %s; until it is back this worker looks for what is due by itself", error)
        elif self.is_broker_away and not error:
            log.warning("broker: it is back")
        self.is_broker_away = bool(error)


def run_broker_worker(app: Flask, concurrency: int = 1) -> int:
    """Do what the broker brings and what is due, in so many threads, until SIGTERM; return the exit code.

    Told to end it takes no more messages, finishes the mail in hand, and gives back what it had claimed and not begun.
    """
    settings: Settings = app.extensions["conference.settings"]
    stop = threading.Event()
    tasks = Tasks(app, stop)
    celery = make_celery(settings)
    celery.task(tasks.run, name=RUN)
    celery.task(tasks.sweep, name=SWEEP)
    long_work = LongWork(app, stop)
    with _stopped_by_signal(stop, tasks, long_work), _beating(celery, tasks):
        return _consume(celery, concurrency)


@contextmanager
def _stopped_by_signal(stop: threading.Event, tasks: Tasks, long_work: LongWork) -> Iterator[None]:
    """Let Celery's handlers of SIGTERM and SIGINT tell the tasks too, which Celery would only wait for."""

    def tell(**_told: object) -> None:
        stop.set()
        threading.Thread(target=_leave, args=(tasks, long_work), name="leaving", daemon=True).start()

    worker_shutting_down.connect(tell, weak=False)
    # Until Celery has its handlers, for by then the beat may have a mail in hand.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: tell())
    try:
        yield
    finally:
        stop.set()
        worker_shutting_down.disconnect(tell)
        long_work.let_go()


def _leave(tasks: Tasks, long_work: LongWork) -> None:
    """End the process once nothing is in hand, and Celery has had some time to part from the broker.

    It would wait for as long as a broker is silent, though all that matters stands in the rows.
    """
    threading.Thread(target=long_work.let_go, name="letting go", daemon=True).start()
    tasks.wait_until_none(ENDING_S)
    time.sleep(PARTING_S)
    os._exit(0)


@contextmanager
def _beating(celery: Celery, tasks: Tasks) -> Iterator[None]:
    # The first one at once: what waited while no worker ran has waited for long enough.
    last = real_now() - timedelta(seconds=SWEEP_S)
    celery.conf.beat_schedule = {"sweep": {"task": SWEEP, "schedule": SWEEP_S, "last_run_at": last}}
    scheduler = type("OfficeBeat", (Beat,), {"tasks": tasks})
    service = Service(celery, max_interval=LOOK_S, scheduler_cls=scheduler, remote_control=False)
    thread = threading.Thread(target=service.start, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        service.stop()
        thread.join()


def _consume(celery: Celery, concurrency: int) -> int:
    # Its warning to root is of pickle, which is not read here, and names an option that this command has not.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = celery.Worker(
        hostname=new_owner(),
        pool="threads",
        concurrency=concurrency,
        loglevel="WARNING",
        quiet=True,
        # Workers need not know of one another: the rows say who does what.
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
