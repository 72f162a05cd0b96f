"""Says in words what changed in a record: fields by what the office calls them, values as people read them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from conference.audit.model import HistoryEntry
from conference.audit.registry import Reader, field_words, value_words
from conference.web.language import date_time, gettext, long_date

NOTHING = "–"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A field that changed. `before` and `after` are None where the values are not shown, or are erased."""

    label: str
    before: str | None = None
    after: str | None = None


def field_word(name: str, kind: str = "") -> str:
    """Return what a field is called in a record of the kind; one without a word of its own by its name.

    A name with dots is a place in a design: it is called by what stands there first.
    """
    own = dict(field_words.items()).get(kind, {})
    first = name.partition(".")[0]
    word = own.get(name) or own.get(first) or all_field_words().get(name)
    return str(word or first.replace("_", " ").capitalize())


def all_field_words() -> dict[str, Any]:
    """Return every field's word; of two for one name the shorter, which says less of one kind of record."""
    found: dict[str, Any] = {}
    for words in field_words.entries():
        for name, word in words.items():
            if name not in found or len(str(word)) < len(str(found[name])):
                found[name] = word
    return found


class Teller:
    """Tells the changes of one page's entries: what values are called is asked once for each kind of record."""

    def __init__(self) -> None:
        self._readers: dict[str, Mapping[str, Reader]] = {}

    def told(self, kind: str, fields: Iterable[str], changes: Changes) -> list[Told]:
        """Return the fields that changed in their order, each once, with the values that `changes` has."""
        found = [
            Told(
                label=field_word(name, kind),
                before=self._read(kind, name, changes[name][0]) if name in changes else None,
                after=self._read(kind, name, changes[name][1]) if name in changes else None,
            )
            for name in fields
        ]
        return list(dict.fromkeys(found))

    def _read(self, kind: str, name: str, value: Any) -> str:
        if kind not in self._readers:
            givers = dict(value_words.items())
            self._readers[kind] = givers[kind]() if kind in givers else {}
        return self._readers[kind].get(name, plain)(value)


def changes_of(kind: str) -> Callable[[HistoryEntry], list[Told]]:
    """Return what tells the changes of the entries of one record's page, with all values that are still kept."""
    teller = Teller()
    return lambda one: teller.told(kind, one.fields, one.changes)


def as_line(told: Iterable[Told]) -> str:
    """Return the changes in a line, as in "Role: Desk → Organiser; Language"."""
    return "; ".join(
        one.label if one.before is None else f"{one.label}: {one.before} → {one.after}" for one in told
    )


def plain(value: Any) -> str:
    """Return a value that has no words of its own as people read it; nothing as a dash."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, str):
        return _text(value)
    return str(value)


def _text(value: str) -> str:
    try:
        if _MOMENT.match(value):
            return date_time(datetime.fromisoformat(value))
        return long_date(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:
        return value


def one_of(words: Mapping[Any, Any]) -> Reader:
    """Return what reads a value that has a word here; any other is read as it is."""
    return lambda value: (
        str(words[value]) if isinstance(value, str | int) and value in words else plain(value)
    )


def named(names: Callable[[], Mapping[Any, str]], nothing: str = NOTHING) -> Reader:
    """Return what reads the number of a record, or a list of them, by their names, which are asked once at most.

    `nothing` stands for None; a record that is gone is told as such.
    """
    kept = lru_cache(maxsize=1)(names)

    def name(value: Any) -> str:
        return (kept().get(value) if isinstance(value, int) else None) or gettext("deleted")

    def read(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(map(name, value)) or NOTHING
        return nothing if value is None or value == "" else name(value)

    return read
