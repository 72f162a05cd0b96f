"""What the history needs of the rooms above it, to say it in words: filled by `running.opening`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conference.web.registry import Registry

Reader = Callable[[Any], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordName:
    """How a record is called, and the page that shows it, where there is one."""

    label: str
    url: str | None = None


# Who acted, as "accounts": (ids) -> names by id, of those that still have one. One statement.
actor_names: Registry[Callable[[Iterable[int | None]], Mapping[Any, str]]] = Registry(
    "giver of actors' names"
)
# Whom the search can be narrowed to, as "accounts": () -> (id, name) in their order.
actor_choices: Registry[Callable[[], Sequence[tuple[int, str]]]] = Registry("list of actors")
# How records of a kind are called: (ids) -> names by id, of those that still exist. At most a few statements.
record_names: Registry[Callable[[Collection[int]], Mapping[int, RecordName]]] = Registry(
    "giver of records' names"
)
# Which record a typed number means, where people know another than the record's own: (number) -> id or None.
record_finders: Registry[Callable[[str], int | None]] = Registry("finder of records")
# What fields of a kind of record are called, by field.
field_words: Registry[Mapping[str, Any]] = Registry("words for fields")
# How values of a kind of record's fields read: () -> by field what says a value in words. Asked once for a page, and a
# reader asks for names once at most.
value_words: Registry[Callable[[], Mapping[str, Reader]]] = Registry("words for values")
