"""The colours of a design, and whether what is set in them can be read. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conference.printing.colours import BANDS, INK, contrast
from conference.printing.design_check import parts_of
from conference.printing.design_model import (
    Band,
    Design,
    Element,
    OwnProgramme,
    Rule,
    Ticks,
    Type,
)

# WCAG 2.2, 1.4.3: large is 18 pt, or 14 pt and bold.
NEEDED, NEEDED_LARGE = 4.5, 3.0
_LARGE_PT, _LARGE_BOLD_PT = 18, 14
Role = tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contrast:
    """Text on its ground. `role` is the role's word where a colour hangs on it, else ""."""

    element: str
    role: str
    colour: str
    ground: str
    ratio: float
    needed: float

    @property
    def is_enough(self) -> bool:
        return self.ratio >= self.needed

    def __str__(self) -> str:
        whose = f" for the role “{self.role}”" if self.role else ""
        return (
            f"Element “{self.element}”{whose}: {self.colour} on {self.ground} has a contrast of {self.ratio:.1f}, "
            f"and {self.needed:g} is needed. Choose a darker or a lighter colour."
        )


def role_colour(design: Design, word: str, number: int) -> str:
    """Return the colour of a role: the design's own for the word or for the number, else the site's."""
    roles = design.colours.roles
    return roles.get(word) or roles.get(str(number)) or BANDS.get(number, INK)


def colour_of(design: Design, colour: str, role: str) -> str:
    """Return as "#rrggbb" what an element says; `role` is the colour that "role" stands for."""
    return role if colour == "role" else getattr(design.colours, colour, colour)


def contrasts(design: Design, roles: Iterable[Role]) -> tuple[Contrast, ...]:
    """Return the contrast of each text on its ground, by role where it hangs on that; `is_enough` tells which fail."""
    kept = tuple(dict.fromkeys(roles))
    return tuple(one for side in (design.front, design.back) for one in _side(design, side, kept))


def too_faint(design: Design, roles: Iterable[Role]) -> tuple[Contrast, ...]:
    """Return those of the texts that cannot be read well."""
    return tuple(one for one in contrasts(design, roles) if not one.is_enough)


def _side(design: Design, elements: tuple[Element, ...], roles: tuple[Role, ...]) -> Iterator[Contrast]:
    by_name = {one.name: one for one in elements if one.is_shown}
    for element in by_name.values():
        for name, kind in _types(element):
            grounds = [_ground(by_name[under]) for under in element.over if under in by_name]
            ground = "role" if isinstance(element, Band) else next(filter(None, reversed(grounds)), "paper")
            by_role = "role" in {kind.colour, ground}
            for word, number in roles if by_role else (("", 0),):
                role = role_colour(design, word, number) if by_role else INK
                yield _contrast(
                    name, word, kind, colour_of(design, kind.colour, role), colour_of(design, ground, role)
                )


def _types(element: Element) -> list[tuple[str, Type]]:
    if isinstance(element, Band | Ticks | OwnProgramme):
        return [(element.name, element.type)]
    return [(part.name, part.type) for part in parts_of(element)]


def _ground(element: Element) -> str | None:
    if isinstance(element, Rule):
        return element.colour
    return "role" if isinstance(element, Band) else None


def _contrast(name: str, role: str, kind: Type, colour: str, ground: str) -> Contrast:
    is_large = kind.smallest_pt >= (_LARGE_BOLD_PT if kind.face == "bold" else _LARGE_PT)
    return Contrast(
        element=name, role=role, colour=colour, ground=ground, ratio=contrast(colour, ground),
        needed=NEEDED_LARGE if is_large else NEEDED,
    )  # fmt: skip
