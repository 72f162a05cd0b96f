"""Reads what the history is searched for, and says of each condition that cannot be read what is wrong and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from conference.audit.model import Actor
from conference.audit.registry import record_finders
from conference.audit.search import ALL_CHANGES, ALL_LOOKS, Search
from conference.audit.words import ACTION_WORDS, ACTOR_WORDS, RECORD_WORDS
from conference.core.ids import StaffId
from conference.web.language import gettext, long_date
from conference.web.numbers import number_of

CHOSEN = ("who", "what", "kind", "number", "record", "field", "from", "to", "before")
# A longer one stands in no record, and in no message.
_LONGEST = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A search as it was typed. `search` holds what can be read; with `faults`, a sentence by field, nothing is shown."""

    search: Search
    typed: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


def asked(args: Mapping[str, str]) -> Asked:
    """Return the search of a page's query string, with a sentence for each field that cannot be read."""
    typed = {name: args.get(name, "").strip()[: _LONGEST + 1] for name in CHOSEN}
    kind = typed["kind"] if typed["kind"] in RECORD_WORDS else ""
    search = Search(
        actor=_actor(typed["who"]),
        kind=kind,
        number=_number(typed["number"], kind),
        record=number_of(typed["record"]),
        what=typed["what"] if typed["what"] in {ALL_LOOKS, ALL_CHANGES, *ACTION_WORDS} else "",
        field=typed["field"][:_LONGEST],
        first_day=_day(typed["from"]),
        last_day=_day(typed["to"]),
        before=number_of(typed["before"]),
    )
    read = search.as_query()
    faults = {name: _FAULTS[name](typed[name]) for name in CHOSEN if typed[name] and name not in read}
    if search.first_day and search.last_day and search.last_day < search.first_day:
        faults["to"] = _ends_too_soon(search.first_day, search.last_day)
    return Asked(search=search, typed=typed, faults=faults)


def _actor(text: str) -> Actor | None:
    kind, _, number = text.partition("-")
    if kind not in ACTOR_WORDS or (kind == "staff") != bool(number):
        return None
    known = number_of(number)
    if number and known is None:
        return None
    return Actor(kind=kind, id=None if known is None else StaffId(known))


def _number(typed: str, kind: str) -> str:
    """Return the number that people know a record by; "" where it can be none of that kind."""
    if len(typed) > _LONGEST:
        return ""
    return typed if kind in dict(record_finders.items()) or number_of(typed) is not None else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _wrong_number(value: str) -> str:
    return gettext(
        "Number: “%(value)s” is no number. Type digits, as in 12. For a registration's code, choose Registration under About.",
        value=value,
    )


def _wrong_day(name: str) -> Callable[[str], str]:
    def tell(value: str) -> str:
        return gettext(
            "%(name)s: “%(value)s” is no day. Type it as in 2022-09-22, or leave it empty.",
            name=gettext(name),
            value=value,
        )

    return tell


def _ends_too_soon(first: date, last: date) -> str:
    return gettext(
        "To: %(last)s is before From, %(first)s. Choose a day that is not before it, or leave one of them empty.",
        first=long_date(first),
        last=long_date(last),
    )


def _not_offered(name: str) -> Callable[[str], str]:
    def tell(value: str) -> str:
        return gettext(
            "%(name)s: “%(value)s” is none of the list. Choose one of it, or All.",
            name=gettext(name),
            value=value,
        )

    return tell


def _wrong_address(value: str) -> str:
    return gettext(
        "The address of this page holds “%(value)s” in place of a number. Search again.", value=value
    )


_FAULTS: dict[str, Callable[[str], Any]] = {
    "who": _not_offered("Who"),
    "what": _not_offered("What"),
    "kind": _not_offered("About"),
    "number": _wrong_number,
    "record": _wrong_address,
    "field": _not_offered("Field"),
    "from": _wrong_day("From"),
    "to": _wrong_day("To"),
    "before": _wrong_address,
}
