"""A mail server that keeps what it is given: the demonstration's mails go by real SMTP to it, and no further."""

import asyncio
import itertools
import socket
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_servers: dict[int, "_OnLoopback"] = {}


class _Keep:
    """Writes each mail as one .eml file, complete or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the name is aiosmtpd's
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{next(self._numbers)}"
        scratch = self._folder / f"{name}.part"
        scratch.write_bytes(envelope.original_content or b"")
        scratch.rename(self._folder / f"{name}.eml")
        return "250 Kept"


class _OnLoopback(Controller):
    """Takes a port that it already holds, since aiosmtpd itself cannot be told to choose a free one."""

    def __init__(self, handler: object) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(
            handler, hostname="127.0.0.1", port=self._socket.getsockname()[1], enable_SMTPUTF8=True
        )

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        server: Awaitable[asyncio.AbstractServer] = self.loop.create_server(
            self._factory_invoker, sock=self._socket
        )
        return server

    def factory(self) -> Any:
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True, decode_data=False)


def start_mailbox(folder: Path) -> int:
    """Return the port on 127.0.0.1 of a server that keeps mails in the folder, and runs until `stop_mailbox`."""
    folder.mkdir(parents=True, exist_ok=True)
    server = _OnLoopback(_Keep(folder))
    server.start()
    port: int = server.port
    _servers[port] = server
    return port


def stop_mailbox(port: int) -> None:
    """Stop the server at this port."""
    _servers.pop(port).stop()
