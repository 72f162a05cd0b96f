"""A whole SMTP server (aiosmtpd): what both sides of `mail` send to. Says its port, and ends with its standard input.

Each mail is on the disk before it is answered with 250, as RFC 5321 (4.2.5) asks of who takes the responsibility for
it; with the argument "memory" it is thrown away.
"""

import os
import sys
import tempfile
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.factories.ports import free_port


class _Taker:
    def __init__(self, spool: int | None) -> None:
        self._spool = spool

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the name is aiosmtpd's
        if self._spool is not None:
            os.write(self._spool, envelope.original_content or b"")
            os.fdatasync(self._spool)
        return "250 taken"


class _Sink(Controller):
    def factory(self) -> Any:
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True, decode_data=False)


if __name__ == "__main__":
    with tempfile.TemporaryFile() as spool:
        taker = _Taker(None if sys.argv[1:] == ["memory"] else spool.fileno())
        sink = _Sink(taker, hostname="127.0.0.1", port=free_port())
        sink.start()
        print(sink.port, flush=True)
        sys.stdin.read()
        sink.stop()
