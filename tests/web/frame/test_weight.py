"""No page moves more than 150 kB over the wire, cold, with static files compressed: look.md and the first release."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.demo.data import fill
from conference.event.queries import get_event
from conference.programme.queries import published
from conference.web.access import Role
from tests.factories.accounts import sign_in

LIMIT_BYTES = 150_000
FONTS = ("regular-latin.woff2", "bold-latin.woff2", "regular-more.woff2", "bold-more.woff2")


@pytest.fixture
def filled(app: Flask) -> Flask:
    fill(None)
    return app


def weight(client: FlaskClient, url: str) -> int:
    """Return the bytes of the page and of all that it loads, fonts for all scripts included."""
    headers = {"Accept-Encoding": "gzip"}
    page = client.get(url, headers=headers)
    assert page.status_code == 200, url
    text = gzip.decompress(page.data).decode() if page.content_encoding == "gzip" else page.text
    loaded = set(
        re.findall(r'<(?:link[^>]*(?:stylesheet|icon)[^>]*href|script[^>]*src|img[^>]*src)="(/[^"]+)"', text)
    )
    # Of the two files of a picture a browser of today loads the first.
    pictures = re.findall(r'<source[^>]*srcset="([^"]+)">\s*<img src="([^"]+)"', text)
    loaded = loaded - {fallback for _, fallback in pictures} | {first for first, _ in pictures}
    assert any("theme.css" in address for address in loaded), url
    loaded |= {f"/assets/x/{name}" for name in FONTS}
    return len(page.data) + sum(len(client.get(address, headers=headers).data) for address in loaded)


def test_no_page_is_heavy(filled: Flask, client: FlaskClient) -> None:
    programme = published()
    assert programme is not None
    first_day = get_event().first_day.isoformat()
    session_id = programme.sessions[0].id
    urls = [
        "/",
        "/register",
        f"/programme/{first_day}",
        f"/programme/session/{session_id}",
        "/speakers",
        "/privacy",
        "/accessibility",
        "/staff/sign-in",
    ]
    weights = {url: weight(client, url) for url in urls}
    sign_in(client, Role.ORGANISER)
    weights |= {
        url: weight(client, url)
        for url in (
            "/staff/",
            "/staff/registrations",
            "/staff/programme",
            "/staff/schedule",
            "/staff/people",
            "/staff/mails",
        )
    }
    assert {url: size for url, size in weights.items() if size > LIMIT_BYTES} == {}


def test_reading_pages_set_no_cookie(filled: Flask) -> None:
    client = filled.test_client()
    first_day = get_event().first_day.isoformat()
    for url in ("/", f"/programme/{first_day}", "/speakers", "/privacy", "/programme.ics"):
        assert "Set-Cookie" not in client.get(url).headers, url
