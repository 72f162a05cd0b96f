"""The kinds of conflict of a schedule, and what each does unless staff set something else. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ConflictKind(StrEnum):
    ROOM_TAKEN = "room taken"
    ROOM_EMPTIED = "room emptied"
    PERSON_TWICE = "person twice"
    PERSON_UNAVAILABLE = "person unavailable"
    WALK_TOO_SHORT = "walk too short"
    TOO_FEW_SEATS = "too few seats"
    OUTSIDE_EVENT = "outside event"
    OUTSIDE_ROOM_HOURS = "outside room hours"
    TRACK_TWICE = "track twice"
    MANY_MARKED = "many marked"
    TALKS_TOO_LONG = "talks too long"
    CHAIR_MISSING = "chair missing"
    DISCLOSURE_MISSING = "disclosure missing"
    SPONSOR_IN_TITLE = "sponsor in title"
    INDUSTRY_UNMARKED = "industry unmarked"


# Those that follow from where a session stands: another room or time can cure them, so they can block a move.
OF_PLACE = frozenset(
    {
        ConflictKind.ROOM_TAKEN,
        ConflictKind.ROOM_EMPTIED,
        ConflictKind.PERSON_TWICE,
        ConflictKind.PERSON_UNAVAILABLE,
        ConflictKind.WALK_TOO_SHORT,
        ConflictKind.TOO_FEW_SEATS,
        ConflictKind.OUTSIDE_EVENT,
        ConflictKind.OUTSIDE_ROOM_HOURS,
        ConflictKind.TRACK_TWICE,
        ConflictKind.MANY_MARKED,
    }
)


class Severity(StrEnum):
    """What a conflict does, the worst first."""

    BLOCK_MOVE = "block move"
    BLOCK_PUBLISHING = "block publishing"
    WARN = "warn"
    IGNORE = "ignore"


BLOCKING = frozenset({Severity.BLOCK_MOVE, Severity.BLOCK_PUBLISHING})

# Own choice. Nothing blocks a move by itself: who rebuilds a day goes through states with conflicts, and the draft may
# hold them. What cannot happen in the house is not published; the rest is for people to weigh. Who holds a link must
# not be able to stop a publication, so unavailability only warns.
DEFAULTS: Mapping[ConflictKind, Severity] = MappingProxyType(
    dict.fromkeys(ConflictKind, Severity.WARN)
    | dict.fromkeys(
        (
            ConflictKind.ROOM_TAKEN,
            ConflictKind.ROOM_EMPTIED,
            ConflictKind.PERSON_TWICE,
            ConflictKind.OUTSIDE_EVENT,
            ConflictKind.OUTSIDE_ROOM_HOURS,
            ConflictKind.DISCLOSURE_MISSING,
            ConflictKind.INDUSTRY_UNMARKED,
        ),
        Severity.BLOCK_PUBLISHING,
    )
)
# Own choice: fewer people than this who want both are no reason to move a session.
MANY_MARKS = 10


def choices_of(kind: ConflictKind) -> tuple[Severity, ...]:
    """Return the severities that staff may set: only what a place causes can block a move."""
    return tuple(Severity) if kind in OF_PLACE else tuple(Severity)[1:]
