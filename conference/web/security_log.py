"""Lines of the log on what concerns security: who came in, and what was refused to whom.

One logger, `conference.security`, so that a collector can keep and watch these lines by themselves. A line names the
account by its number, the browser's address by a word made of it with the secret key, and the route, never the address
asked for: so lines of one visitor are found together, and nobody learns from them who or where that is.
"""

import hashlib
import hmac
import logging
from collections.abc import Mapping

from flask import current_app, g, request
from werkzeug.wrappers import Response

from conference.web.access import Principal, declared_access
from conference.web.peers import client_address
from conference.web.settings import current_settings

log = logging.getLogger("conference.security")
_REFUSED = {401, 403, 429}
_BAD_REQUEST, _NOT_FOUND = 400, 404


def tell(event: str, facts: Mapping[str, object] | None = None, *, is_bad: bool = True) -> None:
    """Log the event, a few words of our own, with the request's route and visitor; what is bad as a warning."""
    known = {"route": str(request.url_rule or "none"), "method": _method(), "visitor": visitor()}
    log.log(logging.WARNING if is_bad else logging.INFO, event, extra={"facts": known | dict(facts or {})})


def visitor() -> str:
    """Return ten hexadecimal digits that stand for the request's address while the secret key stays, "" for none."""
    address = client_address()
    key = current_settings().secret_key.encode()
    return (
        hmac.new(key, f"conference-visitor\0{address}".encode(), hashlib.sha256).hexdigest()[:10]
        if address
        else ""
    )


def tell_refusal(response: Response) -> Response:
    """Log what was refused: sign-ins, rights, too many attempts, and personal links that open nothing."""
    status = response.status_code
    if status in _REFUSED:
        tell("refused", {"status": status} | _why() | _who())
    elif status == _NOT_FOUND and _is_link():
        tell("link opens nothing", {"status": status})
    return response


def tell_refused_form(response: Response) -> Response:
    """Log what else a room refused whose forms all guard accounts: a wrong code, a link that is spent, a lost token."""
    status = response.status_code
    is_form = request.method == "POST" and status >= _BAD_REQUEST
    if is_form and status not in _REFUSED and not (status == _NOT_FOUND and _is_link()):
        tell("refused", {"status": status} | _why() | _who())
    return response


def _why() -> dict[str, object]:
    """Return the name of the refusal, as in SignInRefusedError."""
    return {"why": g.refusal} if "refusal" in g else {}


def _method() -> str:
    return request.method if request.method.isalpha() else "?"


def _is_link() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    access = declared_access(view) if view is not None else None
    return access is not None and access.kind == "link"


def _who() -> dict[str, object]:
    """Return the account that asked, if the request has looked for one: a refusal asks no database."""
    principal: Principal | None = g.get("principal")
    return {"staff": principal.id, "role": principal.role.value} if principal is not None else {}
