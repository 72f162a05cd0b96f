"""An address of the API: a function from a query to a record, made into a view that answers as all of them do.

What an operation reads and answers stands in the types of its function, from which its document is made too.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from flask import Blueprint, Response, request

from conference.api.errors import NotAcceptableError
from conference.api.model import LARGEST_ID, Scope
from conference.api.shapes import plain, read_query
from conference.web.access import by_token, public

ROOT = "/api/v1"
JSON = "application/json"
PROBLEM = "application/problem+json"
# Names the next part of a list (RFC 8288), as the answer itself does.
_NEXT = "next"
_OF_WRITERS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One address. `ids` are the parts of its path; `query` is the record that its query is read as, or None.

    `scopes` are those of which a token needs one, the wider first; none: everybody may ask. `note` writes down that the
    answer was given, before it is.
    """

    name: str
    path: str
    summary: str
    about: str
    ids: tuple[str, ...]
    query: type | None
    answer: type
    work: Callable[..., Any]
    scopes: tuple[Scope, ...] = ()
    note: Callable[[Any], None] | None = None
    needs_version: bool = False


OPERATIONS: list[Operation] = []
Work = Callable[..., Any]


def operation(
    path: str,
    summary: str,
    *,
    scopes: tuple[Scope, ...] = (),
    note: Callable[[Any], None] | None = None,
    needs_version: bool = False,
) -> Callable[[Work], Work]:
    """Make an operation of the function: its integers are the path's ids, `asked` its query, what it returns the answer.

    `needs_version`: 404 before the first publication, too.
    """

    def declare(work: Work) -> Work:
        hints = get_type_hints(work)
        answer, query = hints.pop("return"), hints.pop("asked", None)
        OPERATIONS.append(
            Operation(
                name=work.__name__,
                path=path,
                summary=summary,
                about=inspect.cleandoc(work.__doc__ or ""),
                ids=tuple(hints),
                query=query,
                answer=answer,
                work=work,
                scopes=scopes,
                note=note,
                needs_version=needs_version,
            )
        )
        return work

    return declare


def mount(blueprint: Blueprint) -> None:
    """Put every operation on the blueprint, each declared for whom it is."""
    for one in OPERATIONS:
        rule = ROOT + one.path.replace("{", "<int:").replace("}", ">")
        declare = by_token(*one.scopes) if one.scopes else public
        blueprint.add_url_rule(rule, one.name, declare(_view(one)), methods=["GET"])


def _view(one: Operation) -> Callable[..., Response]:
    def view(**ids: int) -> Response:
        require_acceptable()
        query = read_query(one.query or _Nothing, request.args.to_dict(flat=False))
        found = one.work(**ids, asked=query) if one.query else one.work(**ids)
        return answered(one, found)

    return view


@dataclass(frozen=True, kw_only=True, slots=True)
class _Nothing:
    """The query of what takes none."""


def require_acceptable() -> None:
    """Raise NotAcceptableError where the request wants no JSON."""
    if request.accept_mimetypes and not request.accept_mimetypes.best_match([JSON, PROBLEM]):
        raise NotAcceptableError


def answered(one: Operation, found: Any) -> Response:
    """Return the answer, or 304 to who has it already.

    What needs a token is kept by no cache, not even the reader's own; its ETag is for programs that keep what they read.
    """
    body = json.dumps(plain(found), ensure_ascii=False, separators=(",", ":"))
    answer = json_answer(body, is_private=bool(one.scopes))
    following = getattr(found, _NEXT, None)
    if following:
        answer.headers["Link"] = f'<{following}>; rel="{_NEXT}"'
    if one.note and request.method == "GET" and answer.status_code == 200:  # noqa: PLR2004 -- HTTP's number
        one.note(found)
    return answer


def json_answer(body: str, *, is_private: bool = False) -> Response:
    """Return the text as JSON with its ETag, or 304 to who has it."""
    answer = Response(body, content_type=JSON)
    if is_private:
        answer.cache_control.private = True
        answer.cache_control.no_store = True
        answer.vary.add("Authorization")
    else:
        answer.cache_control.public = True
        answer.cache_control.no_cache = True  # kept, and asked after each time: a new version counts at once
    answer.add_etag()
    # Of the conditions only the readers' counts: Werkzeug would answer 412 to If-Match, with the whole text.
    asked = {name: value for name, value in request.environ.items() if name not in _OF_WRITERS}
    made: Response = answer.make_conditional(asked)  # type: ignore[assignment]  # it returns what it was given
    return made


def id_schema() -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
