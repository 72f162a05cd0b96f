"""How far a command is, for who watches it on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_shown(label: str) -> Iterator[Callable[[int], None] | None]:
    """Yield a counter shown on a terminal, or None where the output goes into a pipe."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(done: int) -> None:
        sys.stderr.write(f"\r{label}: {done}")
        sys.stderr.flush()

    yield show
    sys.stderr.write("\n")
