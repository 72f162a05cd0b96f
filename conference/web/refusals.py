"""What a web process answers to a request that it has no time for: a small page made once, without database and session.

Nothing is lost by it. A page loads itself again; a form was not looked at, and sending it again sends the same.
"""

import json
import re
import time
from functools import lru_cache
from http import HTTPStatus

from flask import Flask, Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from conference.web.counters import Counters, counters
from conference.web.frame import BARE_FRAME
from conference.web.headers import ALWAYS, secure
from conference.web.language import LANGUAGES, browsers_language, gettext, in_language
from conference.web.server_queue import Rank

_LANGUAGE = re.compile(rb"\r\naccept-language:[ \t]*([^\r\n]*)", re.IGNORECASE)
_ACCEPT = re.compile(rb"\r\naccept:[ \t]*([^\r\n]*)", re.IGNORECASE)
_CHOSEN = re.compile(rb"[?&]lang=([a-z]{2})(?![^&])")
# In any language the same: who sends so writes programs.
LENGTH_REQUIRED = b"A Content-Length is required.\n"
_TOLD_EACH_S = 10.0
# How a process counts them: this, and the rank in small letters.
REFUSED = "refused|"


class Refusals:
    """The refusals of one process: their pages in each language, and how many there were. `answer` makes bytes to send."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self._counters: Counters = counters(app)
        self._untold = 0
        self._told_at = 0.0

    def note(self, rank: Rank) -> None:
        """Count one that was sent away, for /metrics and the log."""
        self._counters.add(REFUSED + rank.name.lower())
        self._untold += 1

    def to_tell(self) -> str | None:
        """Return a sentence for the log, at most one in ten seconds, where somebody was sent away since the last."""
        now = time.monotonic()
        if not self._untold or now < self._told_at + _TOLD_EACH_S:
            return None
        count, self._untold, self._told_at = self._untold, 0, now
        return f"{count} requests were refused: they would have waited for too long"

    def answer(self, head: bytes, again_s: int) -> bytes:
        """Return the whole answer to a request with this head: a page, or a problem (RFC 9457) for a program."""
        method, _, rest = head.partition(b" ")
        target = rest.partition(b" ")[0]
        accepted = _ACCEPT.search(head)
        wants = accepted[1].lower() if accepted else b""
        for_programs = target.startswith(b"/api/") or (b"json" in wants and b"html" not in wants)
        fields, body = self._made(self._tag(head, target), again_s, method in {b"GET", b"HEAD"}, for_programs)
        return fields if method == b"HEAD" else fields + body

    @staticmethod
    def _tag(head: bytes, target: bytes) -> str:
        chosen = _CHOSEN.search(target)
        if chosen is not None and chosen[1].decode() in LANGUAGES:
            return chosen[1].decode()
        asked = _LANGUAGE.search(head)
        return browsers_language(asked[1].decode("latin-1")) if asked else "en"

    @lru_cache(maxsize=200)  # noqa: B019 -- one object a process, for as long as it lives
    def _made(self, tag: str, again_s: int, is_reading: bool, for_programs: bool) -> tuple[bytes, bytes]:
        # Of a form, because its page offers no other language: a link to one would lose it.
        with self._app.test_request_context("/", method="POST"), in_language(tag):
            answer = _problem() if for_programs else _page(again_s, is_reading=is_reading)
            answer.headers["Retry-After"] = str(again_s)
            answer.headers["Cache-Control"] = "no-store"
            answer.headers["Vary"] = "Accept-Language"
            return _raw(secure(answer))


def _page(again_s: int, *, is_reading: bool) -> Response:
    body = render_template("web/busy.html", bare=BARE_FRAME, again_s=again_s, is_reading=is_reading)
    return Response(body, status=503, mimetype="text/html")


def _problem() -> Response:
    told = {
        "type": "about:blank",
        "title": HTTPStatus(503).phrase,
        "status": 503,
        "detail": gettext("Nothing of what you sent was saved. Send it again in a few seconds."),
        "field": None,
    }
    return Response(json.dumps(told), status=503, content_type="application/problem+json")


def _raw(answer: BaseResponse) -> tuple[bytes, bytes]:
    fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    return f"HTTP/1.1 {answer.status}\r\nConnection: close\r\n{fields}\r\n".encode(
        "latin-1"
    ), answer.get_data()


def plain(status: HTTPStatus, body: bytes, *fields: str) -> bytes:
    """Return a whole answer of plain text, for what no application is asked about."""
    more = "".join(f"{field}\r\n" for field in (*(f"{name}: {value}" for name, value in ALWAYS), *fields))
    return (
        f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Cache-Control: no-store\r\n"
        f"{more}Content-Length: {len(body)}\r\n\r\n"
    ).encode("latin-1") + body
