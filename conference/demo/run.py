"""Web, worker and mailbox of the demonstration, in one process."""

import threading
from collections.abc import Callable
from socket import socket

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from conference.jobs.worker import run_worker


class QuietHandler(WSGIRequestHandler):
    """HTTP/1.1 with open connections, and no line for each request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- the signature is Werkzeug's
        """Say nothing: the terminal holds the three addresses."""


def serve_demo(app: Flask, listener: socket, announce: Callable[[], None]) -> None:
    """Serve on the listening socket with the worker in a thread, until Ctrl+C."""
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(app, stop), name="worker", daemon=True)
    host, port = listener.getsockname()[:2]
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())
    worker.start()
    announce()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        worker.join(timeout=10)
