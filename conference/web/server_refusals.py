"""What the web server answers below the application, to what is no request: with the headers of every other answer."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, Protocol

from gunicorn.workers.gthread import ThreadWorker

from conference.web.headers import ALWAYS

_WORDS = {
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long. Go back and follow the link again.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Your browser sent more than fits. Delete its cookies of this site and load the page again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side. Go back and try again.",
}
_OTHERWISE = "This request could not be read. Go back, load the page again and repeat what you did."


def refusal(status: int) -> bytes:
    """Return a whole answer of HTTP/1.1 with one sentence, which repeats nothing of what was sent and ends the connection."""
    known = HTTPStatus(status)
    body = f"{_WORDS.get(known, _OTHERWISE)}\n".encode()
    fields = {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in [*fields.items(), *ALWAYS])
    return f"HTTP/1.1 {status} {known.phrase}\r\n{head}\r\n".encode("ascii") + body


class _Heard:
    """Stands in for the client while the server makes its own page, of which only the status is taken."""

    def __init__(self) -> None:
        self.status = 0

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, data: bytes) -> None:
        if not self.status:
            self.status = int(data.split(b" ", 2)[1])


class Client(Protocol):
    """What answers are written to: a socket, or a line of our own loop."""

    def sendall(self, data: bytes, /) -> None: ...


class SafeRefusals(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, whose own error pages would have none of our headers and repeat what was sent."""

    def handle_error(self, req: Any, client: Client, addr: Any, exc: BaseException) -> None:
        heard = _Heard()
        super().handle_error(req, heard, addr, exc)
        if heard.status:
            self._send(client, refusal(heard.status))

    @staticmethod
    def _send(client: Client, answer: bytes) -> None:
        with suppress(OSError):  # of who is gone
            client.sendall(answer)
