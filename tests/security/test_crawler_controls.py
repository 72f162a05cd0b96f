"""The control of the crawler: each thing that it looks for is found where it is planted, and nothing else is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask, Response, abort, redirect, request
from sqlalchemy import update
from werkzeug.routing import Rule

from conference.accounts.tables import StaffRow
from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.db.work import transact
from conference.event.tables import TrackRow
from conference.web.access import Role, by_link, public, staff
from tests.factories.accounts import sign_in
from tests.security.api_matrix import ANYONE, ORGANISER
from tests.security.crawl_checks import Reader
from tests.security.crawl_sending import Sending
from tests.security.crawl_values import RAW_MARK
from tests.security.crawler import ground_of
from tests.security.matrix import LINK, MATRIX

HOME = """<a href="/planted/broken">1</a> <a href="/planted/nowhere">2</a> <a href="/planted/secret">3</a>
<a href="/planted/closed">4</a> <a href="/planted/writes">5</a> <a href="/planted/bare">6</a> <a href="/planted/away">7</a>
<a href="/planted/inline">8</a> <a href="/planted/echo?text=a">9</a> <a href="/planted/own/1">10</a>
<form method="post" action="/planted/unguarded"><input name="csrf_token" value="x"><button>Send</button></form>
<form method="post" action="/planted/assigned"><input name="csrf_token" value="x"><button>Send</button></form>
<form method="post" action="/planted/tokenless"><button>Send</button></form>"""


def _write() -> str:
    transact(lambda session: record(session, actor=BY_SYSTEM, action="planted", about=("event", 1)))
    return "done"


def _unguarded() -> str:
    transact(lambda session: session.execute(update(TrackRow).values(revision=TrackRow.revision + 1)))
    return "done"


def _broken() -> str:
    raise RuntimeError("planted")


def _assigned() -> str:
    """Change a role where it is told one, as a form would that takes whatever comes; the token is not looked at."""
    if "csrf_token" in request.form:
        role = request.form.get("role", Role.VIEWER.value)
        transact(lambda session: session.execute(update(StaffRow).values(role=role, name="planted")))
    return "done"


def _own(number: int) -> str:
    return "mine" if number else abort(404)


def _bare() -> Response:
    return Response(
        "bare", headers={"Content-Security-Policy": "default-src *", "Referrer-Policy": "unsafe-url"}
    )


def _inline() -> Response:
    return Response('<p style="color: red">', mimetype="text/html")


def _echo() -> Response:
    return Response(request.args.get("text", ""), mimetype="text/html")


def _home() -> Response:
    return Response(HOME, mimetype="text/html")


# By endpoint: the address, the view as it is declared, and what the matrix says of it.
PLANTED: dict[str, tuple[str, Callable[..., Any], object]] = {
    "home": ("/planted", public(_home), ANYONE),
    "broken": ("/planted/broken", public(_broken), ANYONE),
    "secret": ("/planted/secret", public(lambda: "open"), ORGANISER),
    "closed": ("/planted/closed", staff(Role.DESK)(lambda: "closed"), ORGANISER | {Role.DESK}),
    "writes": ("/planted/writes", public(_write), ANYONE),
    "bare": ("/planted/bare", public(_bare), ANYONE),
    "away": ("/planted/away", public(lambda: redirect("//evil.example/", 303)), ANYONE),
    "inline": ("/planted/inline", public(_inline), ANYONE),
    "echo": ("/planted/echo", public(_echo), ANYONE),
    "own": ("/planted/own/<int:number>", by_link(_own), LINK),
    "unguarded": ("/planted/unguarded", public(_unguarded), ANYONE),
    "tokenless": ("/planted/tokenless", public(lambda: "done"), ANYONE),
    "assigned": ("/planted/assigned", public(_assigned), ANYONE),
}
FOUND = {
    ("broke", "broken"),
    ("dead link", ""),
    ("open", "secret"),
    ("dead link", "closed"),
    ("a look changes", "writes"),
    ("header", "bare"),
    ("leads away", "away"),
    ("inline code", "inline"),
    ("markup as typed", "echo"),
    ("shows a personal link", "home"),
    ("another's record", "own"),
    # A personal page that a browser may keep: it is not under one of the addresses of `headers.PERSONAL`.
    ("header", "own"),
    ("header", "secret"),
    ("sent without a token", "unguarded"),
    ("form without a token", "tokenless"),
    ("set by who sent it", "assigned"),
}


@pytest.fixture
def planted(app: Flask) -> Flask:
    for endpoint, (address, view, _) in PLANTED.items():
        app.view_functions[endpoint] = view
        methods = ["POST"] if endpoint in {"unguarded", "tokenless", "assigned"} else ["GET"]
        app.url_map.add(Rule(address, endpoint=endpoint, methods=methods))
    return app


def test_whatever_is_planted_is_found_and_nothing_else(
    planted: Flask, database_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reader = Reader(name="viewer", role=Role.VIEWER, client=planted.test_client(), starts=("/planted",))
    sign_in(reader.client, Role.VIEWER)
    matrix = MATRIX | {endpoint: who for endpoint, (_, _, who) in PLANTED.items()}
    kept = tmp_path_factory.mktemp("kept")
    with (
        ground_of(database_url, tmp_path, kept) as ground,
        Sending(planted, ground, matrix, is_brief=True) as crawler,
    ):
        for act in (crawler.look, crawler.elsewhere, crawler.oddly, crawler.send_all):
            act(reader)
        crawler.ask(reader, "GET", f"/planted/echo?text={quote_plus(RAW_MARK)}", "bad text: markup")
    assert {(one.kind, one.endpoint) for one in crawler.findings} == FOUND
