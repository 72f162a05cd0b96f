"""The rank of a request by its head alone, before a thread has seen it (see `server_queue`)."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from itsdangerous import BadData
from werkzeug.sansio.http import parse_cookie

from conference.web.access import LINK, declared_access
from conference.web.server_queue import Rank

Ranking = Callable[[bytes], Rank]
_COOKIE = re.compile(rb"\r\ncookie:[ \t]*([^\r\n]*)", re.IGNORECASE)
_BEARER = re.compile(rb"\r\nauthorization:[ \t]*bearer ", re.IGNORECASE)
# Whoever looks after the machine asks on it; what a server in front hands on is anybody's.
_FORWARDED = re.compile(rb"\r\nx-forwarded-for[ \t]*:", re.IGNORECASE)
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

    def session_in(head: bytes) -> str | None:
        # Read as the application reads them: one that is malformed, of whichever site, takes none of the others away.
        cookies = b";".join(_COOKIE.findall(head)).decode("latin-1")
        return parse_cookie(cookies).get(name) or None

    def is_staff(cookie: str) -> bool:
        try:
            return STAFF in signer.loads(cookie, max_age=most_age_s)
        except (BadData, TypeError):
            return False

    def rank_of(head: bytes) -> Rank:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if path in _MACHINE and _FORWARDED.search(head) is None:
            return Rank.FIRST
        held = session_in(head)
        if path.startswith(b"/staff") and held is not None and is_staff(held):
            return Rank.FIRST
        has_begun = held is not None or method not in {b"GET", b"HEAD"} or _BEARER.search(head) is not None
        return Rank.BEGUN if has_begun or path.startswith(begun) else Rank.NEW

    return rank_of
