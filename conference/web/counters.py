"""What each process counts of its requests, in a file that every process can read.

A page of figures is answered by one process of several. So each counts in a file of its own, mapped into memory, and the
one that is asked reads all of them: each with its own label, since a process that is started anew counts from nothing.
"""

import mmap
import os
import socket
import struct
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import Flask, g, request
from sqlalchemy import Engine, event
from werkzeug.wrappers import Response

from conference.web.settings import current_settings

# One figure: a double and its key, so that a reader never meets half of one.
_RECORD = 200
_KEY = struct.Struct("<192s")
_VALUE = struct.Struct("<d")
_ROOM = 2000
# Seconds; what people call at once, quick, slow, and given up.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BOUNDS = (*(f"le|{one}" for one in BUCKETS), "le|+Inf")
_EXTENSION = "conference.counters"
# A process's threads are asked their first requests at once, and one file is for all of them.
_opening = threading.Lock()


class Counters:
    """The figures of one process: `add` counts, `read` returns them by key. Keys are of at most 192 bytes."""

    def __init__(self, buffer: "mmap.mmap | bytearray") -> None:
        self._buffer = buffer
        self._places: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, key: str, more: float = 1.0) -> None:
        """Add to the figure; one too many of them is passed over."""
        with self._lock:
            place = self._places.get(key)
            if place is None:
                place = self._new(key)
            if place is not None:
                (value,) = _VALUE.unpack_from(self._buffer, place)
                _VALUE.pack_into(self._buffer, place, value + more)

    def _new(self, key: str) -> int | None:
        place = len(self._places) * _RECORD
        if len(self._places) >= _ROOM:
            return None
        self._places[key] = place
        _KEY.pack_into(self._buffer, place + _VALUE.size, key.encode()[:192])
        return place


def read_figures(content: bytes) -> dict[str, float]:
    """Return the figures of a process's file."""
    found: dict[str, float] = {}
    for place in range(0, len(content) - _RECORD + 1, _RECORD):
        (raw,) = _KEY.unpack_from(content, place + _VALUE.size)
        key = raw.rstrip(b"\0").decode(errors="replace")
        if not key:
            break
        (found[key],) = _VALUE.unpack_from(content, place)
    return found


def _folder() -> Path:
    return current_settings().instance / "metrics" / socket.gethostname()[:60]


def _opened() -> Counters:
    """Return the figures of this process: in a file, or in memory where there can be none."""
    size = _ROOM * _RECORD
    if current_settings().mode == "test":
        return Counters(bytearray(size))
    try:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_dead(folder)
        own = folder / str(os.getpid())
        # Of one that had the number before: who reads it keeps what was in it.
        own.unlink(missing_ok=True)
        descriptor = os.open(own, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.ftruncate(descriptor, size)
            return Counters(mmap.mmap(descriptor, size))
        finally:
            os.close(descriptor)
    except OSError:
        return Counters(bytearray(size))


def _forget_dead(folder: Path) -> None:
    """Delete the files of processes that ended more than an hour ago."""
    for path in folder.iterdir():
        with suppress(OSError):
            is_old = path.stat().st_mtime < time.time() - 3600
            if is_old and path.name.isdigit() and not Path(f"/proc/{path.name}").exists():
                path.unlink()


def counters(app: Flask) -> Counters:
    """Return the figures of this process; made at the first use, which is after the server's fork."""
    pid, found = app.extensions.get(_EXTENSION, (0, None))
    if found is None or pid != os.getpid():
        with _opening:
            pid, found = app.extensions.get(_EXTENSION, (0, None))
            if found is None or pid != os.getpid():
                found = _opened()
                app.extensions[_EXTENSION] = (os.getpid(), found)
    kept: Counters = found
    return kept


def all_figures(app: Flask) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the figures of each process of this machine, by its number; in tests of this one alone."""
    own = counters(app)
    yield str(os.getpid()), read_figures(bytes(own._buffer))  # noqa: SLF001 -- its own module
    folder = _folder()
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name != str(os.getpid()):
            with suppress(OSError):
                yield path.name, read_figures(path.read_bytes())


def init_counters(app: Flask, engine: Engine) -> None:
    """Count each request by route and status, how long it took, and how long its database did."""

    def note(response: Response) -> Response:
        figures = counters(app)
        seconds = time.perf_counter() - g.get("request_began", time.perf_counter())
        rule = request.url_rule
        figures.add(f"requests|{rule.rule if rule else 'none'}|{response.status_code}")
        figures.add(_BOUNDS[bisect_left(BUCKETS, seconds)])
        figures.add("seconds", seconds)
        return response

    def begin(
        _connection: object, _cursor: object, _text: str, _given: object, context: object, _many: object
    ) -> None:
        if context is not None:
            context.conference_began = time.perf_counter()  # type: ignore[attr-defined]  # of ours, on SQLAlchemy's

    def end(
        _connection: object, _cursor: object, _text: str, _given: object, context: object, _many: object
    ) -> None:
        began = getattr(context, "conference_began", None)
        if began is not None and app.extensions.get(_EXTENSION) is not None:
            figures = counters(app)
            figures.add("statements")
            figures.add("database", time.perf_counter() - began)

    app.after_request(note)
    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
