"""The room's door for `rooms.py`: one blueprint with every route loaded, and what makes its answers fit for other sites."""

import json
from functools import lru_cache

from flask import Blueprint, Response, current_app, render_template, request

from conference.api import public_routes, registration_routes
from conference.api.document import LEAD, RULES, document, example_text, problems_of, type_words
from conference.api.model import SCOPE_WORDS
from conference.api.operations import OPERATIONS, ROOT, json_answer, mount, require_acceptable
from conference.api.public_routes import site
from conference.api.shapes import records_in, told_of
from conference.api.token_routes import add_token_routes
from conference.event.queries import get_event
from conference.web.access import declared_access, public

__all__ = ["blueprint", "public_routes", "registration_routes"]
blueprint = Blueprint("api", __name__)
_DAY_S = 86_400


@public
def openapi() -> Response:
    """Answer the document of this version, in OpenAPI 3.1."""
    require_acceptable()
    return json_answer(_document(get_event().title, site()))


# Tools ask for it each time that they start, and it is the same until the code is another.
@lru_cache(maxsize=8)
def _document(event: str, address: str) -> str:
    told = document(f"{event}: API", address)
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


@public
def documentation() -> str:
    """Show the same document for people."""
    records: dict[str, type] = {}
    for one in OPERATIONS:
        records |= records_in(one.answer)
    return render_template(
        "api/documentation.html",
        lead=LEAD,
        rules=RULES,
        root=f"{site()}{ROOT}",
        operations=OPERATIONS,
        records=sorted(records.items()),
        told_of=told_of,
        type_words=type_words,
        problems_of=problems_of,
        example_text=example_text,
        scope_words=SCOPE_WORDS,
    )


def for_other_sites(response: Response) -> Response:
    """Let scripts of every site read what everybody may (Fetch, CORS): without credentials, and nothing with a token."""
    if not request.path.startswith(f"{ROOT}/"):
        return response
    view = current_app.view_functions.get(request.endpoint or "")
    access = declared_access(view) if view else None
    if request.method == "OPTIONS" and response.status_code == 200:  # noqa: PLR2004 -- HTTP's number
        response.status_code = 204
        response.headers.pop("Content-Type", None)
    if access is not None and access.kind == "public":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
            response.headers["Access-Control-Max-Age"] = str(_DAY_S)
    return response


mount(blueprint)
blueprint.add_url_rule(f"{ROOT}/openapi.json", "openapi", openapi)
blueprint.add_url_rule("/api", "documentation", documentation)
add_token_routes(blueprint)
blueprint.after_app_request(for_other_sites)
