"""Access tokens for servers that have ended passwords: SASL XOAUTH2, as Exchange Online and Gmail take it."""

import json
import shlex
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urlencode

from conference.config import Settings
from conference.mail.errors import NoTokenError

ASKS_FOR_S = 20
# A command says nothing of how long its token lives; Microsoft's and Google's live for an hour.
COMMANDS_LIVE_S = 300.0
# A token is given up so long before its end, so that a dialogue does not outlive it.
RESERVE_S = 60.0


@dataclass(slots=True)
class _Kept:
    """The tokens of this process, by the way of having each, with the end of their life."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)


_kept = _Kept()


class _StayThere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the secret is for the address that was set, and the answer is from there."""

    def redirect_request(self, *_told: object) -> None:
        return None


_opener = urllib.request.build_opener(_StayThere)


def uses_oauth(settings: Settings) -> bool:
    return bool(settings.mail_oauth_token_command or settings.mail_oauth_token_url)


def access_token(settings: Settings) -> str:
    """Return a token that is good for a minute at least; raises NoTokenError with a sentence."""
    key = _way(settings)
    with _kept.lock:
        token, ends_at = _kept.tokens.get(key, ("", 0.0))
        if not token or time.monotonic() > ends_at:
            asked = _by_command if settings.mail_oauth_token_command else _by_credentials
            token, lives_s = asked(settings)
            _kept.tokens[key] = (token, time.monotonic() + lives_s)
        return token


def forget_token(settings: Settings) -> None:
    """Let the next connection ask for a new token, because the server refused this one."""
    with _kept.lock:
        _kept.tokens.pop(_way(settings), None)


def sasl_words(username: str, token: str) -> str:
    """Return what AUTH XOAUTH2 carries (developers.google.com/gmail/imap/xoauth2-protocol)."""
    return f"user={username}\x01auth=Bearer {token}\x01\x01"


def _way(settings: Settings) -> tuple[str, ...]:
    client = (settings.mail_oauth_token_url, settings.mail_oauth_client_id, settings.mail_oauth_client_secret)
    return (settings.mail_oauth_token_command, *client, settings.mail_oauth_scope)


def _by_command(settings: Settings) -> tuple[str, float]:
    try:
        words = shlex.split(settings.mail_oauth_token_command)
        done = subprocess.run(  # noqa: S603 -- the operator's own command, without a shell
            words, capture_output=True, text=True, timeout=ASKS_FOR_S, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # Never its output: that could hold a token.
        reason = type(error).__name__
        raise NoTokenError(f"CONFERENCE_MAIL_OAUTH_TOKEN_COMMAND gave no token: {reason}.") from error
    return _checked(done.stdout.strip(), "CONFERENCE_MAIL_OAUTH_TOKEN_COMMAND"), COMMANDS_LIVE_S


def _by_credentials(settings: Settings) -> tuple[str, float]:
    form = {
        "grant_type": "client_credentials",
        "client_id": settings.mail_oauth_client_id,
        "client_secret": settings.mail_oauth_client_secret,
        "scope": settings.mail_oauth_scope,
    }
    request = urllib.request.Request(settings.mail_oauth_token_url, urlencode(form).encode())  # noqa: S310 -- config.py lets only http and https through
    try:
        with _opener.open(request, timeout=ASKS_FOR_S) as answer:
            found = json.load(answer)
        token, lives_s = str(found["access_token"]), float(found.get("expires_in", 0))
    except urllib.error.HTTPError as error:
        error.close()
        raise NoTokenError(f"CONFERENCE_MAIL_OAUTH_TOKEN_URL answered {error.code}.") from error
    except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = type(error).__name__
        raise NoTokenError(f"CONFERENCE_MAIL_OAUTH_TOKEN_URL gave no token: {reason}.") from error
    return _checked(token, "CONFERENCE_MAIL_OAUTH_TOKEN_URL"), max(0.0, lives_s - RESERVE_S)


def _checked(token: str, variable: str) -> str:
    """Return the token; raises NoTokenError for one that could break out of its place (RFC 6750, 2.1)."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise NoTokenError(f"{variable} gave no token, or more than one line.")
    return token
