"""A connection of the web process by itself, and which of them a process ends (see `server_line` and `server_worker`)."""

import io
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.running.limits import WEB_CONNECTIONS
from conference.web import server_line, server_worker
from conference.web.server_line import SLOWEST_RATE, Line, Phase
from conference.web.server_queue import Rank
from conference.web.server_worker import OfficeWorker, _Threads
from tests.factories.web_server import request

MOST = 1_000_000


class Pair:
    """A line and its client's end."""

    def __init__(self) -> None:
        self.client, served = socket.socketpair()
        self.line = Line(served, ("127.0.0.1", 1), ("127.0.0.1", 2), MOST)

    def close(self) -> None:
        self.client.close()
        self.line.end()


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


def _read_whole(line: Line) -> bytes:
    line.hand_over()
    got = b""
    while more := line.recv(7):
        got += more
    return got


FIRST = request("/register", method="POST", body=b"given_name=\xc3\x85sa")
REQUESTS = (FIRST, request("/took", method="POST", body=b"x" * 300), request("/healthz"), FIRST)


# A body that is longer than what is kept in memory lies in a file: none of these, or the second.
@pytest.mark.parametrize("in_memory", [1_000, 100])
@given(st.lists(st.integers(1, 400), max_size=40))
def test_requests_are_whole_at_the_same_byte_however_they_are_cut(in_memory: int, cuts: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server_line, "_IN_MEMORY", in_memory)
        _read_in_pieces(cuts)


def _read_in_pieces(cuts: list[int]) -> None:
    pair, sent, found = Pair(), b"".join(REQUESTS), []
    pieces = []
    for size in [*cuts, len(sent)]:
        pieces.append(sent[:size])
        sent = sent[size:]
    try:
        for piece in filter(None, pieces):
            pair.client.sendall(piece)
            is_whole = pair.line.read()
            while is_whole:
                found.append(_read_whole(pair.line))
                pair.line.rest(10)
                is_whole = pair.line.next_is_whole()
    finally:
        pair.close()
    assert found == list(REQUESTS)


def test_a_client_that_goes_is_noticed(pair: Pair) -> None:
    pair.client.sendall(b"GET /")
    assert pair.line.read() is False
    assert not pair.line.has_left()
    pair.client.close()
    assert pair.line.has_left()
    assert pair.line.read() is None


def test_a_long_body_has_longer_and_not_for_ever(pair: Pair) -> None:
    pair.client.sendall(request("/", "Content-Length: 900000", method="POST"))
    began = time.monotonic()
    assert pair.line.read() is False
    assert 900_000 / SLOWEST_RATE < pair.line.deadline - began < 2 * 900_000 / SLOWEST_RATE


def test_what_is_not_read_stays_for_the_loop_until_it_is(pair: Pair) -> None:
    pair.line.sendall(b"x" * 5_000_000)
    assert pair.line.pending > 0
    got = 0
    while not pair.line.write() or pair.line.has_more:
        got += len(pair.client.recv(1_000_000))
    pair.line.leave()
    while more := pair.client.recv(1_000_000):
        got += len(more)
    assert (got, pair.line.pending) == (5_000_000, 0)


def test_an_answer_from_a_file_that_shrank_ends_its_connection(pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "slides.pdf"
    path.write_bytes(b"x" * 10)
    with path.open("rb") as file:
        pair.line.sendfile(file, 0, 25)
    assert pair.line.write() is False
    assert pair.line.write() is True
    assert (pair.line.is_ended, pair.line.leave()) == (True, False)
    assert pair.client.recv(100) == b"x" * 10


class _NoPoller:
    def register(self, *_what: object) -> None: ...

    def unregister(self, _socket: object) -> None: ...


def _worker(*lines: Line) -> Any:
    worker: Any = OfficeWorker.__new__(OfficeWorker)
    worker.lines, worker.poller = set(lines), _NoPoller()
    worker.cfg, worker.alive = SimpleNamespace(keepalive=10), True
    return worker


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No body fits on the disk, which is known only once a few of its bytes were taken."""

    def made() -> IO[bytes]:
        return io.BufferedRandom(io.FileIO("/dev/full", "r+"), 4096)

    monkeypatch.setattr(tempfile, "TemporaryFile", made)
    monkeypatch.setattr(server_line, "_IN_MEMORY", 100)


def _begun(pair: Pair) -> None:
    """Let a few bytes of a body wait to be written."""
    pair.client.sendall(request("/took", "Content-Length: 200", method="POST") + b"x" * 50)
    assert pair.line.read() is False


@pytest.mark.usefixtures("full_disk")
def test_a_connection_ends_and_goes_on_where_the_disk_is_full(pair: Pair) -> None:
    _begun(pair)
    pair.line.rest(10)
    assert pair.line.phase is Phase.IDLE
    pair.client.close()
    other = Pair()
    _begun(other)
    other.line.end()
    assert other.client.recv(10) == b""
    other.close()


@pytest.mark.usefixtures("full_disk")
def test_an_upload_that_was_sent_ahead_is_refused_where_the_disk_is_full(pair: Pair) -> None:
    ahead = request("/took", "Content-Length: 20000", method="POST") + b"x" * 10_000
    pair.client.sendall(FIRST + ahead)
    assert pair.line.read() is True
    pair.line.hand_over()
    pair.line.keeps = True
    _worker(pair.line)._written(pair.line)
    assert pair.client.recv(1_000).startswith(b"HTTP/1.1 503 ")
    assert pair.line.phase is Phase.LEAVING


@pytest.mark.usefixtures("full_disk")
def test_an_upload_whose_end_finds_no_room_is_refused_by_its_thread(pair: Pair) -> None:
    _begun(pair)
    pair.client.sendall(b"x" * 150)
    assert pair.line.read() is True
    assert _worker(pair.line)._work(pair.line) is False
    assert pair.client.recv(1_000).startswith(b"HTTP/1.1 503 ")


def test_what_breaks_a_threads_work_leaves_the_thread(pair: Pair) -> None:
    told: SimpleQueue[object] = SimpleQueue()

    def work(_line: Line) -> bool:
        raise RuntimeError

    threads = _Threads(1, work, lambda _line, keeps: told.put(keeps), lambda _error: told.put("logged"))
    for _ in range(2):
        assert threads.waiting.put(pair.line, Rank.FIRST)
        assert [told.get(timeout=60), told.get(timeout=60)] == ["logged", False]
    threads.shutdown(wait=False)


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("which", ["deadline", "quiet_at"])
def test_who_is_late_or_silent_is_ended_unless_it_is_being_served(
    pair: Pair, phase: Phase, which: str
) -> None:
    worker = _worker(pair.line)
    pair.line.phase = phase
    worker.murder_keepalived()
    assert worker.lines == {pair.line}
    setattr(pair.line, which, time.monotonic() - 1)
    worker.looks_at = 0.0
    worker.murder_keepalived()
    assert worker.lines == ({pair.line} if phase in {Phase.WAITING, Phase.WORKING} else set())


@pytest.mark.parametrize("reads", [True, False])
def test_a_reader_is_silent_only_if_nothing_was_taken(pair: Pair, reads: bool) -> None:
    pair.line.sendall(b"x" * 5_000_000)
    pair.line.begin_writing()
    if reads:
        pair.client.recv(500_000)
    pair.line.quiet_at = time.monotonic() - 1  # the loop was told of no room
    worker = _worker(pair.line)
    worker.murder_keepalived()
    assert worker.lines == ({pair.line} if reads else set())


def test_who_reads_slowest_is_ended_where_all_together_hold_too_much(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_worker, "MOST_PENDING_BYTES", 1_000)
    other, served = Pair(), Pair()
    other.line.pending, pair.line.pending, served.line.pending = 400, 700, 900
    other.line.phase = pair.line.phase = Phase.WRITING
    served.line.phase = Phase.WORKING  # whose thread adds to what it holds
    worker = _worker(pair.line, other.line, served.line)
    worker.murder_keepalived()
    assert worker.lines == {other.line, served.line}
    other.close()
    served.close()


@pytest.mark.parametrize(("files", "connections"), [(1024, 384), (300, 64), (16384, 4000), (-1, 4000)])
def test_a_process_keeps_as_many_connections_as_it_may_hold_files_for(
    monkeypatch: pytest.MonkeyPatch, files: int, connections: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (files, files))
    monkeypatch.setattr(server_worker, "_Threads", lambda *_given: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _s: None)
    worker = _worker()
    worker.cfg.threads, worker.worker_connections = 1, WEB_CONNECTIONS
    worker.get_thread_pool()
    assert worker.worker_connections == connections


def test_who_is_idle_for_the_longest_makes_room_for_who_has_just_come(pair: Pair) -> None:
    pair.line.rest(75)
    newcomer = Pair()
    worker = _worker(pair.line, newcomer.line)
    assert worker._make_room()
    assert worker.lines == {newcomer.line}
    newcomer.close()


def test_who_was_answered_just_now_has_not_been_silent_since_it_came(pair: Pair) -> None:
    newcomer = Pair()
    pair.line.rest(75)
    assert newcomer.line.since <= pair.line.since
    newcomer.close()
