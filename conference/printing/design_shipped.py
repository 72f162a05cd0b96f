"""The designs that come with the program: files of this package, read only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from conference.core.ids import BadgeDesignId
from conference.printing.design_model import Design
from conference.printing.design_schema import read_design

# In the order in which one is looked for that fits a label.
SHIPPED = ("a7", "a6", "card", "roll")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDesign:
    """A design with its key; `id` and `revision` only where it is the office's own."""

    key: str
    design: Design
    id: BadgeDesignId | None = None
    revision: int | None = None

    @property
    def is_own(self) -> bool:
        return self.id is not None


@lru_cache(maxsize=1)
def shipped_designs() -> Mapping[str, StoredDesign]:
    """Return the designs that come with the program, by key."""
    folder = resources.files("conference.printing") / "shipped"
    return {
        key: StoredDesign(key=key, design=read_design((folder / f"{key}.json").read_text("utf-8")))
        for key in SHIPPED
    }


def default_design(width_mm: float, height_mm: float) -> StoredDesign:
    """Return the design shipped for labels of this size; there is one for each that a sheet may have."""
    return next(one for one in shipped_designs().values() if one.design.sizes.hold(width_mm, height_mm))
