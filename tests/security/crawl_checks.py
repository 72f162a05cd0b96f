"""What each answer must keep to, whatever was asked, and who may be where."""

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from conference.web.access import Role
from conference.web.headers import POLICY
from tests.security.api_matrix import ANYONE
from tests.security.crawl_pages import PageForm
from tests.security.crawl_values import COUNTED_MARK, RAW_MARK
from tests.security.matrix import LINK

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
# The HTML parts of mails have inline styles; they and the pages around them, which show them in a frame, have policies
# of their own, in the office (tests/web/mail/test_mail_acts.py) as in the demonstration's mailbox. Slides and answers
# are files of others: theirs is stricter, and lets nothing run. A preview of paper lets in its own file alone
# (tests/web/printing/test_previews.py).
OWN_POLICY = {
    "demo.html_part",
    "demo.letter",
    "mail.office_html",
    "mail.office_page",
    "printing.preview",
    "printing.preview_file",
    "registration.office_file",
    "registration.own_file",
    "speakers.own_slides_file",
    "speakers.slides_file",
}
# They show a mail's HTML part in a frame as well, when it is to be looked at before it is kept.
WITH_FRAME = {"mail.wording", "campaigns.words"}
INLINE_ALLOWED = {"demo.html_part", "mail.office_html", "mail.wording_html", "campaigns.words_html"}
# What the schedule's scripts ask for again and again: kept by the browser, and shown only once the server says that it still
# stands (304), which it says to nobody who is signed out.
BY_TAG = {"editor.data", "editor.changes"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
Args = Mapping[str, object]
_TOKENS = re.compile(r"[A-Za-z0-9_.-]{22,}")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """One thing that should not be; `told` says what was seen."""

    kind: str
    reader: str
    endpoint: str
    asked: str
    told: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.reader}: {self.endpoint}: {self.asked}: {self.told}"


@dataclass(kw_only=True, slots=True)
class Reader:
    """A browser of one kind of person; `starts` is where they begin, `known` what they know without a
    link; `seen` and `forms` are what the crawl came across as them, in its order."""

    name: str
    client: FlaskClient
    role: Role | None = None
    starts: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    is_limited: bool = False
    seen: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[object, ...], tuple[str, PageForm]] = field(default_factory=dict)

    def may(self, who: object) -> bool:
        """Return whether the matrix' entry lets this person in; a personal link lets in whoever has it."""
        return who in {ANYONE, LINK} or (isinstance(who, frozenset) and self.role in who)


def resolved(app: Flask, address: str, method: str) -> tuple[str, Args] | None:
    """Return the endpoint and its arguments, or None where no route takes the address."""
    path = urlsplit(address).path
    try:
        return app.url_map.bind("localhost").match(path, method)
    except RequestRedirect as led:
        return resolved(app, led.new_url, method)
    except HTTPException:
        return None


def is_home(address: str) -> bool:
    """Return whether a browser that is on http://localhost stays there by the address of a redirect."""
    told = address.replace("\\", "/").strip()
    parts = urlsplit(told)
    return not told.startswith("//") and (parts.netloc in {"", "localhost"}) and parts.scheme in {"", "http"}


def masked(address: str) -> str:
    """Return the address without its tokens, which are others in each run."""
    return _TOKENS.sub("…", address)[:160]


def leads_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code in {302, 303} and answer.headers["Location"].startswith("/staff/sign-in")


def is_refused(answer: TestResponse) -> bool:
    return answer.status_code in {401, 403} or leads_to_sign_in(answer)


def faults_of(endpoint: str, who: object, method: str, answer: TestResponse) -> Iterator[tuple[str, str]]:
    """Yield (kind, what was seen) for each promise that this answer breaks by itself; `who` is the matrix' entry."""
    if answer.status_code >= 500 and (endpoint, answer.status_code) != ("web.readyz", 503):
        yield "broke", str(answer.status_code)
    yield from _headers(endpoint, answer)
    # Nothing personal comes back by the back key, or lies in a browser's cache of a shared computer.
    kept = answer.headers.get("Cache-Control", "")
    is_kept = "no-store" not in kept and (endpoint not in BY_TAG or kept != "private, no-cache")
    if who not in {ANYONE, None} and is_kept and answer.status_code < 300:
        yield "header", f"Cache-Control of a personal page: {kept}"
    if 300 <= answer.status_code < 400 and not is_home(answer.headers.get("Location", "")):
        yield "leads away", answer.headers["Location"]
    if answer.mimetype == "text/html" and method != "HEAD":
        yield from _in_page(endpoint, text_of(answer))


def text_of(answer: TestResponse) -> str:
    """Return the answer's words, unpacked."""
    packed = answer.content_encoding == "gzip"
    return (gzip.decompress(answer.data) if packed else answer.data).decode("utf-8", "replace")


def _in_page(endpoint: str, text: str) -> Iterator[tuple[str, str]]:
    found = INLINE.findall(text) if endpoint not in INLINE_ALLOWED else []
    if found:
        yield "inline code", str(found[:3])
    for kind, mark in (("markup as typed", RAW_MARK), ("template as typed", COUNTED_MARK)):
        if mark in text:
            yield kind, _around(text, mark)


def _around(text: str, mark: str) -> str:
    place = text.index(mark)
    return " ".join(text[max(0, place - 80) : place + 40].split())


def _headers(endpoint: str, answer: TestResponse) -> Iterator[tuple[str, str]]:
    for name, value in ALWAYS.items():
        if answer.headers.get(name) != value:
            yield "header", f"{name}: {answer.headers.get(name)}"
    # A file of others tells nobody where it was.
    if answer.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        yield "header", f"Referrer-Policy: {answer.headers.get('Referrer-Policy')}"
    policy = answer.headers.get("Content-Security-Policy", "")
    is_own = endpoint in OWN_POLICY | INLINE_ALLOWED and "default-src 'none'" in policy
    is_framing = endpoint in WITH_FRAME and policy == f"{POLICY}; frame-src 'self'"
    if policy != POLICY and not is_own and not is_framing:
        yield "header", f"Content-Security-Policy: {policy}"
    if not answer.headers.get("X-Request-ID"):
        yield "header", "X-Request-ID is missing"
    if "Cache-Control" not in answer.headers:
        yield "header", "Cache-Control is missing"
    for cookie in answer.headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite=Lax" not in cookie:
            yield "header", f"Set-Cookie: {cookie.partition('=')[0]}"
