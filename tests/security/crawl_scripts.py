"""What no form sends: the requests of the pages' scripts, and of nobody, to every route that changes something."""

import json
from itertools import islice

from tests.factories.records import Records
from tests.security.crawl_checks import Reader
from tests.security.crawl_looking import NOTED
from tests.security.crawl_sending import COUNTED, WITHOUT_TOKEN, Sending, token_of
from tests.security.matrix import LINK

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_EDIT = {"act": "put", "key": "key-000001", "revision": 1, "seen": {"1": 1}}
BODIES: tuple[tuple[str, bytes], ...] = (
    (FORM, b""),
    (JSON, b"{}"),
    (JSON, b"[]"),
    (JSON, b"null"),
    (JSON, b'"x"'),
    (JSON, b"{"),
    (JSON, b"[" * 9000),
    (JSON, b"\xff\xfe"),
    (
        JSON,
        json.dumps(_EDIT | {"placements": [{"session": 1, "room": 1, "at": 540, "minutes": 60}]}).encode(),
    ),
    (
        JSON,
        json.dumps(
            _EDIT | {"placements": [{"session": 2**63, "room": -1, "at": 1e308, "minutes": None}]}
        ).encode(),
    ),
    (JSON, json.dumps(_EDIT | {"act": "edit", "session": "x", "fields": {"title": "a\u0000b"}}).encode()),
    (JSON, json.dumps(_EDIT | {"seen": {"x": "y"}, "revision": 2**70, "key": "k" * 9000}).encode()),
    (JSON, json.dumps({"tab": "x" * 500, "session": 2**70}).encode()),
    (JSON, json.dumps({"name": "../../a.pdf", "size": -1, "modified": 2**70}).encode()),
    ("application/octet-stream", b"\x00" * 64),
    ("multipart/form-data", b"--x\r\n"),
    ("text/plain;charset=nothing", b"a=b"),
)


def scripted(crawler: Sending, records: Records, reader: Reader) -> None:
    """Send every body to each route that takes a POST and that no form led to, with the token and without.

    Without one nothing may change, and to whom a route is closed it says so whatever comes.
    """
    has_form = {key[0] for key in reader.forms}
    token = token_of(reader).decode()
    for rule in sorted(crawler.app.url_map.iter_rules(), key=lambda one: one.endpoint):
        if "POST" not in (rule.methods or ()) or rule.endpoint in has_form:
            continue
        who = crawler.who(rule.endpoint)
        is_mine = reader.may(who) and (who != LINK or reader.role is None)
        if not is_mine or (rule.endpoint in crawler.scripted and not crawler.is_deep):
            continue
        crawler.scripted[rule.endpoint] = None
        _send(crawler, reader, records.address(crawler.app, rule), rule.endpoint, token)


def _most(crawler: Sending, endpoint: str) -> int | None:
    """Return how many bodies are sent; None for all."""
    if crawler.is_deep or "editor" in endpoint:
        return None
    return 1 if crawler.is_brief else 6


def _send(crawler: Sending, reader: Reader, address: str, endpoint: str, token: str) -> None:
    for kind, body in islice(BODIES, _most(crawler, endpoint)):
        for headers in ({"X-CSRF-Token": token, "Accept": JSON}, {}):
            answer = crawler.ask(
                reader,
                "POST",
                address,
                f"script {kind} {body[:24]!r}",
                data=body,
                content_type=kind,
                headers=headers,
            )
            # The page that refuses it may show what is sensitive, and then notes the look.
            changed = crawler.ground.changed() - COUNTED - NOTED if not headers else frozenset()
            if changed and endpoint not in WITHOUT_TOKEN:
                told = ", ".join(sorted(changed))
                crawler.find(
                    "sent without a token", reader, endpoint, f"POST {address} ({body[:24]!r})", told
                )
            if answer is not None and answer.status_code < 400:
                crawler.accepted.setdefault(endpoint)
            crawler.ground.restore()
