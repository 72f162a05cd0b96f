from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conference.web.registry import Registry


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeCount:
    """A number that the office wants to see first, and the page that says more. `label` may be lazy.

    `query` narrows the page to what was counted.
    """

    label: Any
    endpoint: str
    count: Callable[[], int]
    query: Mapping[str, Any] = field(default_factory=dict)


# The tracks of the programme, as "event": () -> (id, name) in their order. Filled by the room that keeps them.
track_choices: Registry[Callable[[], Sequence[tuple[int, str]]]] = Registry("list of tracks")
# Tells of the parts of an address whether its record is outside these tracks, as "programme": (track ids) -> (parts) -> bool.
# Filled by the room that keeps sessions.
outside_tracks: Registry[Callable[[frozenset[int]], Callable[[Mapping[str, Any]], bool]]] = Registry(
    "what is outside tracks"
)
# Draws a text as a picture of a QR code, as "svg": (text) -> markup. Filled by the room that draws codes.
code_pictures: Registry[Callable[[str], str]] = Registry("maker of code pictures")
# What the staff's home page counts, in the order of the names; asked only for who may open the page.
home_counts: Registry[HomeCount] = Registry("home count")
