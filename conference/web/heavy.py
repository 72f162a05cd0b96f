"""Work that keeps a processor busy for seconds: a process does one such thing at a time, so that its other threads answer.

Large papers, large files and pictures. One more may wait for a while, and holds one thread meanwhile; whoever comes then is
told to come again, and nothing of theirs is done.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from werkzeug.wrappers import Response

from conference.core.errors import N_, DomainError

P = ParamSpec("P")
R = TypeVar("R")
# How long the one that waits does so, and when the others may come again, in seconds.
WAITS_S = 5.0
AGAIN_S = 10


class HeavyWorkError(DomainError):
    """As many large papers and files as this process works on at a time are in hand already."""

    sentence = N_(
        "The office is busy with other large papers or files just now. Wait ten seconds and send this again: nothing was saved."
    )
    status = 503
    headers = {"Retry-After": str(AGAIN_S)}  # noqa: RUF012 -- a mapping that nobody writes into, as DomainError says


class _Gate:
    """The place for heavy work in this process, which a thread that has it may take again."""

    def __init__(self) -> None:
        self._place, self._waiting = threading.Semaphore(), threading.Semaphore()
        self._mine = threading.local()

    def enter(self) -> None:
        """Take the place; raises HeavyWorkError where it is not to be had in time."""
        depth = getattr(self._mine, "depth", 0)
        if depth == 0 and not self._place.acquire(blocking=False):
            self._wait()
        self._mine.depth = depth + 1

    def _wait(self) -> None:
        if not self._waiting.acquire(blocking=False):
            raise HeavyWorkError
        try:
            if not self._place.acquire(timeout=WAITS_S):
                raise HeavyWorkError
        finally:
            self._waiting.release()

    def leave(self) -> None:
        self._mine.depth -= 1
        if self._mine.depth == 0:
            self._place.release()


_gate = _Gate()


@contextmanager
def heavy_work() -> Iterator[None]:
    """Hold the place for heavy work; raises HeavyWorkError where it is not to be had in time."""
    _gate.enter()
    try:
        yield
    finally:
        _gate.leave()


def heavy(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function, or a view, do heavy work; of a view that answers in parts, until the last one is sent."""

    @wraps(function)
    def held(*args: P.args, **more: P.kwargs) -> R:
        with heavy_work():
            answer = function(*args, **more)
            if isinstance(answer, Response) and answer.is_streamed and not answer.direct_passthrough:
                _gate.enter()
                answer.call_on_close(_gate.leave)
            return answer

    return held
