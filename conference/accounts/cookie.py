"""What the browser holds of a staff session: the random token, in Flask's signed cookie."""

from flask import session

from conference.accounts.queries import find_principal
from conference.accounts.tokens import token_hash
from conference.core.clock import real_now
from conference.web.access import Principal

_KEY = "staff"


def keep_token(token: str) -> None:
    """Begin the browser's session anew with this token: what was in it before sign-in is not carried over."""
    session.clear()
    session[_KEY] = token


def held_token() -> str | None:
    return session.get(_KEY)


def drop_token() -> None:
    session.clear()


def load_principal() -> Principal | None:
    """Return who asks. No statement for a browser without a token, one with."""
    token = held_token()
    return find_principal(token_hash(token), real_now()) if token else None
