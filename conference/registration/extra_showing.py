"""What forms and pages say of extras."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conference.core.ids import CategoryId, ExtraId
from conference.registration.extra_model import Extra
from conference.registration.rules import has_place, places_left, places_text
from conference.registration.showing import amount_of
from conference.web.language import gettext, language


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedExtra:
    """An extra as a form shows it.

    `value` is what its box sends: the id, with a "w" behind it where the box is for the waiting list. `only` names
    the categories that may choose it and `included` those that get it anyhow, "" where that goes without saying.
    """

    id: ExtraId
    value: str
    name: str
    description: str
    places: str
    fee: str
    only: str
    included: str
    is_closed: bool
    is_full: bool


def offered_extras(found: Iterable[Extra], categories: Mapping[CategoryId, str]) -> list[OfferedExtra]:
    """Return those that people of at least one of these categories may choose, in the office's order."""
    return [
        _offered(extra, categories)
        for extra in found
        if not extra.details.is_retired and extra.details.categories & categories.keys()
    ]


def _offered(extra: Extra, categories: Mapping[CategoryId, str]) -> OfferedExtra:
    details, ledger = extra.details, extra.ledger
    is_full = not has_place(ledger)
    return OfferedExtra(
        id=extra.id,
        value=f"{extra.id}w" if is_full else str(extra.id),
        name=details.name_in(language()),
        description=details.description_in(language()),
        places="" if ledger.seats is None else gettext(places_text(ledger), left=places_left(ledger) or 0),
        fee=amount_of(details.fee_minor, details.currency) if details.fee_minor else "",
        only="" if details.categories >= categories.keys() else _names(details.categories, categories),
        included=_names(details.included, categories),
        is_closed=ledger.seats == 0,
        is_full=is_full,
    )


def _names(chosen: frozenset[CategoryId], categories: Mapping[CategoryId, str]) -> str:
    return ", ".join(name for one, name in categories.items() if one in chosen)
