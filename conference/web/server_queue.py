"""Who waits for a thread of a web process, in which order, and who is sent away politely instead.

Admission goes by how long the work waits, not by how much of it there is: who would wait, or has waited, for longer than
the patience of its rank is refused at once, so that those who are let in are answered soon.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Rank(IntEnum):
    """In which order requests are worked on: who has begun something goes before who has just arrived."""

    FIRST = 0  # staff who are signed in, doors and desks among them, and whoever looks after the machine
    BEGUN = 1  # who sends a form, has opened one, or holds a personal link
    NEW = 2


# Seconds. A page that is whole within two is one that people wait for; at a door nobody can be sent away.
PATIENCE_S = {Rank.FIRST: 10.0, Rank.BEGUN: 1.5, Rank.NEW: 1.0}
# So many threads never work for anybody but the first rank.
RESERVED = 1
# One request that takes long says little of the next ones.
_LONGEST_SAMPLE_S = 1.0
_WEIGHT = 0.05


class WaitingLine(Generic[T]):
    """The requests of a process that wait for one of its `threads`. All methods may be called by any thread."""

    def __init__(self, threads: int, now: Callable[[], float] = time.monotonic) -> None:
        self._threads = threads
        self._now = now
        self._changed = threading.Condition()
        self._waiting: dict[Rank, deque[tuple[float, T]]] = {rank: deque() for rank in Rank}
        self._busy: dict[Rank, int] = dict.fromkeys(Rank, 0)
        self._takes_s = 0.0
        self._is_closed = False

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def wait_s(self, rank: Rank) -> float:
        """Return about how long a request that comes now would wait, in seconds."""
        ahead = sum(len(waiting) for other, waiting in self._waiting.items() if other <= rank)
        return ahead * self._takes_s / self._open_to(rank)

    def _open_to(self, rank: Rank) -> int:
        return self._threads if rank is Rank.FIRST else max(1, self._threads - RESERVED)

    def put(self, item: T, rank: Rank) -> bool:
        """Let the item wait; False, and nothing done, where it would wait for too long."""
        with self._changed:
            if self._is_closed or self.wait_s(rank) > PATIENCE_S[rank]:
                return False
            self._waiting[rank].append((self._now(), item))
            self._changed.notify()
            return True

    def take(self) -> tuple[T, Rank, float] | None:
        """Wait for the next item that a thread may work on; return it with its rank and the seconds it waited.

        None once the line is closed. Each item that was taken is given back to `done`.
        """
        with self._changed:
            while True:
                rank = self._next()
                if rank is not None:
                    since, item = self._waiting[rank].popleft()
                    self._busy[rank] += 1
                    return item, rank, self._now() - since
                if self._is_closed:
                    return None
                self._changed.wait()

    def _next(self) -> Rank | None:
        others = sum(self._busy.values()) - self._busy[Rank.FIRST]
        for rank, waiting in self._waiting.items():
            if waiting and (rank is Rank.FIRST or others < self._open_to(rank)):
                return rank
        return None

    def done(self, rank: Rank, took_s: float) -> None:
        """Note that a thread is through with an item of this rank, and how long it worked on it."""
        with self._changed:
            self._busy[rank] -= 1
            sample = min(took_s, _LONGEST_SAMPLE_S)
            self._takes_s += _WEIGHT * (sample - self._takes_s)
            self._changed.notify()

    def overdue(self) -> list[tuple[T, Rank]]:
        """Take out and return those who have waited for too long, the longest first."""
        now, found = self._now(), []
        with self._changed:
            for rank, waiting in self._waiting.items():
                while waiting and now - waiting[0][0] > PATIENCE_S[rank]:
                    found.append((waiting.popleft()[1], rank))
        return found

    def close(self) -> None:
        """Let the threads end once nothing waits any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
