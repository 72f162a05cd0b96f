"""Settings that are one number for each role. Stands on nothing."""

from collections.abc import Callable
from dataclasses import dataclass

ROLES = ("organiser", "programme", "desk", "viewer")


@dataclass(frozen=True, slots=True)
class ByRole:
    """A whole number for each role: `text` is what was set, `numbers` stand in the order of ROLES."""

    text: str
    numbers: tuple[int, ...]

    def __getitem__(self, role: str) -> int:
        return self.numbers[ROLES.index(role)]

    def __str__(self) -> str:
        return self.text


def by_role(low: int, high: int) -> Callable[[str], ByRole]:
    """Return what reads "60" for all roles, or "60,desk=240" with others for some. Its ValueError names the fault."""

    def read(text: str) -> ByRole:
        first, *rest = (part.strip() for part in text.split(","))
        found = dict.fromkeys(ROLES, _number(first, low, high))
        for part in rest:
            role, equals, number = part.partition("=")
            if not equals or role.strip() not in found:
                raise ValueError(
                    f"after the number for all roles, name one of {', '.join(ROLES)}, as in desk={high}"
                )
            found[role.strip()] = _number(number, low, high)
        return ByRole(text, tuple(found.values()))

    return read


def _number(text: str, low: int, high: int) -> int:
    number = int(text) if text.strip().isdecimal() and text.isascii() else low - 1
    if not low <= number <= high:
        raise ValueError(f"each number must lie between {low} and {high}, as in {low},desk={high}")
    return number
