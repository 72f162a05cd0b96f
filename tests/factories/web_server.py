"""One web process as `conference serve` starts it, and clients that speak to it by hand."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conference.serve import listen, web_command
from tests.benchmarks.servers import ROOT, office_environment
from tests.factories.ports import free_port

# A machine that does other things takes its time; nothing is measured here.
WAITS_S = 120


@contextmanager
def web_process(url: str, folder: Path, application: str, *options: str) -> Iterator[int]:
    """Yield the port of one process with this application; `options` are gunicorn's, and go before ours."""
    port = free_port()
    listener = listen("127.0.0.1", port)
    os.set_inheritable(listener.fileno(), True)
    *command, name = web_command(listener.fileno(), 1, application)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CONFERENCE_")}
    env = clean | office_environment(url, folder) | {"PYTHONPATH": str(ROOT), "HELD_FOLDER": str(folder)}
    process = subprocess.Popen([*command, *options, name], cwd=ROOT, env=env, pass_fds=[listener.fileno()])
    listener.close()
    try:
        assert ask(port, "/healthz")[0] == 200
        yield port
    finally:
        process.kill()
        process.wait()


def opened(port: int, *, window: int = 0) -> socket.socket:
    """Return a connection; with a `window` of bytes, one that takes no more at a time."""
    line = socket.socket()
    if window:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    line.settimeout(WAITS_S)
    line.connect(("127.0.0.1", port))
    return line


def request(path: str, *fields: str, method: str = "GET", body: bytes = b"") -> bytes:
    """Return a request's bytes, with the length of its body where it has one."""
    length = [f"Content-Length: {len(body)}"] if body else []
    told = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *length, *fields]
    return "\r\n".join(told).encode("latin-1") + b"\r\n\r\n" + body


def answer(line: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one answer: status, fields by their names in small letters, and body."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = line.recv(65536)
        if not more:
            raise ConnectionError("closed before an answer")
        got += more
    head, _, begun = got.partition(b"\r\n\r\n")
    body = bytearray(begun)
    first, *rest = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
    while len(body) < int(fields.get("content-length", "0")):
        more = line.recv(65536)
        if not more:
            raise ConnectionError("closed within an answer")
        body += more
    return int(first.split(" ")[1]), fields, bytes(body)


def ask(
    port: int, path: str, *fields: str, method: str = "GET", body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Ask on a connection of its own, and return its answer."""
    with opened(port) as line:
        line.sendall(request(path, *fields, method=method, body=body))
        return answer(line)
