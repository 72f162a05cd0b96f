"""Tells a worker thread of this process that there is work. Other processes find it by looking each second."""

import threading

_work = threading.Event()


def wake() -> None:
    """Let a worker of this process look at once. Given to `db.work.after_commit`."""
    _work.set()


def wait_for_work(timeout_s: float) -> None:
    """Return when woken, or after the timeout."""
    _work.wait(timeout_s)
    _work.clear()
