"""However slow clients are, they hold no thread: more of them than there are threads, and a normal request is answered meanwhile.

Nothing is timed. What is slow stays open until the normal request has its answer.
"""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from conference.running.limits import WEB_THREADS
from tests.factories.web_server import answer, ask, opened, request, web_process

SLOW = 3 * WEB_THREADS
LARGE = 60_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    made = tmp_path_factory.mktemp("office")
    shutil.copy(sqlite_template, made / "conference.sqlite3")
    with (made / "large.bin").open("wb") as file:
        file.truncate(LARGE)
        file.seek(LARGE - 3)
        file.write(b"end")
    return made


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    """A process that keeps 64 connections at most, so that a test can open more."""
    url = f"sqlite:///{folder / 'conference.sqlite3'}"
    with web_process(url, folder, "tests.faults.held:app()", "--worker-connections", "64") as port:
        yield port


def _slow_head(line: socket.socket) -> None:
    line.sendall(b"GET /register HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a")


def _slow_body(line: socket.socket) -> None:
    line.sendall(request("/register", "Content-Length: 500000", method="POST") + b"given_name=A")


def _slow_upload(line: socket.socket) -> None:
    line.sendall(request("/took", "Content-Length: 20000000", method="POST") + bytes(1_000_000))


def _slow_reader(line: socket.socket) -> None:
    line.sendall(request(f"/large?bytes={LARGE // 3}"))


def _slow_file(line: socket.socket) -> None:
    line.sendall(request("/filed"))


def _silent(_line: socket.socket) -> None:
    """Say nothing at all."""


def _is_well(port: int) -> bool:
    status, _, body = ask(port, "/register")
    return status == 200 and b"<main" in body


@pytest.mark.parametrize(
    "slow", [_slow_head, _slow_body, _slow_upload, _slow_reader, _slow_file, _silent], ids=lambda one: one.__name__[1:]
)  # fmt: skip
def test_slow_clients_hold_no_thread(port: int, slow: Callable[[socket.socket], None]) -> None:
    with ExitStack() as lines:
        held = [lines.enter_context(opened(port, window=4096)) for _ in range(SLOW)]
        for line in held:
            slow(line)
        for _ in range(3):
            assert _is_well(port)
        for line in held:  # none of them was closed to make room
            line.setblocking(False)
            with suppress(BlockingIOError):
                assert line.recv(1) != b""


@pytest.mark.parametrize("path", [f"/large?bytes={LARGE}", "/filed"])
def test_a_slow_reader_gets_it_whole_in_the_end(port: int, path: str) -> None:
    with opened(port) as line:
        line.sendall(request(path))
        assert _is_well(port)
        status, fields, body = answer(line)
    assert (status, int(fields["content-length"]), len(body)) == (200, LARGE, LARGE)


def test_a_part_of_a_file_is_that_part_and_the_line_goes_on(port: int) -> None:
    with opened(port) as line:
        for asked, begins in (("bytes=-20000000", LARGE - 20_000_000), ("bytes=-5", LARGE - 5)):
            line.sendall(request("/filed", f"Range: {asked}"))
            status, fields, body = answer(line)
            assert (status, fields["content-range"]) == (206, f"bytes {begins}-{LARGE - 1}/{LARGE}")
            assert (len(body), body[-5:]) == (LARGE - begins, b"\0\0end")


def test_more_connections_than_are_kept_make_room_for_who_asks(port: int) -> None:
    with ExitStack() as lines:
        for number in range(100):
            line = lines.enter_context(opened(port))
            if number % 2:
                line.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(3):
            assert _is_well(port)


@pytest.mark.parametrize("length", [10, 300_000, 3_000_000])
def test_a_body_arrives_whole_in_pieces(port: int, length: int) -> None:
    sent = request("/took", method="POST", body=b"y" * length)
    with opened(port) as line:
        for begin in range(0, len(sent), 70_001):
            line.sendall(sent[begin : begin + 70_001])
        assert answer(line)[2] == str(length).encode()
        # The next one on the same connection begins where this one ended.
        line.sendall(request("/healthz"))
        assert answer(line)[0] == 200


def test_what_is_sent_ahead_is_answered_in_order(port: int) -> None:
    with opened(port) as line:
        line.sendall(
            request("/took", method="POST", body=b"123") + request("/large?bytes=4") + request("/healthz")
        )
        read = line.makefile("rb").read1
        got = b""
        while got.count(b"HTTP/1.1 200") < 3 or not got.rstrip().endswith(b"}"):
            got += read(65536)
    assert got.index(b"\r\n\r\n3") < got.index(b"\r\n\r\nxxxx") < got.index(b'{"status":"ok"}')


def test_who_waits_for_a_word_before_the_body_gets_it(port: int) -> None:
    with opened(port) as line:
        line.sendall(request("/took", "Content-Length: 5", "Expect: 100-continue", method="POST"))
        assert line.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"12345")
        assert answer(line)[2] == b"5"


@pytest.mark.parametrize("field", ["SCRIPT_NAME: /reg", "PATH_INFO: /healthz"])
def test_no_field_says_where_the_office_begins(port: int, field: str) -> None:
    status, _, body = ask(port, "/register", field)
    assert (status, b"<main" in body, b"/reg/" in body) == (200, True, False)


def test_a_body_of_unknown_length_is_refused(port: int) -> None:
    status, _, body = ask(port, "/took", "Transfer-Encoding: chunked", method="POST")
    assert (status, body) == (411, b"A Content-Length is required.\n")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (["Content-Length: 5", "Content-Length: 6"], 400),
        (["Content-Length: five"], 400),
        (["Content-Length: 5, 5"], 400),
        (["X-Long: " + "a" * 70_000], 431),
        (["Content-Length: 99999999999"], 413),
    ],
    ids=["two-lengths", "no-number", "a-list", "a-long-head", "too-long-a-body"],
)
def test_what_cannot_be_read_is_refused_and_ends_the_connection(
    port: int, fields: list[str], status: int
) -> None:
    with opened(port) as line:
        line.sendall(request("/register", *fields, method="POST"))
        found = answer(line)
        assert (found[0], found[1]["connection"]) == (status, "close")
        assert line.recv(10) == b""
