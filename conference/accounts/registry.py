from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conference.web.registry import Registry


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeCount:
    """A number that the office wants to see first, and the page that says more. `label` may be lazy."""

    label: Any
    endpoint: str
    count: Callable[[], int]


# What the staff's home page counts, in the order of the names; asked only for who may open the page.
home_counts: Registry[HomeCount] = Registry("home count")
