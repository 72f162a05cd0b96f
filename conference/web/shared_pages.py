"""Pages that are the same for every reader: made once, kept in memory, answered with a tag or by 304.

What is kept holds nothing of a reader, so it may be compressed (BREACH needs a secret in the page) and lie in shared
caches, which ask at each use whether it still stands (RFC 9111, `no-cache`).
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import Response, current_app, request

_KEPT = "conference.shared_pages"
MOST_BYTES = 48_000_000
# Below this a compressed page is hardly smaller.
_WORTH_BYTES = 1_000
_VARY = "Accept-Encoding, Accept-Language"
_CACHE = "public, no-cache"


class KeptPage:
    """A page's bytes, compressed ones beside it at first use, and its tag: the same wherever the bytes are the same."""

    __slots__ = ("_packed", "body", "headers", "tag")

    def __init__(self, body: bytes, content_type: str) -> None:
        self.body = body
        self.tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
        self.headers = [
            ("Content-Type", content_type),
            ("ETag", self.tag),
            ("Cache-Control", _CACHE),
            ("Vary", _VARY),
        ]
        self._packed: bytes | None = None

    @property
    def packed(self) -> bytes:
        if self._packed is None:
            self._packed = gzip.compress(self.body, 6, mtime=0)
        return self._packed


class SharedPages:
    """The pages of one state of the data, at most `most_bytes` of them; those asked for longest ago go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._state: Hashable = None
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, state: Hashable, name: Hashable) -> KeptPage | None:
        with self._lock:
            if state != self._state:
                return None
            page = self._pages.get(name)
            if page is not None:
                self._pages.move_to_end(name)
            return page

    def keep(self, state: Hashable, name: Hashable, page: KeptPage) -> None:
        with self._lock:
            if state != self._state:
                self._state, self._bytes = state, 0
                self._pages.clear()
            before = self._pages.pop(name, None)
            self._bytes += len(page.body) - (len(before.body) if before else 0)
            self._pages[name] = page
            while self._bytes > self._most_bytes and self._pages:
                self._bytes -= len(self._pages.popitem(last=False)[1].body)


def shared_page(
    state: Hashable, name: Hashable, make: Callable[[], str], content_type: str = "text/html; charset=utf-8"
) -> Response:
    """Answer the page that `make` writes, made once a process for a state and name; 304 to who has it already.

    `state` is of the database at this moment, so that all processes change at once. Of the reader nothing but what
    is in `name` may go in: no token, no name, nothing that was flashed.
    """
    pages: SharedPages = current_app.extensions.setdefault(_KEPT, SharedPages())
    page = pages.find(state, name)
    if page is None:
        page = KeptPage(make().encode(), content_type)
        pages.keep(state, name, page)
    return _answer(page)


def _answer(page: KeptPage) -> Response:
    has = request.environ.get("HTTP_IF_NONE_MATCH")
    if has and _names(has, page.tag):
        return Response(status=304, headers=page.headers[1:])
    if len(page.body) < _WORTH_BYTES or "gzip" not in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
        return Response(page.body, headers=page.headers)
    return Response(page.packed, headers=[*page.headers, ("Content-Encoding", "gzip")])


def _names(header: str, tag: str) -> bool:
    """Return whether If-None-Match names the tag, by the weak comparison that RFC 9110 (13.1.2) wants here."""
    bare = tag.removeprefix("W/")
    return header == tag or any(one.strip().removeprefix("W/") in {bare, "*"} for one in header.split(","))
