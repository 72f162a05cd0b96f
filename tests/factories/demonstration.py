"""`conference demo` as its own process, timed from its start to its first page."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.factories.ports import free_port

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstPage:
    """`seconds` lie between the start of the process and the whole answer."""

    seconds: float
    status: int
    text: str


@contextmanager
def first_page(
    command: Sequence[str], port: int, settings: Mapping[str, str], within_s: float = 180
) -> Iterator[FirstPage]:
    """Start a process that serves on 127.0.0.1, and yield its first page while it runs.

    Raises AssertionError if it ends before it answers, TimeoutError if it does not answer in time.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean | dict(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        status, text = _asked(process, port, began + within_s)
        yield FirstPage(seconds=time.monotonic() - began, status=status, text=text)
    finally:
        process.terminate()
        process.wait(20)


def _asked(process: subprocess.Popen[bytes], port: int, deadline: float) -> tuple[int, str]:
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended with {process.returncode}"
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=max(deadline - time.monotonic(), 1)
        )
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers on port {port}")


@contextmanager
def demonstration(instance: Path, **settings: str) -> Iterator[FirstPage]:
    """Start `conference demo` in this folder on a free port; `settings` are by name, as in DATABASE_URL=…."""
    port = free_port()
    environment = {f"CONFERENCE_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "conference.cli", "demo", "--port", str(port)]
    with first_page(command, port, environment | {"CONFERENCE_INSTANCE": str(instance)}) as page:
        yield page
