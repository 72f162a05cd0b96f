"""What a lower room needs of a higher one: it defines the place here or in its own room, and `rooms.py` fills it."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named makers. Filling a name twice with different things is a mistake in the wiring and raises."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, T] = {}

    def fill(self, name: str, entry: T) -> None:
        if self._entries.get(name, entry) is not entry:
            raise ValueError(f"{self._what} {name!r} is filled already")
        self._entries[name] = entry

    def get(self, name: str) -> T:
        """Return the entry; raises LookupError for a name that was never filled."""
        try:
            return self._entries[name]
        except KeyError:
            raise LookupError(f"no {self._what} is called {name!r}") from None

    def items(self) -> list[tuple[str, T]]:
        return sorted(self._entries.items())

    def entries(self) -> list[T]:
        """Return the entries alone, in the order of their names."""
        return [entry for _, entry in self.items()]


# What the page frame shows on each page, by name: each maker is called while a page is drawn.
page_facts: Registry[Callable[[], object]] = Registry("page fact")
# What /readyz asks: each check returns None when ready, or a short reason without personal data.
readiness_checks: Registry[Callable[[], str | None]] = Registry("readiness check")
# What /readyz tells beside its answer, by name: figures without personal data, which make nothing unready.
readiness_figures: Registry[Callable[[], Mapping[str, float]]] = Registry("readiness figures")
# What must always be true of the data, by name: each returns None, or a sentence without personal data. `conference
# restore` and `conference doctor` ask; each may take seconds.
invariants: Registry[Callable[[], str | None]] = Registry("invariant")
# Who keeps texts sealed by the encryption key, by name: each seals at most so many anew, whose ids come after the first
# number, and returns the last id that it looked at, None at the end, and how many it sealed anew.
Reseal = Callable[[int, int], tuple[int | None, int]]
resealers: Registry[Reseal] = Registry("resealer")
# What /metrics tells beside the mails, by name: each returns whole lines in the text format of Prometheus.
metric_makers: Registry[Callable[[], str]] = Registry("metric maker")
