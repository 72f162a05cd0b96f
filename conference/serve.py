"""The production server: web processes and one worker, watched by one parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from conference.running.limits import (
    BACKLOG,
    WEB_CONNECTIONS,
    WEB_KEEPALIVE_S,
    WEB_STOPS_WITHIN_S,
    WEB_THREADS,
    WEB_TIMEOUT_S,
)

# A child that dies is started again after a pause that doubles up to the longest, and begins anew once it has lived.
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0


class AddressTakenError(Exception):
    """The port is not free, or not ours to take. The text says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises AddressTakenError with one sentence."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise AddressTakenError(
            f"Port {port} of {host} cannot be used ({error.strerror}): stop what uses it, or choose another with --port."
        ) from error
    return listener


@dataclass(slots=True)
class Watched:
    """A child process that is started again when it dies by itself."""

    name: str
    command: Sequence[str]
    stops_within_s: float
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None)
    started_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    again_at: float | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, pass_fds=self.pass_fds)  # noqa: S603 -- our own commands
        self.started_at, self.again_at = time.monotonic(), None

    def watch(self) -> None:
        """Say when it has died, and start it again when its pause is over."""
        now = time.monotonic()
        if self.again_at is not None:
            if now >= self.again_at:
                self.start()
        elif self.process is not None and self.process.poll() is not None:
            lived = now - self.started_at
            self.pause_s = FIRST_PAUSE_S if lived > STEADY_AFTER_S else self.pause_s
            code = self.process.returncode
            sys.stderr.write(
                f"The {self.name} ended with {code}; it is started again in {self.pause_s:.0f} s.\n"
            )
            self.again_at = now + self.pause_s
            self.pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)


def serve(host: str, port: int, *, web_workers: int, worker_stops_within_s: float | None) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code. Children are told to finish and then stopped.

    A worker is watched too, unless `worker_stops_within_s` is None: the seconds it may take to end the mail that it is
    sending, since one killed before it has noted the server's answer would be sent twice.
    """
    listener = listen(host, port)
    os.set_inheritable(listener.fileno(), True)
    web = web_command(listener.fileno(), web_workers)
    children = [
        Watched(
            name="web server", command=web, stops_within_s=WEB_STOPS_WITHIN_S, pass_fds=(listener.fileno(),)
        )
    ]
    if worker_stops_within_s is not None:
        worker = [sys.executable, "-m", "conference.cli", "worker"]
        children.append(
            Watched(
                name="worker",
                command=worker,
                stops_within_s=worker_stops_within_s,
            )
        )
    stopping = _on_signals()
    for child in children:
        child.start()
    sys.stderr.write(f"Serving on http://{host}:{port} with {web_workers} web processes.\n")
    while not stopping:
        for child in children:
            child.watch()
        time.sleep(0.2)
    return _stop(children)


def web_command(
    descriptor: int, web_workers: int, application: str = "conference.app:production_app()"
) -> list[str]:
    """Return the command that serves an application as the office is served, on an inherited listening socket."""
    options = {
        "--bind": f"fd://{descriptor}",
        "--workers": str(web_workers),
        "--worker-class": "conference.web.server_worker.OfficeWorker",
        "--threads": str(WEB_THREADS),
        "--worker-connections": str(WEB_CONNECTIONS),
        "--keep-alive": str(WEB_KEEPALIVE_S),
        "--timeout": str(WEB_TIMEOUT_S),
        "--graceful-timeout": "10",
        # No field of a request says where the office begins, not even on this machine (SCRIPT_NAME, PATH_INFO).
        "--forwarder-headers": "",
        "--log-level": "warning",
        "--logger-class": "conference.web.server_logs.ServerLogger",
    }
    flat = [part for pair in options.items() for part in pair]
    # Its control socket lies in the home folder, where two servers would meet.
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *flat, application]


def _on_signals() -> list[int]:
    seen: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: seen.append(received))
    return seen


def _stop(children: Sequence[Watched]) -> int:
    begun = time.monotonic()
    running = [(child, child.process) for child in children if child.process is not None]
    for _, process in running:
        process.send_signal(signal.SIGTERM)
    for child, process in running:
        try:
            process.wait(max(0.1, begun + child.stops_within_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return 0
