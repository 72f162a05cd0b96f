"""Whose badges are printed, and in which order: everybody's, or what is new or changed since the last run."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import RegistrationId
from conference.core.text import sort_key
from conference.registration.model import BadgePerson

# One order serves boxes, lists and the index: the host's, unless the office chose another with its boxes.
LANGUAGE = "sv"


class Which(StrEnum):
    """Whose badges."""

    ALL = "all"
    NEW = "new"
    CHANGED = "changed"
    DUE = "due"


class Order(StrEnum):
    """In which order."""

    NAME = "name"
    CATEGORY = "category"
    ARRIVAL = "arrival"


WHICH_WORDS = {
    Which.ALL: N_("Everybody"),
    Which.NEW: N_("Not printed yet"),
    Which.CHANGED: N_("Changed since they were printed"),
    Which.DUE: N_("Not printed yet, or changed"),
}
ORDER_WORDS = {
    Order.NAME: N_("By family name"),
    Order.CATEGORY: N_("By the word on the badge, then by name"),
    Order.ARRIVAL: N_("By registration, the first ones first"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Picking:
    """`is_stacked`: labels are filled so that the piles of the cut sheets, laid on each other, are in the order."""

    which: Which = Which.ALL
    order: Order = Order.NAME
    is_stacked: bool = False

    @classmethod
    def of_query(cls, args: Mapping[str, str]) -> "Picking":
        """Return what the query string asks for; what cannot be read is as always."""
        which, order = args.get("which", ""), args.get("order", "")
        return cls(
            which=Which(which) if which in set(Which) else Which.ALL,
            order=Order(order) if order in set(Order) else Order.NAME,
            is_stacked=args.get("stacked") == "1",
        )

    def as_query(self) -> dict[str, str]:
        """Return the same as values for a query string, without what is as always."""
        given = {
            "which": "" if self.which is Which.ALL else self.which.value,
            "order": "" if self.order is Order.NAME else self.order.value,
            "stacked": "1" if self.is_stacked else "",
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """When somebody's badge was printed last, and the digest of what it showed."""

    at: datetime
    face: str


def face_of(person: BadgePerson) -> str:
    """Return a digest of what a badge may show, of 32 hexadecimal digits: another one means to print it again.

    What some designs leave out counts too: one badge too many is better than a former title on one. A person's own
    sessions and extras on the back do not count, as they change until the last evening.
    """
    shown = (
        person.title, person.letters, person.given_name, person.family_name, person.badge_name, person.affiliation, person.country,
        person.badge_word, str(person.badge_colour), person.badge_code, str(person.no_photographs),
    )  # fmt: skip
    return hashlib.blake2b("\0".join(shown).encode(), digest_size=16).hexdigest()


def picked(
    people: Sequence[BadgePerson],
    picking: Picking,
    printed: Mapping[RegistrationId, Printed],
    language: str = LANGUAGE,
) -> list[BadgePerson]:
    """Return those of the people whose badges are to be printed, in their order, as readers of the language sort."""
    key = _KEYS[picking.order]
    meant = (one for one in people if _is_meant(one, picking.which, printed))
    return sorted(meant, key=lambda person: key(person, language))


def counted(people: Sequence[BadgePerson], printed: Mapping[RegistrationId, Printed]) -> dict[Which, int]:
    """Return how many of the people each choice means. One look at each person."""
    new = changed = 0
    for one in people:
        last = printed.get(one.registration_id)
        new += last is None
        changed += last is not None and last.face != face_of(one)
    return {Which.ALL: len(people), Which.NEW: new, Which.CHANGED: changed, Which.DUE: new + changed}


def _is_meant(person: BadgePerson, which: Which, printed: Mapping[RegistrationId, Printed]) -> bool:
    if which is Which.ALL:
        return True
    last = printed.get(person.registration_id)
    if last is None:
        return which is not Which.CHANGED
    return which is not Which.NEW and last.face != face_of(person)


def sort_name_of(person: BadgePerson) -> str:
    """Return what the person is sorted by: the key that the office typed, the family name, or the only name."""
    return person.sort_as or person.family_name or person.given_name


def _by_name(person: BadgePerson, language: str) -> tuple[object, ...]:
    return (
        *sort_key(sort_name_of(person), language),
        *sort_key(person.given_name, language),
        person.number,
    )


_KEYS: dict[Order, Callable[[BadgePerson, str], tuple[object, ...]]] = {
    Order.NAME: _by_name,
    Order.CATEGORY: lambda person, language: (
        *sort_key(person.badge_word, language),
        *_by_name(person, language),
    ),
    Order.ARRIVAL: lambda person, _: (person.registration_id,),
}


def stacked(people: Sequence[BadgePerson], labels: int) -> list[BadgePerson | None]:
    """Return the people label by label so that each pile of cut labels is in order, and one pile follows the other.

    With as many labels a sheet, label c of all sheets makes pile c. None leaves a label free: the last pile is the
    shorter one.
    """
    sheets = -(-len(people) // labels)
    at = [label * sheets + sheet for sheet in range(sheets) for label in range(labels)]
    found = [people[index] if index < len(people) else None for index in at]
    while found and found[-1] is None:
        found.pop()
    return found


def labels_of(count: int, labels: int, *, is_stacked: bool) -> int:
    """Return how many labels so many badges take up, with those that a stacked run leaves free between them."""
    # A whole number of sheets, apart from what the last sheet has free behind its last badge.
    sheets = -(-count // labels)
    return (sheets - 1) * labels + count // sheets if is_stacked and sheets else count
