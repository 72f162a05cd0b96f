"""What staff may change in a design, and the design with it changed: places stay as they are. Pure.

A design is changed as its JSON values, which are checked as a whole afterwards (`designs.checked_design`).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from conference.core.errors import N_
from conference.printing.design_model import Column, Design, Element, Fault, Part, Picture, Text

SIDES = ("front", "back")
COLOURS = {
    "ink": N_("Text"),
    "soft": N_("Small text"),
    "accent": N_("Accent"),
    "paper": N_("Paper, and text on bands"),
}
FIELD_WORDS = {
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "title": N_("Title before the name"),
    "letters": N_("Letters after the name"),
    "affiliation": N_("Affiliation"),
    "country": N_("Country"),
    "pronouns": N_("Pronouns, where given"),
    "role": N_("Role"),
    "number": N_("Registration number"),
    "event_title": N_("Title of the event"),
    "event_dates": N_("Days of the event"),
    "event_place": N_("Place of the event"),
    "organisers": N_("Organisers"),
    "words": N_("Words of your own"),
}
Role = tuple[str, int]
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """An element, or a part of a column, at which something may be changed. `path` leads to it in the JSON values.

    `id` begins the names of its fields in a form. `fields` are those that may stand here, none where it is fixed;
    `picture` is the name of the picture that it shows, "" where it shows none.
    """

    id: str
    side: str
    name: str
    path: tuple[str | int, ...]
    is_optional: bool
    is_shown: bool
    fields: tuple[str, ...] = ()
    field: str = ""
    words: str = ""
    picture: str = ""

    @property
    def has_words(self) -> bool:
        return "words" in self.fields or self.field == "words"


def slots_of(design: Design) -> tuple[Slot, ...]:
    """Return the places at which staff may change something, in the order in which they stand in the design."""
    return tuple(slot for side in SIDES for slot in _on(side, getattr(design, side)) if _is_open(slot))


def _is_open(slot: Slot) -> bool:
    return bool(slot.is_optional or slot.fields or slot.has_words or slot.picture)


def _on(side: str, elements: tuple[Element, ...]) -> Iterator[Slot]:
    for number, element in enumerate(elements):
        yield _slot(side, (side, number), element)
        if isinstance(element, Column):
            for group, parts in (("names", element.names), ("details", element.details)):
                for place, part in enumerate(parts):
                    yield _slot(side, (side, number, group, place), part)


def _slot(side: str, path: tuple[str | int, ...], one: Element | Part) -> Slot:
    said = one if isinstance(one, Text | Part) else None
    choices = tuple(dict.fromkeys((said.field, *said.accepts))) if said else ()
    return Slot(
        id="_".join(str(step) for step in path),
        side=side,
        name=one.name,
        path=path,
        is_optional=one.is_optional,
        is_shown=one.is_shown,
        fields=choices if len(choices) > 1 else (),
        field=said.field if said else "",
        words=said.words if said else "",
        picture=one.picture if isinstance(one, Picture) else "",
    )


def role_id(word: str) -> str:
    """Return the name of the role's field in a form: it stays the same while other roles come and go."""
    return f"role_{hashlib.blake2b(word.encode(), digest_size=6).hexdigest()}"


def values_of(design: Design, roles: Iterable[Role]) -> dict[str, Any]:
    """Return what stands in the design by the names of a form's fields. A role without a colour of its own has ""."""
    values: dict[str, Any] = {"name": design.name, "about": design.about}
    values |= {f"colour_{name}": getattr(design.colours, name) for name in COLOURS}
    values |= {role_id(word): design.colours.roles.get(word, "") for word, _ in roles}
    for slot in slots_of(design):
        told = {"shown": slot.is_shown, "field": slot.field, "words": slot.words}
        values |= {f"{slot.id}_{name}": one for name, one in told.items()}
    return values


def changed(
    value: Mapping[str, Any], design: Design, values: Values, roles: Iterable[Role]
) -> dict[str, Any]:
    """Return the design's JSON values with what the form says: `values` by the names that `values_of` has.

    A name that is missing changes nothing. Roles that the form does not know keep their colours.
    """
    new = deepcopy(dict(value))
    new |= {name: values[name] for name in ("name", "about") if name in values}
    colours = dict(new.get("colours", {}))
    colours |= {name: values[f"colour_{name}"] for name in COLOURS if f"colour_{name}" in values}
    colours["roles"] = _roles(colours.get("roles", {}), values, roles)
    new["colours"] = colours
    for slot in slots_of(design):
        _change(_at(new, slot.path), slot, values)
    return new


def _roles(before: Mapping[str, str], values: Values, roles: Iterable[Role]) -> dict[str, str]:
    after = dict(before)
    for word, _ in roles:
        chosen = values.get(role_id(word))
        if chosen:
            after[word] = chosen
        elif chosen is not None:
            after.pop(word, None)
    return after


def _at(value: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
    for step in path:
        value = value[step]
    found: dict[str, Any] = value
    return found


def _change(told: dict[str, Any], slot: Slot, values: Values) -> None:
    shown, field, words = (values.get(f"{slot.id}_{name}") for name in ("shown", "field", "words"))
    if slot.is_optional and shown is not None:
        told["is_shown"] = bool(shown)
    if field in slot.fields:
        told["field"] = field
    if slot.has_words and words is not None:
        told["words"] = words


def field_of(fault: Fault, design: Design, roles: Iterable[Role]) -> str | None:
    """Return the form's field at which the fault is to be shown, None where it belongs to none."""
    if not fault.element:
        return _field_of_whole(fault.field, dict(roles))
    slot = next((one for one in slots_of(design) if one.name == fault.element), None)
    if slot is None:
        return None
    fields = {
        "words": slot.has_words,
        "file": bool(slot.picture),
        "shown": slot.is_optional,
        "field": bool(slot.fields),
    }
    asked = {"words": "words", "picture": "file", "is_shown": "shown"}.get(fault.field, "field")
    known = [name for name in (asked, "field", "shown") if fields[name]]
    return f"{slot.id}_{known[0]}" if known else None


def _field_of_whole(path: str, roles: Mapping[str, int]) -> str | None:
    kind, _, rest = path.partition(".")
    if kind != "colours":
        return kind if kind in {"name", "about"} else None
    word = rest.removeprefix("roles.")
    return role_id(word) if word != rest and word in roles else f"colour_{rest}"
