"""How forms write people, days and times, and how what was typed is read."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from conference.core.clock import STOCKHOLM, read_clock
from conference.core.ids import PersonId
from conference.core.text import as_typed
from conference.people.model import Person

# The id at the end tells two people of one name apart; the list that the browser offers is written so.
_ID_AT_END = re.compile(r"\(#(\d{1,9})\)$")


def written(person: Person) -> str:
    """Return "Åsa Lind (#12)", what a field of the form holds."""
    return f"{person.name} (#{person.id})"


def read_person(typed: str, people: Iterable[Person]) -> PersonId | None:
    """Return whom the text names: by the id at its end, or by a name that only one person has; else None."""
    by_id = _ID_AT_END.search(typed)
    if by_id:
        return PersonId(int(by_id.group(1)))
    named = [person.id for person in people if as_typed(person.name).casefold() == typed.casefold()]
    return named[0] if len(named) == 1 else None


def moment(day: str, clock_time: str) -> datetime | None:
    """Return the aware time of an ISO day and a clock time in Stockholm; None where either is empty or wrong."""
    at = read_clock(clock_time)
    if not day or at is None:
        return None
    return datetime.combine(date.fromisoformat(day), at, STOCKHOLM)
