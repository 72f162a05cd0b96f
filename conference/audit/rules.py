"""What the entries of a history amount to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from conference.audit.model import HistoryEntry

# Entries of one transaction are written within moments; a person needs longer for a second act on the same record.
_ONE_ACT = timedelta(seconds=1)


def acts(entries: Iterable[HistoryEntry], beside: Iterable[HistoryEntry] = ()) -> list[HistoryEntry]:
    """Return a record's history newest first, one entry an act.

    `beside` is the history of a record that is written together with it, as a person is with a registration: what was
    done to both at once becomes one entry, with the changes of both under the first record's action.
    """
    told, alone = list(entries), []
    for other in beside:
        place = _written_with(told, other)
        if place is None:
            alone.append(other)
        else:
            told[place] = replace(told[place], changes={**other.changes, **told[place].changes})
    return sorted([*told, *alone], key=lambda entry: entry.at, reverse=True)


def _written_with(told: Sequence[HistoryEntry], other: HistoryEntry) -> int | None:
    for place, entry in enumerate(told):
        if entry.actor == other.actor and abs(entry.at - other.at) < _ONE_ACT:
            return place
    return None
