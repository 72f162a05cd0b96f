"""Requests for another host name are refused: a forged one must not find its way into a link (trust.md 23)."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.sansio.utils import host_is_trusted

from conference.web.settings import current_settings

# A load balancer asks these by the machine's address; their answers hold no link.
_BY_ANY_NAME = {"web.healthz", "web.readyz"}


def refuse_other_hosts() -> None:
    """Answer 400 in the site's design unless the Host header names CONFERENCE_BASE_URL's host.

    Flask's own TRUSTED_HOSTS refuses before addresses can be made, and so without a page. Only production refuses:
    a demonstration is opened as localhost, 127.0.0.1 or by the machine's name.
    """
    settings = current_settings()
    if settings.mode != "production" or request.endpoint in _BY_ANY_NAME:
        return
    if not _is_ours(request.host, settings.base_url):
        abort(400)


# A site has few names; what a stranger makes up is looked at each time once there are too many.
@lru_cache(maxsize=100)
def _is_ours(host: str, base_url: str) -> bool:
    trusted = urlsplit(base_url).hostname  # in lower case
    return trusted is None or host_is_trusted(host.lower(), [trusted])


def init_hosts(app: Flask) -> None:
    """Call this before any other check of requests."""
    app.before_request(refuse_other_hosts)
