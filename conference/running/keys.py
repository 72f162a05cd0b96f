"""Sealing anew with the newest encryption key, a few at a time, while the site runs."""

from collections.abc import Callable

from conference.core.sealing import keys_in
from conference.registration.question_queries import encryption_key
from conference.running.errors import RunningError
from conference.web.registry import invariants, resealers

AT_ONCE = 200


def reseal_all(tell: Callable[[str, int], object], *, at_once: int = AT_ONCE) -> dict[str, int]:
    """Return how many of each holder were sealed anew; each few in a transaction of their own.

    What the newest key sealed is left as it is, so a run that was broken off goes on where it was. Raises RunningError
    where no key is set.
    """
    found = {name: _resealed(name, reseal, tell, at_once) for name, reseal in resealers.items()}
    if not keys_in(encryption_key()) and not any(found.values()):
        raise RunningError(
            "No encryption key is set, so nothing is sealed by one: set CONFERENCE_ENCRYPTION_KEY first."
        )
    return found


def _resealed(
    name: str,
    reseal: Callable[[int, int], tuple[int | None, int]],
    tell: Callable[[str, int], object],
    at_once: int,
) -> int:
    total, last = 0, 0
    while True:
        further, changed = reseal(last, at_once)
        if further is None:
            return total
        total, last = total + changed, further
        tell(name, total)


def still_shut() -> str | None:
    """Return what none of the keys opens, in sentences, or None."""
    shut = [said for name, ask in invariants.items() if name.startswith("sealed ") and (said := ask())]
    return " ".join(shut) or None
