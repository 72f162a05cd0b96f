"""A mail server on loopback that answers as a test says, and keeps what it took."""

import socketserver
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask

from conference.config import Settings
from conference.web.settings import attach_settings

DROP = "drop"  # close the connection instead of answering
SILENT = "silent"  # keep it open and say nothing
DRIP = "drip"  # one byte of an answer that never ends, each tenth of a second
# Longer than any program under test may wait; a server that is closed ends its silences.
SILENT_S = 300
GREETING = "GREETING"
CERTIFICATE = Path(__file__).parent / "loopback.pem"
TAKEN = "TAKEN"  # the answer after the mail itself


@dataclass(slots=True)
class Mailserver:
    """`answers` by verb (or GREETING, TAKEN), or by a whole line as in "RCPT TO:<b@x.example>"."""

    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8", "SIZE 10000000")
    tls: ssl.SSLContext | None = None
    from_the_first_byte: bool = False
    closes_after: int = 0  # so many mails a connection are taken, then it is closed without a word
    pause_s: float = 0.0  # before the answer after the mail itself
    together: int = 0  # no mail is taken before so many connections are there
    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    # What was taken, each with the number of its connection; and the connections that said QUIT.
    copies: list[tuple[int, bytes]] = field(default_factory=list)
    parted: set[int] = field(default_factory=set)
    connections: int = 0
    data_begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def mails(self) -> list[EmailMessage]:
        read = [message_from_bytes(content, policy=policy.default) for content in self.raw]
        return [mail for mail in read if isinstance(mail, EmailMessage)]

    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


class _Closed(Exception):  # noqa: N818 -- a signal between two methods, not an error
    pass


class _Dialogue(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.state = self.server.state
        self.state.connections += 1
        self.taken, self.number = 0, self.state.connections
        try:
            if self.state.from_the_first_byte:
                self._encrypt()
            self._say(GREETING, "220 loopback ready")
            while raw := self.rfile.readline():
                line = raw.decode("utf-8", "replace").strip()
                self.state.lines.append(line)
                self._answer(line)
        except (_Closed, OSError):
            return

    def _answer(self, line: str) -> None:
        verb = line.split(" ", maxsplit=1)[0].split(":", maxsplit=1)[0].upper()
        if verb == "EHLO":
            extensions = [*self.state.extensions, *(["STARTTLS"] if self.state.tls else [])]
            names = ["loopback", *extensions]
            marked = [f"250{'-' if place < len(names) else ' '}{name}" for place, name in enumerate(names, 1)]
            self._say(verb, "\r\n".join(marked))
        elif verb == "STARTTLS" and self.state.tls:
            self._say(verb, "220 go on")
            self._encrypt()
        elif verb == "DATA":
            self._take()
        else:
            if verb == "QUIT":
                self.state.parted.add(self.number)
            self._say(
                line if line in self.state.answers else verb, "221 bye" if verb == "QUIT" else "250 fine"
            )

    def _encrypt(self) -> None:
        assert self.state.tls is not None
        self.connection = self.state.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def finish(self) -> None:
        """Close the encrypted socket too, which took over from the one that the server knows."""
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _take(self) -> None:
        self._say("DATA", "354 go on")
        if not self.state.answers.get("DATA", "354").startswith("354"):
            return
        content = b""
        while (line := self.rfile.readline()) != b".\r\n":
            content += line.removeprefix(b".")
        self.state.data_begun.set()
        if self.state.answers.get(TAKEN) == SILENT:
            self._say(TAKEN, "")
        time.sleep(self.state.pause_s)
        self._wait_for_others()
        self.state.raw.append(content)
        self.state.copies.append((self.number, content))
        self._say(TAKEN, "250 taken")
        self.taken += 1
        if self.taken == self.state.closes_after:
            raise _Closed

    def _wait_for_others(self) -> None:
        end = time.monotonic() + 60
        while self.state.connections < self.state.together and time.monotonic() < end:
            time.sleep(0.01)

    def _say(self, moment: str, usual: str) -> None:
        answer = self.state.answers.get(moment, usual)
        if answer == DROP:
            raise _Closed
        if answer == SILENT:
            self.state.let_go.wait(SILENT_S)
            raise _Closed
        while answer == DRIP:
            self.wfile.write(b"2")
            time.sleep(0.1)
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    state: Mailserver

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is what the tests are about."""


@contextmanager
def mailserver(answers: Mapping[str, str] | None = None, **more: Any) -> Iterator[Mailserver]:
    """Serve on a free port of 127.0.0.1 while the block runs."""
    state = Mailserver(answers=dict(answers or {}), **more)
    with _Server(("127.0.0.1", 0), _Dialogue) as server:
        server.state = state
        server.daemon_threads = True
        server.block_on_close = False
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield state
        state.let_go.set()
        server.shutdown()
        thread.join()


@contextmanager
def closed_port() -> Iterator[int]:
    """Yield a port of 127.0.0.1 at which nobody listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        port: int = server.server_address[1]
    yield port


def send_through(app: Flask, port: int, **changes: Any) -> None:
    """Let the application send through this port of 127.0.0.1, other settings changed by name."""
    settings: Settings = app.extensions["conference.settings"]
    attach_settings(app, replace(settings, mail_port=port, **changes))


def server_context() -> ssl.SSLContext:
    """Return what a mail server encrypts with: a certificate for 127.0.0.1 that only itself vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
