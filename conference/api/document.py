"""The API as OpenAPI 3.1 and as a page tell it: both made of the operations, and so of the code that answers."""

import json
from collections.abc import Mapping
from typing import Any

from conference.api.model import SCOPE_WORDS, Problem
from conference.api.operations import JSON, OPERATIONS, PROBLEM, ROOT, Operation, id_schema
from conference.api.shapes import (
    Schema,
    bare,
    example_of,
    object_schema,
    plain,
    records_in,
    schema_of,
    told_of,
)
from conference.api.tokens import MOST_A_MINUTE

LEAD = "Reads the published programme, which everybody may, and the registrations, for which an organiser makes a token."
RULES = (
    "Within v1 fields and addresses may come; none goes away or changes its meaning.",
    "Times are in UTC, days are those of Stockholm.",
    "Lists come in parts: follow “next” until it is null.",
    "Each answer has an ETag: send it as If-None-Match, and an unchanged answer is 304 without a body.",
    "Errors are problems of RFC 9457, in English: “field” names the parameter at fault.",
)
_PROBLEMS: Mapping[int, str] = {
    400: "A parameter is wrong: “field” names it, “detail” says what would be right.",
    401: "There is no token, or one that does not count.",
    403: "The token has not the scope.",
    404: "There is no such record in the published version, or nothing is published yet.",
    406: "The request's Accept leaves JSON out.",
    429: f"The token was used more than {MOST_A_MINUTE} times within a minute.",
    500: "Something broke on our side.",
    503: "The office is busy. Try again after the seconds of Retry-After.",
}
_HEADERS: Mapping[str, tuple[str, Schema]] = {
    "ETag": ("Names this answer.", {"type": "string"}),
    "Link": ("The next part of a list, as rel=next.", {"type": "string"}),
    "Retry-After": ("Seconds.", {"type": "integer", "minimum": 1}),
    "WWW-Authenticate": ("What is wrong, by RFC 6750.", {"type": "string"}),
}
_OF_PROBLEM = {401: "WWW-Authenticate", 403: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


def problems_of(one: Operation) -> tuple[int, ...]:
    """Return the statuses with which the operation refuses."""
    found = {400, 406, 500, 503}
    if one.scopes:
        found |= {401, 403, 429}
    if one.ids or one.needs_version:
        found |= {404}
    return tuple(sorted(found))


def document(title: str, site: str) -> dict[str, Any]:
    """Return the document of every operation, for a site whose addresses begin with `site`."""
    return {
        "openapi": "3.1.1",
        "info": {"title": title, "version": "1", "description": " ".join((LEAD, *RULES))},
        "servers": [{"url": f"{site}{ROOT}"}],
        "externalDocs": {"url": f"{site}/api", "description": "The same for people."},
        "paths": {one.path: {"get": _operation(one)} for one in OPERATIONS},
        "components": {
            "schemas": {name: object_schema(record) for name, record in sorted(_records().items())},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that an organiser made. "
                    + " ".join(f"{scope.value}: {words}." for scope, words in SCOPE_WORDS.items()),
                }
            },
        },
    }


def _records() -> dict[str, type]:
    found = records_in(Problem)
    for one in OPERATIONS:
        found |= records_in(one.answer)
    return found


def _operation(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": one.about,
        "parameters": [*map(_id, one.ids), *_query(one)],
        "responses": {"200": _answer(one), "304": {"description": "The same as you have."}}
        | {str(status): _problem(status) for status in problems_of(one)},
    }
    # One of them is enough: each is an alternative. 3.1 lets a bearer's scopes stand as the roles that it needs.
    needed = [{"token": [scope.value]} for scope in one.scopes]
    return told | {"security": needed}


def _id(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": id_schema(), "description": "Its id."}


def _query(one: Operation) -> list[dict[str, Any]]:
    found = []
    for told in told_of(one.query) if one.query else ():
        # What is not sent is no null: an address has no word for it.
        schema = schema_of(bare(told.hint), told.bounds)
        if told.default:
            schema["default"] = plain(told.default)
        found.append({"name": told.name, "in": "query", "description": told.about, "schema": schema})
    return found


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"description": _HEADERS[name][0], "schema": _HEADERS[name][1]} for name in names}


def _answer(one: Operation) -> dict[str, Any]:
    is_list = any(told.name == "next" for told in told_of(one.answer))
    return {
        "description": " ".join((one.answer.__doc__ or "").split()),
        "headers": _headers("ETag", *(("Link",) if is_list else ())),
        "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{one.answer.__name__}"}}},
    }


def _problem(status: int) -> dict[str, Any]:
    headers = _headers(_OF_PROBLEM[status]) if status in _OF_PROBLEM else {}
    return {
        "description": _PROBLEMS[status],
        "headers": headers,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def type_words(hint: Any) -> str:
    """Return what the page calls a type, as in "list of Talk" or "Room or null"."""
    schema = schema_of(hint)
    return " or ".join(_words(kind) for kind in schema.get("anyOf", [schema]))


def _words(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_words(schema['items'])}"
    kind = schema["type"]
    names = kind if isinstance(kind, list) else [kind]
    named = [str(schema.get("format", name)) if name == "string" else str(name) for name in names]
    return " or ".join(named)


def example_text(record: type) -> str:
    return json.dumps(example_of(record), ensure_ascii=False, indent=2)
