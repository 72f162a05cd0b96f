from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conference.core.ids import StaffId


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts: "staff" with the account's id, "link", "form" or "system"."""

    kind: str
    id: StaffId | None = None


BY_FORM = Actor(kind="form")
BY_LINK = Actor(kind="link")
BY_SYSTEM = Actor(kind="system")


def by_staff(staff_id: StaffId) -> Actor:
    return Actor(kind="staff", id=staff_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryEntry:
    """One entry as a page shows it. `changes` holds (before, after) by field, empty once erased."""

    at: datetime
    actor: Actor
    action: str
    fields: tuple[str, ...]
    changes: Mapping[str, tuple[Any, Any]]
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundEntry:
    """An entry as the search tells it: with the values of `open_fields` alone, as (before, after) by field.

    All others are on the record's own page. `changes` is empty too once they are erased.
    `count` is how many people or entries a look was at, `which` one of several papers; `position` and `link` are its
    place in the chain, None until it is sealed.
    """

    id: int
    at: datetime
    actor: Actor
    action: str
    record: tuple[str, int]
    fields: tuple[str, ...]
    changes: Mapping[str, tuple[Any, Any]]
    reason: str
    count: int | None
    which: str
    position: int | None
    link: str | None
