"""A Redis of the test's own on a free port of loopback, which can be killed, started again and emptied."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from tests.benchmarks.servers import office_environment
from tests.factories.ports import free_port

ROOT = Path(__file__).parents[2]
PROGRAM = "redis-server"
# In CI the test runs all the same, and fails.
needs_redis = pytest.mark.skipif(
    shutil.which(PROGRAM) is None and not os.environ.get("CI"),
    reason="NOT RUN: the broker's tests need Debian's package redis-server (apt-get install redis-server)",
)
STARTS_WITHIN_S = 60


class RedisServer:
    """Keeps nothing on the disk: who kills it takes all that it had."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        memory_only = ["--save", "", "--appendonly", "no"]
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder)]
        self._process = subprocess.Popen([PROGRAM, *place, *memory_only], stdout=subprocess.DEVNULL)
        end = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            assert time.monotonic() < end, f"{PROGRAM} did not start"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def hang(self) -> None:
        """Take connections and say nothing any more, until it is killed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def listeners(self) -> int:
        """Return how many workers wait for a message."""
        with self.client() as client:
            return sum(one["cmd"] == "brpop" for one in client.client_list())

    def client(self) -> Redis:
        """Return a client of it, to be closed: for looking at what lies there, and emptying it."""
        return Redis(port=self.port)


def wait_for(happened: Callable[[], bool], at_most_s: float) -> None:
    end = time.monotonic() + at_most_s
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def silent_port() -> Iterator[int]:
    """Yield a port of loopback that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def broker_worker(
    database_url: str, folder: Path, mail_port: int, broker_url: str, *options: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `conference worker --broker` with these further options, dead afterwards."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    ours = {"CONFERENCE_MAIL_PORT": str(mail_port), "CONFERENCE_BROKER_URL": broker_url}
    command = [sys.executable, "-m", "conference.cli", "worker", "--broker", *options]
    process = subprocess.Popen(command, cwd=ROOT, env=clean | office_environment(database_url, folder) | ours)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """Yield a running Redis, dead afterwards."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
