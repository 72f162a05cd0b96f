"""What every store of files has in common: its names, what it tells of a file, and how it fails."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from conference.core.errors import N_, DomainError, NotFoundError

# Folders and a file, each of letters, digits, dots, hyphens and underscores, none of which begins with a dot.
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"
_NAME = re.compile(rf"{_PART}(?:/{_PART}){{1,7}}", re.ASCII)


# Made anew when they are wanted, or sent again: they need not outlive a power cut.
PASSING = ("imports/", "previews/", "public-papers/", "speakers/uploads/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A file that is there: its name, its length, and when it was written, in seconds since 1970 by the store's clock."""

    name: str
    size_bytes: int
    written_at: float

    @property
    def key(self) -> str:
        """Return the last part of the name."""
        return self.name.rpartition("/")[2]


class StoreAwayError(DomainError):
    """The store of files does not answer, or refuses us."""

    sentence = N_(
        "Files cannot be kept or fetched at present. Nothing was changed: wait a minute and send this again; the back key brings back what you typed."
    )
    status: ClassVar[int] = 503
    headers: Mapping[str, str] = MappingProxyType({"Retry-After": "30"})


def is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def checked(name: str) -> str:
    """Return the name; raises NotFoundError for what is none, whatever it would lead to."""
    if not is_name(name):
        raise NotFoundError
    return name
