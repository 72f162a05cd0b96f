"""The web process: one loop reads requests and writes answers, a few threads work on them, and what is too much is refused.

gunicorn's threaded worker gives a thread to a connection as soon as it is open, so that a few slow clients hold them all.
Here a thread gets a request once it is whole, and is free as soon as its answer is made. `server_line` is one
connection, `server_queue` says who is next and who would wait for too long.
"""

import errno
import random
import resource
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask
from gunicorn import http

from conference.web.ranks import Ranking, first_come, ranking_of
from conference.web.refusals import LENGTH_REQUIRED, Refusals, plain
from conference.web.server_line import Line, Phase
from conference.web.server_queue import Rank, WaitingLine
from conference.web.server_refusals import SafeRefusals

# Sockets beside those of clients: listeners, database, files.
_OTHER_FILES = 256
# Taken at once from the kernel, before anything else is looked at.
_AT_ONCE = 64
# Answers that clients are slow to read may hold so much memory, of all together.
MOST_PENDING_BYTES = 256 * 1024 * 1024
# A thread that computes gives way so soon: the loop, which many wait for, needs little and needs it often.
_SWITCH_S = 0.001
_LOOK_S = 0.1
# Bodies that are read into files: how many come in at once, and how long one may be where the application does not say.
MOST_LARGE = 40
MOST_BYTES = 1_000_000
# Whoever is refused is asked to come again after so many seconds.
SOONEST_S, LATEST_S = 5, 15
# The setting of an application that says how long the longest body is that any of its routes takes.
LARGEST_POST = "LARGEST_POST"


class _Threads:
    """The threads of a process, which take what is next; in the place of gunicorn's pool."""

    def __init__(
        self,
        count: int,
        work: Callable[[Line], bool],
        done: Callable[[Line, bool], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.waiting: WaitingLine[Line] = WaitingLine(count)
        self._work, self._done, self._failed = work, done, failed
        for number in range(count):
            threading.Thread(target=self._run, name=f"request-{number}", daemon=True).start()

    def _run(self) -> None:
        while (taken := self.waiting.take()) is not None:
            line, rank, waited_s = taken
            began = time.monotonic()
            keeps = False
            try:
                # Who waited may have given up; their form is not worked on behind their back.
                keeps = not (waited_s > _LOOK_S and line.has_left()) and self._work(line)
            except Exception as error:  # noqa: BLE001 -- a thread that ended would be missing until the process ends
                self._failed(error)
            finally:
                self.waiting.done(rank, time.monotonic() - began)
                self._done(line, keeps)

    def shutdown(self, *, wait: bool) -> None:  # noqa: ARG002 -- the signature is of gunicorn's pool
        self.waiting.close()


class OfficeWorker(SafeRefusals):
    """gunicorn's threaded worker, which slow clients cannot hold and which refuses what would wait for too long."""

    lines: set[Line]
    rank_of: Ranking
    refusals: Refusals | None = None
    most_bytes: int = MOST_BYTES
    looks_at: float = 0.0
    worker_connections: int

    def get_thread_pool(self) -> _Threads:
        self.lines = set()
        most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if most_files != resource.RLIM_INFINITY:
            # Two a connection: one that reads a file holds the file too.
            most = (most_files - _OTHER_FILES) // 2
            self.worker_connections = max(64, min(self.worker_connections, most))
        sys.setswitchinterval(_SWITCH_S)
        return _Threads(self.cfg.threads, self._work, self._deferred, self._failed)

    def load_wsgi(self) -> None:
        super().load_wsgi()
        app, self.rank_of = self.wsgi, first_come
        if isinstance(app, Flask) and LARGEST_POST in app.config:
            self.rank_of, self.refusals = ranking_of(app), Refusals(app)
            self.most_bytes = app.config[LARGEST_POST]

    # New connections

    def accept(self, listener: Any) -> None:
        """Take all that wait at the kernel's, and send away idle ones where there are too many."""
        for _ in range(_AT_ONCE):
            try:
                sock, client = listener.accept()
            except OSError as error:
                if error.errno in {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED}:
                    return
                if error.errno not in {errno.EMFILE, errno.ENFILE}:
                    raise
                self._make_room()
                return
            with suppress(OSError):  # of a client that has gone again, or a socket file
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = Line(sock, client, listener.getsockname(), self.most_bytes)
            self.lines.add(line)
            self.nr_conns = len(self.lines)
            self.poller.register(sock, selectors.EVENT_READ, lambda _sock, line=line: self._readable(line))
            if self.nr_conns >= self.worker_connections and not self._make_room():
                return

    def _make_room(self) -> bool:
        """Close whoever has sent nothing whole for the longest; False where everybody is being served."""
        found = [line for line in self.lines if line.phase in {Phase.IDLE, Phase.READING, Phase.LEAVING}]
        if found:
            self._end(min(found, key=lambda line: line.since))
        return bool(found)

    # Reading

    def _readable(self, line: Line) -> None:
        if line.phase is Phase.LEAVING:
            if line.drain():
                self._end(line)
            return
        try:
            is_whole = line.read()
        except OSError:  # the disk has no room for the body
            self.poller.unregister(line.socket)
            self._refuse(line, Rank.BEGUN)
            return
        if is_whole is None:
            self._end(line)
        elif is_whole or self._is_too_much(line):
            self.poller.unregister(line.socket)
            self._admit(line) if is_whole else self._refuse(line, Rank.NEW)

    def _is_too_much(self, line: Line) -> bool:
        """Return whether the request brings a large body, and as many as the disk is to hold are coming in already."""
        if not line.is_new_large:
            return False
        line.is_new_large = False
        return sum(other.is_large for other in self.lines) > MOST_LARGE

    def _admit(self, line: Line) -> None:
        """Let the request wait for a thread, or refuse it."""
        line.phase = Phase.WAITING
        if line.is_chunked:
            self._answer(line, plain(HTTPStatus.LENGTH_REQUIRED, LENGTH_REQUIRED))
            return
        rank = self.rank_of(line.head)
        if not self.tpool.waiting.put(line, rank):
            self._refuse(line, rank)

    def _refuse(self, line: Line, rank: Rank) -> None:
        self._answer(line, self._busy(line, rank))

    def _busy(self, line: Line, rank: Rank) -> bytes:
        again_s = random.randint(SOONEST_S, LATEST_S)  # noqa: S311 -- spreads those who come again
        if self.refusals is None:
            return plain(HTTPStatus.SERVICE_UNAVAILABLE, b"Come again.\n", f"Retry-After: {again_s}")
        self.refusals.note(rank)
        return self.refusals.answer(line.head, again_s)

    def _answer(self, line: Line, whole: bytes) -> None:
        line.sendall(whole)
        line.keeps = False
        self._write(line)

    # Working, in a thread

    def _work(self, line: Line) -> bool:
        """Answer the request; return whether the connection stays open."""
        line.phase = Phase.WORKING
        try:
            line.hand_over()
        except OSError:  # the disk has no room for the end of the body
            line.sendall(self._busy(line, Rank.BEGUN))
            return False
        request = None
        try:
            request = next(http.get_parser(self.cfg, line, line.client))
            if line.is_cut:
                request.force_close()
            return bool(self.handle_request(request, line))
        except (http.errors.NoMoreData, StopIteration):
            return False
        except OSError:
            self.log.exception("Socket error processing request.")
        except Exception as error:  # noqa: BLE001 -- gunicorn's own answers, as to a head that is none
            self.handle_error(request, line, line.client, error)
        return False

    def _failed(self, error: Exception) -> None:
        self.log.error("A request broke a thread's work.", exc_info=error)

    def _deferred(self, line: Line, keeps: bool) -> None:
        line.keeps = keeps
        self.method_queue.defer(self._write, line)

    # Writing, and what comes after it

    def _write(self, line: Line) -> None:
        if not line.has_more:
            self._written(line)
            return
        line.begin_writing()
        self.poller.register(line.socket, selectors.EVENT_WRITE, lambda _sock: self._writable(line))

    def _writable(self, line: Line) -> None:
        if line.write():
            self.poller.unregister(line.socket)
            self._written(line)

    def _written(self, line: Line) -> None:
        """Await the next request, or take leave."""
        if line.keeps and not line.is_ended:
            line.rest(self.cfg.keepalive if self.alive else 1)
            try:
                is_whole = line.next_is_whole()
            except OSError:  # the disk has no room for the body
                self._refuse(line, Rank.BEGUN)
                return
            if is_whole:
                self._admit(line)
                return
        elif not line.leave():
            self._end(line)
            return
        self.poller.register(line.socket, selectors.EVENT_READ, lambda _sock: self._readable(line))

    def _end(self, line: Line) -> None:
        self.lines.discard(line)
        self.nr_conns = len(self.lines)
        with suppress(KeyError, ValueError):  # nobody looks at one that is with a thread
            self.poller.unregister(line.socket)
        line.end()

    # What gunicorn's loop calls each turn

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        is_waiting = len(self.tpool.waiting) > 0
        super().wait_for_and_dispatch_events(_LOOK_S if is_waiting else timeout)
        if is_waiting:
            for line, rank in self.tpool.waiting.overdue():
                self._refuse(line, rank)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close whoever was silent or slow for too long, once a second."""
        now = time.monotonic()
        if not force and now < self.looks_at:
            return
        self.looks_at = now + 1.0
        if self.refusals is not None and (sentence := self.refusals.to_tell()):
            self.log.warning(sentence)
        served = {Phase.WAITING, Phase.WORKING}
        for line in [one for one in self.lines if one.phase not in served]:
            if force or (now > min(line.deadline, line.quiet_at) and not self._goes_on(line, now)):
                self._end(line)
        if sum(line.pending for line in self.lines) > MOST_PENDING_BYTES:
            # A thread adds still to what is not being written yet.
            written = [line for line in self.lines if line.phase is Phase.WRITING]
            if written:
                self._end(max(written, key=lambda line: line.pending))

    def _goes_on(self, line: Line, now: float) -> bool:
        """Return whether a reader who seems silent took something: the kernel tells it late, once much of its buffer is free."""
        if line.phase is not Phase.WRITING or now > line.deadline or not line.has_more:
            return False
        self._writable(line)
        return line.quiet_at > now

    def _cap_keepalive(self, deadline: float) -> None:
        """Let who is idle go by then, since the process ends."""
        for line in self.lines:
            if line.phase is Phase.IDLE:
                line.deadline = min(line.deadline, deadline)
