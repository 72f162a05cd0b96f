"""The production server: web processes and one worker, watched by one parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

STOP_WITHIN_S = 15
RESTART_PAUSE_S = 1.0


class AddressTakenError(Exception):
    """The port is not free, or not ours to take. The text says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises AddressTakenError with one sentence."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise AddressTakenError(
            f"Port {port} of {host} cannot be used ({error.strerror}): stop what uses it, or choose another with --port."
        ) from error
    return listener


@dataclass(slots=True)
class Watched:
    """A child process that is started again when it dies by itself."""

    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, pass_fds=self.pass_fds)  # noqa: S603 -- our own commands

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def serve(host: str, port: int, *, web_workers: int, with_worker: bool) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code. Children are told to finish and then stopped."""
    listener = listen(host, port)
    os.set_inheritable(listener.fileno(), True)
    children = [Watched(command=_web_command(listener.fileno(), web_workers), pass_fds=(listener.fileno(),))]
    if with_worker:
        children.append(Watched(command=[sys.executable, "-m", "conference.cli", "worker"]))
    stopping = _on_signals()
    for child in children:
        child.start()
    sys.stderr.write(f"Serving on http://{host}:{port} with {web_workers} web processes.\n")
    while not stopping:
        for child in children:
            if child.died():
                time.sleep(RESTART_PAUSE_S)
                child.start()
        time.sleep(0.2)
    return _stop(children)


def _web_command(descriptor: int, web_workers: int) -> list[str]:
    options = {
        "--bind": f"fd://{descriptor}",
        "--workers": str(web_workers),
        "--worker-class": "gthread",
        "--threads": "4",
        "--timeout": "60",
        "--graceful-timeout": "10",
        "--log-level": "warning",
    }
    flat = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "gunicorn", *flat, "conference.app:production_app()"]


def _on_signals() -> list[int]:
    seen: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: seen.append(received))
    return seen


def _stop(children: Sequence[Watched]) -> int:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return 0
