"""A word for each request, by which the log's lines and what a person reports are found together."""

import re
import secrets
import time

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from conference.web.peers import is_trusted_proxy

HEADER = "X-Request-ID"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


def request_id() -> str:
    """Return the present request's word, "" outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def begin_request() -> None:
    """Give the request its word: the one that a trusted proxy sends, if it looks like one, or a new one."""
    g.request_began = time.perf_counter()
    given = request.headers.get(HEADER)
    is_taken = given is not None and _SHAPE.fullmatch(given) and is_trusted_proxy(request.remote_addr)
    g.request_id = given if is_taken else secrets.token_hex(8)


def _tell(response: Response) -> Response:
    if word := request_id():
        response.headers[HEADER] = word
    return response


def init_requests(app: Flask) -> None:
    """Call this before any other check of requests, so that each refusal has its word too."""
    app.before_request(begin_request)
    app.after_request(_tell)
    app.jinja_env.globals["request_id"] = request_id
