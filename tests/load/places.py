"""The office as `conference serve` starts it, a floor on the same server, and the databases they stand on."""

import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from conference.config import SPECS
from conference.serve import listen, web_command
from tests.benchmarks.servers import ROOT, Served, databases, wait_for
from tests.factories.databases import running_postgres
from tests.factories.ports import free_port

# For a machine that does other things; nothing of this is measured.
BEGINS_WITHIN_S, ENDS_WITHIN_S = 300, 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Addresses of two empty databases, and a folder for what the office keeps."""

    office_url: str
    floor_url: str
    folder: Path


@contextmanager
def pair(database: str) -> Iterator[Pair]:
    """Yield places for the office and the floor on "sqlite" or "postgresql", whose server is run for them if none is named."""
    with ExitStack() as open_until_the_end:
        given = os.environ.get("CONFERENCE_DATABASE_URL", "")
        if database == "sqlite":
            os.environ["CONFERENCE_DATABASE_URL"] = "sqlite://"
        elif not given.startswith("postgresql"):
            os.environ["CONFERENCE_DATABASE_URL"] = open_until_the_end.enter_context(running_postgres())
        try:
            office_url, floor_url = open_until_the_end.enter_context(databases())
            folder = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory()))
            yield Pair(office_url=office_url, floor_url=floor_url, folder=folder)
        finally:
            os.environ.pop("CONFERENCE_DATABASE_URL")
            if given:
                os.environ["CONFERENCE_DATABASE_URL"] = given


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}


@contextmanager
def served_office(environment: Mapping[str, str]) -> Iterator[Served]:
    """Serve the office by `conference serve` with its default processes and threads, its worker among them."""
    port = free_port()
    command = [sys.executable, "-m", "conference.cli", "serve", "--port", str(port)]
    yield from _running(subprocess.Popen(
        command, cwd=ROOT, env=_clean() | dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ), port)  # fmt: skip


@contextmanager
def served_floor(environment: Mapping[str, str]) -> Iterator[Served]:
    """Serve the floor as the office is served: the same command, processes, threads and admission."""
    port = free_port()
    workers = int(next(spec.default for spec in SPECS if spec.name == "WEB_WORKERS"))
    listener = listen("127.0.0.1", port)
    os.set_inheritable(listener.fileno(), True)
    command = web_command(listener.fileno(), workers, "tests.load.floor:app")
    child = subprocess.Popen(
        command, cwd=ROOT, env=_clean() | dict(environment) | {"PYTHONPATH": str(ROOT)}, pass_fds=[listener.fileno()],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    listener.close()
    yield from _running(child, port)


def _running(child: subprocess.Popen[bytes], port: int) -> Iterator[Served]:
    try:
        wait_for(port, BEGINS_WITHIN_S)
        _wait_until_ready(port)
        yield Served(port=port, process=psutil.Process(child.pid))
    finally:
        child.terminate()
        try:
            child.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def web_cpu_s(server: Served) -> float:
    """Return the CPU time of the server's web processes so far; its worker and whoever watches them are left out."""
    found = [process for process in server.family() if "gunicorn" in process.cmdline()]
    return sum(float(times.user + times.system) for times in (process.cpu_times() for process in found))


def _wait_until_ready(port: int) -> None:
    """Ask until it answers: what has just been started is slow on a machine that does other things."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=BEGINS_WITHIN_S)
    line.request("GET", "/healthz")
    line.getresponse().read()
    line.close()


@contextmanager
def sink() -> Iterator[int]:
    """Yield the port of a mail server that takes everything and keeps nothing."""
    command = [sys.executable, "-m", "tests.benchmarks.mail_sink", "memory"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()
