"""Whether the token of a request counts, asked before any view of the API that needs one."""

from flask import g, request

from conference.api.errors import DeadTokenError, NoTokenError, ScopeMissingError
from conference.api.model import Scope
from conference.api.tokens import find_token, use_token
from conference.core.clock import real_now
from conference.db.work import transact


def check_token(scopes: frozenset[str]) -> None:
    """Keep what the request's token grants; a use is counted even where it has none of the scopes.

    A token is read from Authorization alone (RFC 6750, 2.1), never from an address, which logs and histories keep.
    Raises NoTokenError, DeadTokenError, TooManyRequestsError, ScopeMissingError.
    """
    scheme, _, words = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not words.strip():
        raise NoTokenError
    token_id = find_token(words.strip())
    if token_id is None:
        raise DeadTokenError
    # A count that a power cut takes back costs nothing.
    grant = transact(lambda session: use_token(session, token_id, now=real_now()), eased=True)
    g.api_grant = grant
    if not grant.scopes & scopes:
        # The narrowest that would do is named last in Scope.
        order = list(Scope)
        raise ScopeMissingError(max(scopes, key=lambda one: order.index(Scope(one)) if one in order else -1))
