"""Offices that begin in milliseconds: `bear` runs in a child that has loaded the application, and forks them.

It says "ready"; for each word that it hears it forks an office (a parent, with gunicorn's arbiter and a worker as `conference
serve` has them) and says the parent's process id. It opens no connection and starts no thread before.
"""

import os
import signal
import threading
import time
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from conference.app import production_app
from conference.jobs.worker import Worker
from tests.factories.forked import listened

LOOKS_EVERY_S = 0.3


class _Web(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """Gunicorn as `conference.serve` starts it, with the application that is there already."""

    def __init__(self, app: Flask, port: int) -> None:
        self._app, self._port = app, port
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._port}",
            "workers": 2,
            "worker_class": "gthread",
            "threads": 4,
            "loglevel": "critical",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def _office(app: Flask, port: int) -> None:
    """Be an office's parent until it is killed; where its own bearer is gone, nobody else would end it."""
    bearer, children = os.getppid(), []
    for work in (_Web(app, port).run, partial(Worker(app, poll_s=LOOKS_EVERY_S).run, threading.Event())):
        child = os.fork()
        if child == 0:
            work()
            os._exit(0)
        children.append(child)
    while os.getppid() == bearer:
        time.sleep(LOOKS_EVERY_S)
    for child in children:
        os.kill(child, signal.SIGTERM)
    os._exit(0)


def bear(line: Connection, environment: dict[str, str], port: int) -> None:
    """Bear offices on this port until the line is closed."""
    os.environ.clear()
    os.environ.update(environment)
    for stream in (1, 2):  # their log is not ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    app = production_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed leaves nothing behind
    line.send("ready")
    while listened(line) is not None:
        child = os.fork()
        if child == 0:
            _office(app, port)
        line.send(child)
