"""Tells the worker threads of this process that there is work. Other processes find it by looking each second."""

import threading


class _Bell:
    """What rings while a thread is at work is heard by it afterwards, whatever other threads have heard meanwhile."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self.times = 0
        self._heard = threading.local()

    def ring(self) -> None:
        with self._rung:
            self.times += 1
            self._rung.notify_all()

    def wait(self, timeout_s: float) -> None:
        with self._rung:
            # A thread that waits for the first time looks once more: it may have missed one.
            if getattr(self._heard, "times", -1) == self.times:
                self._rung.wait(timeout_s)
            self._heard.times = self.times


_bell = _Bell()


def wake() -> None:
    """Let the workers of this process look at once. Given to `db.work.after_commit`."""
    _bell.ring()


def wait_for_work(timeout_s: float) -> None:
    """Return when woken since this thread waited last, or after the timeout."""
    _bell.wait(timeout_s)
