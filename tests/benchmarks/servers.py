"""Two gunicorn workers for one application, its CPU time, and the database it stands on."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
from sqlalchemy import create_engine, make_url, text

from tests.conftest import SECRET
from tests.factories.ports import free_port

ROOT = Path(__file__).parents[2]


@contextmanager
def databases() -> Iterator[tuple[str, str]]:
    """Yield two empty databases (the application's, the floor's) of the kind that CONFERENCE_DATABASE_URL names."""
    given = os.environ.get("CONFERENCE_DATABASE_URL", "sqlite://")
    if make_url(given).get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/office.sqlite3", f"sqlite:///{folder}/floor.sqlite3"
        return
    names = [f"bench_{uuid.uuid4().hex}" for _ in range(2)]
    engine = create_engine(given, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield tuple(make_url(given).set(database=name).render_as_string(hide_password=False) for name in names)  # type: ignore[misc]  # two names make a pair
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def office_environment(database_url: str, instance: Path) -> dict[str, str]:
    return {
        "CONFERENCE_DATABASE_URL": database_url,
        "CONFERENCE_INSTANCE": str(instance),
        "CONFERENCE_SECRET_KEY": SECRET,
        "CONFERENCE_BASE_URL": "http://127.0.0.1",
        "CONFERENCE_MAIL_SERVER": "127.0.0.1",
        "CONFERENCE_MAIL_TLS": "none",
        "CONFERENCE_MAIL_SENDER": "office@conference.example",
    }


@dataclass(slots=True)
class Served:
    """A running server: its port, and the process whose family's CPU time counts."""

    port: int
    process: psutil.Process

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu_s(self) -> float:
        return sum(
            float(times.user + times.system) for times in (process.cpu_times() for process in self.family())
        )

    def rss_mib(self) -> float:
        return max(int(process.memory_info().rss) for process in self.family()) / 2**20


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[Served]:
    """Serve `module:app` by two gunicorn workers on a free port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--worker-class",
        "gthread",
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    child = subprocess.Popen(
        [*command, "--threads", "4", "--log-level", "error", application],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,  # its log; ours is one line of figures
        env=clean | dict(environment) | {"PYTHONPATH": str(ROOT)},
    )
    try:
        wait_for(port)
        yield Served(port=port, process=psutil.Process(child.pid))
    finally:
        child.terminate()
        child.wait(20)


def wait_for(port: int, within_s: float = 20) -> None:
    """Return once something listens there; raises TimeoutError if nothing does in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


class Visitor:
    """One browser: keeps its connection and its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = ""

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Return status and text; raises AssertionError for a server's fault."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.split(";", 1)[0]
        assert answer.status < 500, body[:500]
        return answer.status, body


def hidden_fields(page: str) -> dict[str, str]:
    """Return name and value of each hidden input of the page."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name.group(1)] = value.group(1)
    return found
