"""A connection of the web process by itself, and which of them a process ends (see `server_line` and `server_worker`)."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.web import server_worker
from conference.web.server_line import SLOWEST_RATE, Line, Phase
from conference.web.server_worker import OfficeWorker
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
REQUESTS = (FIRST, request("/healthz"), request("/took", method="POST", body=b"x" * 300))


@given(st.lists(st.integers(1, 400), max_size=40))
def test_requests_are_whole_at_the_same_byte_however_they_are_cut(cuts: list[int]) -> None:
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


class _NoPoller:
    def unregister(self, _socket: object) -> None: ...


def _worker(*lines: Line) -> Any:
    worker: Any = OfficeWorker.__new__(OfficeWorker)
    worker.lines, worker.poller = set(lines), _NoPoller()
    return worker


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


def test_who_reads_slowest_is_ended_where_all_together_hold_too_much(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_worker, "MOST_PENDING_BYTES", 1_000)
    other = Pair()
    other.line.pending, pair.line.pending = 400, 700
    worker = _worker(pair.line, other.line)
    worker.murder_keepalived()
    assert worker.lines == {other.line}
    other.close()
