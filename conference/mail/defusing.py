"""What people typed of themselves, made harmless for a mail that our server signs.

Names reach mails to addresses that nobody has confirmed. Forms refuse a name that holds a link; whatever comes past
them, as from a file, an older record or a top-level domain of tomorrow, is broken here so that no mail program makes a link of it.
"""

import copy
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from markupsafe import Markup

from conference.core.linkable import defused

# Facts that hold the office's own words and addresses alone.
_OURS = frozenset({"event", "organisers", "category", "extras", "extra", "fee", "reason"})
# An address that the mail goes to, or tells of, must be read and copied as it is; forms let nothing else in there.
_ADDRESSES = frozenset({"account", "email", "contact_email", "privacy_contact"})


class OwnWords(str):
    """Words of the office, in which the places for a person's values were filled with `defused` ones: kept as they are."""

    __slots__ = ()


def defused_facts(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts of a mail with every text in them defused, however deep it lies, apart from what is ours.

    What it does not know is defused: a fact that a later mail brings is safe without being named here. The facts
    themselves stay as they were.
    """
    return {name: fact if name in _OURS else _named(name, fact) for name, fact in facts.items()}


def _named(name: object, value: object) -> object:
    return value if name in _ADDRESSES and isinstance(value, str) else _defused(value)


def _defused(value: Any) -> Any:
    # Markup has been escaped and drawn by us; a word of an enumeration is in the code.
    if isinstance(value, str):
        return value if isinstance(value, (Markup, Enum, OwnWords)) else defused(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    if isinstance(value, Mapping):
        return {key: _named(key, one) for key, one in value.items()}
    if isinstance(value, (list, frozenset, set)):
        return type(value)(map(_defused, value))
    if isinstance(value, tuple):
        parts = map(_defused, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def _record(value: Any) -> Any:
    """Return the record itself where nothing in it changes, which is nearly always, or else a copy."""
    found = {}
    for field in fields(value):
        before = getattr(value, field.name)
        after = _named(field.name, before)
        if after is not before and after != before:
            found[field.name] = after
    if not found:
        return value
    made = copy.copy(value)
    for name, after in found.items():
        object.__setattr__(made, name, after)
    return made
