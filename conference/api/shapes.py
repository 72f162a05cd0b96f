"""Typed records that are written as JSON, described as JSON Schema, and read from a query: all from the same fields. Pure.

A record is a frozen dataclass whose fields were made by `told`. What a field is called and of what type it is stands
there once, so the document of the API and its answers cannot differ.
"""

import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from conference.api.errors import RepeatedParameterError, UnknownParameterError, ValueRefusedError

# 2020-12, as OpenAPI 3.1 has it.
Schema = dict[str, Any]
_TOLD = "told"
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
# How much of a refused value its refusal repeats.
_SHOWN = 60
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# RFC 3339, which is what "date-time" means.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_INTEGER = re.compile(r"0|-?[1-9]\d{0,9}", re.ASCII)
_PLAIN: Mapping[type, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def told(about: str, example: Any = MISSING, *, default: Any = MISSING, **bounds: Any) -> Any:
    """Return a field of a record. `bounds` are words of JSON Schema, as in minimum=1; `example` is as in Python."""
    facts = {_TOLD: (about, example, bounds)}
    return field(metadata=facts) if default is MISSING else field(metadata=facts, default=default)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A field of a record as its author told it. `hint` is its type, `example` MISSING where the type has one itself."""

    name: str
    about: str
    hint: Any
    example: Any
    default: Any
    bounds: Mapping[str, Any]


@lru_cache(maxsize=200)
def told_of(record: type) -> tuple[Told, ...]:
    """Return the record's fields in their order; raises KeyError for one that was not made by `told`."""
    hints = get_type_hints(record)
    return tuple(
        Told(
            name=one.name,
            hint=hints[one.name],
            about=one.metadata[_TOLD][0],
            example=one.metadata[_TOLD][1],
            bounds=one.metadata[_TOLD][2],
            default=one.default,
        )
        for one in fields(record)
    )


@lru_cache(maxsize=200)
def _names(record: type) -> tuple[str, ...]:
    return tuple(one.name for one in told_of(record))


def plain(value: Any) -> Any:
    """Return what `json.dumps` writes of a record, or of what one holds. Times are written in UTC."""
    kind = type(value)
    if kind in _AS_THEY_ARE:  # nearly all that a list holds
        return value
    if kind is tuple:
        return [plain(item) for item in value]
    if is_dataclass(kind):
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    # A StrEnum is the text of its value already.
    return value.isoformat() if isinstance(value, date) else value


def _is_optional(hint: Any) -> bool:
    return get_origin(hint) in {Union, types.UnionType}


def bare(hint: Any) -> Any:
    """Return the type without "or None", and what a NewType stands for."""
    if _is_optional(hint):
        (hint,) = (one for one in get_args(hint) if one is not types.NoneType)
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    return hint


def item_of(hint: Any) -> Any:
    """Return the type of the items of a tuple of any length, None for any other type."""
    return bare(get_args(hint)[0]) if get_origin(hint) is tuple else None


def schema_of(hint: Any, bounds: Mapping[str, Any] | None = None) -> Schema:
    """Return the schema of a type; records are named, by `#/components/schemas/…`. Raises KeyError for an unknown type."""
    inner = bare(hint)
    if (item := item_of(inner)) is not None:
        made: Schema = {"type": "array", "items": schema_of(item)}
    elif isinstance(inner, type) and is_dataclass(inner):
        made = {"$ref": f"#/components/schemas/{inner.__name__}"}
    elif isinstance(inner, type) and issubclass(inner, StrEnum):
        made = {"type": "string", "enum": [one.value for one in inner]}
    else:
        made = dict(_PLAIN[inner])
    made |= bounds or {}
    if not _is_optional(hint):
        return made
    if "type" not in made or "enum" in made:
        return {"anyOf": [made, {"type": "null"}]}
    return made | {"type": [made["type"], "null"]}


def described(one: Told) -> Schema:
    """Return the schema of a field, with its description."""
    return schema_of(one.hint, one.bounds) | {"description": one.about}


def object_schema(record: type) -> Schema:
    """Return the schema of a record: each of its fields is always there."""
    found = told_of(record)
    return {
        "type": "object",
        "description": " ".join((record.__doc__ or "").split()),
        "required": [one.name for one in found],
        "properties": {one.name: described(one) for one in found},
        "examples": [example_of(record)],
    }


def records_in(record: type) -> dict[str, type]:
    """Return the record and every other one that it holds, by name."""
    found = {record.__name__: record}
    for one in told_of(record):
        inner = bare(one.hint)
        inner = item_of(inner) or inner
        if is_dataclass(inner) and isinstance(inner, type):
            found |= records_in(inner)
    return found


def example_of(record: type) -> dict[str, Any]:
    """Return the record as its fields' examples have it, as it is written."""
    return {one.name: _example(one) for one in told_of(record)}


def _example(one: Told) -> Any:
    if one.example is not MISSING:
        return plain(one.example)
    inner = bare(one.hint)
    item = item_of(inner)
    if item is not None:
        return [example_of(item)]
    return example_of(inner)


Values = Mapping[str, Sequence[str]]


def read_query(record: type, sent: Values) -> Any:
    """Return the record of a query's values by name. What is not sent has its default.

    Raises UnknownParameterError, RepeatedParameterError, ValueRefusedError.
    """
    known = {one.name: one for one in told_of(record)}
    for name in sent:
        if name not in known:
            names = ", ".join(known) or "nothing, this address has none"
            raise UnknownParameterError(name[:_SHOWN], name=name[:_SHOWN], known=names)
    read = {name: _read(known[name], values) for name, values in sent.items()}
    return record(**read)


def _read(one: Told, values: Sequence[str]) -> Any:
    item = item_of(bare(one.hint))
    if item is not None:
        return tuple(dict.fromkeys(_value(one, item, text) for text in values))
    if len(values) > 1:
        raise RepeatedParameterError(one.name, name=one.name, count=len(values))
    return _value(one, bare(one.hint), values[0])


def _value(one: Told, hint: Any, text: str) -> Any:
    reader, wanted = _reader(hint, one.bounds)
    value = reader(text)
    if value is None:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise ValueRefusedError(one.name, name=one.name, value=shown, wanted=wanted)
    return value


def _reader(hint: Any, bounds: Mapping[str, Any]) -> tuple[Callable[[str], Any], str]:
    """Return what reads a value, None where it cannot, and the words for what it reads."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        keys = [one.value for one in hint]
        return (lambda text: hint(text) if text in keys else None), f"one of: {', '.join(keys)}"
    if hint is int:
        least, most = bounds["minimum"], bounds["maximum"]
        return (lambda text: _integer(text, least, most)), f"a whole number from {least} to {most}"
    if hint is date:
        return _date, "a day as in 2022-09-22"
    if hint is datetime:
        return _moment, "a time with its offset, as in 2022-09-05T08:00:00Z (in an address + is written %2B)"
    longest = bounds["maxLength"]
    return (lambda text: text if 0 < len(text) <= longest else None), f"1 to {longest} characters"


def _integer(text: str, least: int, most: int) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) and least <= int(text) <= most else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in UTC it is before the year 1 or after 9999, where nothing has happened either
        return moment.replace(tzinfo=UTC)
