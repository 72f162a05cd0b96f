"""The rank of a request by its head alone, before a thread has seen it (see `server_queue`)."""

import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

from flask import Flask
from itsdangerous import BadData

from conference.web.access import LINK, declared_access
from conference.web.server_queue import Rank

Ranking = Callable[[bytes], Rank]
_COOKIE = re.compile(rb"\r\ncookie:[ \t]*([^\r\n]*)", re.IGNORECASE)
_BEARER = re.compile(rb"\r\nauthorization:[ \t]*bearer ", re.IGNORECASE)
_MACHINE = (b"/healthz", b"/readyz", b"/metrics")
# What a page that somebody has already needs to be whole, and what comes after a form.
_BEGUN = (b"/assets/", b"/register/sent")
# What the office keeps in the session of somebody who is signed in (`accounts.cookie`).
STAFF = "staff"


def first_come(_head: bytes) -> Rank:
    """Return the same rank for everybody."""
    return Rank.NEW


def _links(app: Flask) -> list[bytes]:
    """Return how the addresses of all personal links begin."""
    rules = app.url_map.iter_rules()
    links = {
        rule.rule.partition("<")[0]
        for rule in rules
        if declared_access(app.view_functions[rule.endpoint]) == LINK
    }
    return sorted(link.encode() for link in links)


def ranking_of(app: Flask) -> Ranking:
    """Return what says the rank of a request to this application.

    That somebody is signed in counts where the session's signature is true; whether the session still stands is for the
    database, which nobody asks here.
    """
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # a cookie's, of OfficeSessions
    begun = (*_BEGUN, *_links(app))
    name, most_age_s = str(app.config["SESSION_COOKIE_NAME"]), app.permanent_session_lifetime.total_seconds()

    def session_in(cookies: bytes) -> str | None:
        try:
            found = SimpleCookie(cookies.decode("latin-1")).get(name)
        except CookieError:
            return None
        return found.value if found else None

    def is_staff(cookie: str) -> bool:
        try:
            return STAFF in signer.loads(cookie, max_age=most_age_s)
        except (BadData, TypeError):
            return False

    def rank_of(head: bytes) -> Rank:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if path in _MACHINE:
            return Rank.FIRST
        cookies = _COOKIE.search(head)
        held = session_in(cookies[1]) if cookies else None
        if path.startswith(b"/staff") and held is not None and is_staff(held):
            return Rank.FIRST
        has_begun = held is not None or method not in {b"GET", b"HEAD"} or _BEARER.search(head) is not None
        return Rank.BEGUN if has_begun or path.startswith(begun) else Rank.NEW

    return rank_of
