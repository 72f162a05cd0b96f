"""A whole SMTP server (aiosmtpd) that takes every mail and keeps none: what both sides of `mail` send to.

Says its port, and ends with its standard input.
"""

import sys
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.benchmarks.servers import free_port


class _Taker:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 -- the name is aiosmtpd's
        return "250 taken"


class _Sink(Controller):
    def factory(self) -> Any:
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True, decode_data=False)


if __name__ == "__main__":
    sink = _Sink(_Taker(), hostname="127.0.0.1", port=free_port())
    sink.start()
    print(sink.port, flush=True)
    sys.stdin.read()
    sink.stop()
