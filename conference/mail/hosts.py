"""smtplib's clients with an end in time: while they connect, shake hands, and for as long as they are used."""

import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from conference.mail.rules import one_line

# What a dialogue may still take once the worker was told to stop, so that all ends within ten seconds.
STOP_S = 6.0
LOOK_S = 0.2

Hear = Callable[[str], None]


class Watch:
    """Ends a connection at its time by shutting its socket, again and again: while it is made there is none yet.

    The socket's timeout ends a silence; a server that drips single bytes is ended by this. One thread a connection,
    since one a mail would cost as much as the mail.
    """

    def __init__(self, ends_at: float, stop: threading.Event) -> None:
        self.ends_at = ends_at
        self._stop = stop
        self._stopped_at: float | None = None
        self._is_over = threading.Event()
        self._host: smtplib.SMTP | None = None

    @property
    def left_s(self) -> float:
        end = self.ends_at if self._stopped_at is None else min(self.ends_at, self._stopped_at + STOP_S)
        return end - time.monotonic()

    def left_of(self, most_s: float) -> float:
        """Return how many seconds of these are left, above 0; raise TimeoutError if the time is over."""
        left_s = self.left_s
        if left_s <= 0:
            raise TimeoutError("the time for one mail is over")
        return min(most_s, left_s)

    def check(self) -> None:
        """Raise TimeoutError if the time is over."""
        self.left_of(LOOK_S)

    def begin(self, host: smtplib.SMTP) -> None:
        """Watch this host until `end`; raise TimeoutError if its time is over already."""
        self.check()
        self._host = host
        threading.Thread(target=self._run, name="mail watch", daemon=True).start()

    def end(self) -> None:
        self._is_over.set()

    def _run(self) -> None:
        wait_s = LOOK_S
        while not self._is_over.wait(wait_s):
            if self._stopped_at is None and self._stop.is_set():
                self._stopped_at = time.monotonic()
            left_s = self.left_s
            if left_s <= 0:
                _shut(self._host)
            wait_s = min(LOOK_S, left_s) if left_s > 0 else LOOK_S


class Host(smtplib.SMTP):
    """smtplib's client, which reads the greeting while it is being made: that too must end in time."""

    def __init__(self, *args: Any, watch: Watch, hear: Hear | None, **options: Any) -> None:
        self._watch = watch
        self._hear = hear
        super().__init__(*args, **options)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        with closed_on_error(self):
            self._watch.begin(self)
            return super().connect(host, port, source_address)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Return a connection to the first of the server's addresses that answers, asked for while there is time.

        `socket.create_connection` would wait for each of them for the whole timeout.
        """
        refusal = OSError(f"{host} has no address")
        for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(self._watch.left_of(timeout))
                line.connect(address)
            except OSError as error:
                line.close()
                refusal = error
            else:
                line.settimeout(timeout)
                return line
        raise refusal

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _WholeLines(self.sock.makefile("rb"))
        code, words = super().getreply()
        if self._hear is not None:
            for line in words.decode(errors="replace").splitlines() or [""]:
                self._hear(one_line(f"{code} {line}"))
        return code, words

    def close(self) -> None:
        self._watch.end()
        super().close()


class _WholeLines:
    """A server's lines. What it did not end, because it or our time was over, is not its word: "250" is not "2501"."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines

    def readline(self, limit: int) -> bytes:
        line = self._lines.readline(limit)
        return line if line.endswith(b"\n") or len(line) >= limit else b""

    def close(self) -> None:
        self._lines.close()


class EncryptedHost(Host, smtplib.SMTP_SSL):
    """The same with TLS from the first byte; Python ends a handshake as a whole by the socket's timeout."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = super()._get_socket(host, port, timeout)
        try:
            line.settimeout(self._watch.left_of(timeout))
            encrypted = self.context.wrap_socket(line, server_hostname=host)
        except OSError:
            line.close()
            raise
        encrypted.settimeout(timeout)
        return encrypted


def _shut(host: smtplib.SMTP | None) -> None:
    with suppress(OSError):
        if host is not None and host.sock is not None:
            host.sock.shutdown(socket.SHUT_RDWR)  # wakes whoever reads from it


@contextmanager
def closed_on_error(host: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        host.close()
        raise
