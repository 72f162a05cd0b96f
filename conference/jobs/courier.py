"""Carries what was announced to the broker, from a thread of its own: no request ever waits for a broker."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby, islice

from conference.jobs.model import Announced

log = logging.getLogger(__name__)
# As many ids as a worker takes in one claim, and so a message costs little of each.
MOST_IN_A_MESSAGE = 20
# Announced faster than a broker takes it, the rest is left to the sweep: memory must not grow with an outage.
MOST_WAITING = 20_000
# For so long after a failure nothing is tried: each row is found by a sweep before.
REST_S = 5.0
# After so long without work the thread ends and parts from the broker.
IDLE_S = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """Rows of one source, as one message carries them: names and numbers of ours, nothing of a person."""

    source: str
    row_ids: tuple[int, ...]
    rank: int


# Gives one message to the broker; raises whatever its library does.
Post = Callable[[Parcel], None]


def parcels(rows: Iterable[Announced]) -> Iterator[Parcel]:
    """Yield the rows in their order, neighbours of one source and rank together, MOST_IN_A_MESSAGE at most."""
    for (source, rank), same in groupby(rows, lambda row: (row.source, row.rank)):
        ids = (row.row_id for row in same)
        while chunk := tuple(islice(ids, MOST_IN_A_MESSAGE)):
            yield Parcel(source=source, row_ids=chunk, rank=rank)


class Courier:
    """Takes announced rows without waiting, and gives them to the broker from a thread that lives while there is work.

    `open_post` connects, in that thread, and yields what posts a parcel. What cannot be posted is dropped, and logged
    in numbers when the broker is back: the row is the truth, and a sweep finds it. So is what waits when the process ends.
    """

    def __init__(
        self, open_post: Callable[[], AbstractContextManager[Post]], *, idle_s: float = IDLE_S
    ) -> None:
        self._open_post = open_post
        self._idle_s = idle_s
        self._waiting: deque[Announced] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._rests_until = 0.0
        self._is_away = False
        self._left = 0

    def take(self, rows: list[Announced]) -> None:
        """Keep the rows for the thread; drop them while the broker is away, or where too many wait already."""
        with self._changed:
            if time.monotonic() < self._rests_until:
                self._left += len(rows)
                return
            self._waiting.extend(rows[: MOST_WAITING - len(self._waiting)])
            # A fork leaves the thread behind: then it is not alive here, and a new one begins.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        taken: list[Announced] = []
        try:
            with self._open_post() as post:
                while taken := self._next():
                    for parcel in parcels(taken):
                        post(parcel)
                    self._be_back()
        except Exception as error:  # noqa: BLE001 -- whatever a broker's library raises, the site goes on
            self._rest(error, taken)

    def _next(self) -> list[Announced]:
        """Return what waits, or nothing once nothing came for a while: then the thread is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, self._idle_s)
            taken = list(self._waiting)
            self._waiting.clear()
            if not taken:
                self._thread = None  # said under the lock, so that what is taken next begins another
            return taken

    def _be_back(self) -> None:
        with self._changed:
            if self._is_away:
                log.warning("broker: it is back; %d rows were left to the sweep", self._left)
            self._is_away, self._left = False, 0

    def _rest(self, error: Exception, taken: list[Announced]) -> None:
        with self._changed:
            self._left += len(taken) + len(self._waiting)
            self._waiting.clear()
            self._thread = None
            self._rests_until = time.monotonic() + REST_S
            if not self._is_away:
                # Only the type: what a library says can hold the broker's address with its password.
                log.warning(
                    "broker: %s; until it is back what is written is left to the sweep", type(error).__name__
                )
            self._is_away = True
