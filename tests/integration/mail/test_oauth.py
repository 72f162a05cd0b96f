"""XOAUTH2: a token by command or by client credentials, used, kept, and given up when the server refuses it."""

import base64
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from flask import Flask

from conference.config import load_settings, unsafe
from conference.jobs.model import JobState
from conference.mail import oauth
from conference.mail.errors import NoTokenError
from conference.mail.outbox import deliver
from conference.web.settings import current_settings
from tests.factories.mail import outbox_row, queue_note
from tests.factories.smtp import Mailserver, mailserver, send_through

AUTH = {"AUTH": "235 welcome"}
# The server's challenge that tells of a refusal, and what it says to the empty answer.
REFUSED = {
    "AUTH": "334 " + base64.b64encode(b'{"status":"401"}').decode(),
    "": "535 5.7.3 Authentication unsuccessful",
}


@pytest.fixture(autouse=True)
def _no_token() -> None:
    oauth._kept.tokens.clear()


class _Endpoint(BaseHTTPRequestHandler):
    asked: list[dict[str, list[str]]]
    answer: tuple[int, object]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.asked.append(parse_qs(self.rfile.read(length).decode()))
        code, found = self.answer
        body = json.dumps(found).encode()
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the signature is the library's
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[type[_Endpoint]]:
    kind = type(
        "Endpoint", (_Endpoint,), {"asked": [], "answer": (200, {"access_token": "abc", "expires_in": 3600})}
    )
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        kind.port = server.server_address[1]  # type: ignore[attr-defined]  # a test's own
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield kind
        server.shutdown()
        thread.join()


def _printing(text: str) -> str:
    return f'{sys.executable} -c "print({text!r})"'


def _words(server: Mailserver) -> list[bytes]:
    """Return what was said to AUTH XOAUTH2."""
    return [base64.b64decode(line.split()[2]) for line in server.lines if line.startswith("AUTH XOAUTH2 ")]


def test_a_token_printed_by_a_command_signs_in(app: Flask) -> None:
    with mailserver(AUTH) as server:
        server.extensions = ("AUTH XOAUTH2 LOGIN",)
        send_through(app, server.port, mail_username="office@conference.example", mail_oauth_token_command=_printing("tok.en"))  # fmt: skip
        assert deliver(queue_note(app), "me") == JobState.DONE
    assert _words(server) == [b"user=office@conference.example\x01auth=Bearer tok.en\x01\x01"]


def test_a_token_by_client_credentials_is_asked_once_for_its_life(
    app: Flask, endpoint: type[_Endpoint]
) -> None:
    url = f"http://127.0.0.1:{endpoint.port}/token"  # type: ignore[attr-defined]  # as above
    client = {"mail_oauth_client_id": "me", "mail_oauth_client_secret": "s&c", "mail_oauth_scope": "mail"}
    with mailserver(AUTH) as server:
        send_through(app, server.port, mail_username="office", mail_oauth_token_url=url, **client)
        assert [deliver(queue_note(app), "me") for _ in range(2)] == [JobState.DONE] * 2
    asked = {"grant_type": ["client_credentials"], "client_id": ["me"], "client_secret": ["s&c"], "scope": ["mail"]}  # fmt: skip
    assert endpoint.asked == [asked]
    assert _words(server) == [b"user=office\x01auth=Bearer abc\x01\x01"] * 2


def test_a_token_about_to_end_is_asked_anew(app: Flask, endpoint: type[_Endpoint]) -> None:
    endpoint.answer = (200, {"access_token": "short", "expires_in": 30})
    url = f"http://127.0.0.1:{endpoint.port}/token"  # type: ignore[attr-defined]  # as above
    settings = replace(current_settings(), mail_oauth_token_url=url)
    assert [oauth.access_token(settings) for _ in range(2)] == ["short"] * 2
    assert len(endpoint.asked) == 2


def test_a_refused_token_is_tried_again_later_with_a_new_one(app: Flask, endpoint: type[_Endpoint]) -> None:
    url = f"http://127.0.0.1:{endpoint.port}/token"  # type: ignore[attr-defined]  # as above
    with mailserver(REFUSED) as server:
        send_through(app, server.port, mail_username="office", mail_oauth_token_url=url)
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.RETRYING
        assert outbox_row(mail_id)["last_answer"] == "535 5.7.3 Authentication unsuccessful"
        assert deliver(queue_note(app), "me") == JobState.RETRYING
    assert (len(endpoint.asked), server.raw) == (2, [])


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((401, {}), "CONFERENCE_MAIL_OAUTH_TOKEN_URL answered 401."),
        ((302, {"access_token": "from elsewhere"}), "CONFERENCE_MAIL_OAUTH_TOKEN_URL answered 302."),
        ((200, {"error": "x"}), "CONFERENCE_MAIL_OAUTH_TOKEN_URL gave no token: KeyError."),
        ((200, ["x"]), "CONFERENCE_MAIL_OAUTH_TOKEN_URL gave no token: TypeError."),
        ((200, {"access_token": "a\r\nb"}), "CONFERENCE_MAIL_OAUTH_TOKEN_URL gave no token, or more than one line."),
    ],
)  # fmt: skip
def test_an_endpoint_without_a_token_holds_the_mails_and_says_why(
    app: Flask, endpoint: type[_Endpoint], answer: tuple[int, object], sentence: str
) -> None:
    endpoint.answer = answer
    url = f"http://127.0.0.1:{endpoint.port}/token"  # type: ignore[attr-defined]  # as above
    with mailserver(AUTH) as server:
        send_through(app, server.port, mail_username="office", mail_oauth_token_url=url)
        mail_id = queue_note(app)
        assert deliver(mail_id, "me") == JobState.RETRYING
    assert (outbox_row(mail_id)["last_answer"], server.connections) == (sentence, 0)
    # A redirect is not followed: the secret was for that address alone.
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize("command", ["/nowhere/token", "false", _printing("a b"), _printing(""), "'"])
def test_a_command_without_a_token_is_a_sentence(app: Flask, command: str) -> None:
    settings = replace(current_settings(), mail_oauth_token_command=command)
    with pytest.raises(NoTokenError, match=r"^CONFERENCE_MAIL_OAUTH_TOKEN_COMMAND gave no token"):
        oauth.access_token(settings)


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"MAIL_OAUTH_TOKEN_URL": "http://login.example/token", "MAIL_USERNAME": "a"}, "CONFERENCE_MAIL_OAUTH_TOKEN_URL"),
        ({"MAIL_OAUTH_TOKEN_COMMAND": "token"}, "CONFERENCE_MAIL_USERNAME"),
    ],
)  # fmt: skip
def test_production_refuses_a_token_that_leaks_or_is_nobodys(given: dict[str, str], variable: str) -> None:
    safe = {"SECRET_KEY": "a" * 40, "BASE_URL": "https://c.example", "MAIL_SERVER": "smtp.example", "MAIL_SENDER": "a@c.example"}  # fmt: skip
    assert [finding.variable for finding in unsafe(load_settings({}, overrides=safe | given))] == [variable]
