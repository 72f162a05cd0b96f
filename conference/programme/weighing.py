"""Which conflicts come first, stop a version or block an edit. Pure."""

from collections.abc import Iterable

from conference.core.ids import SessionId
from conference.programme.conflicts import Conflict
from conference.programme.severity import ConflictKind, Severity

_WORST_FIRST = {severity: rank for rank, severity in enumerate(Severity)}
Key = tuple[ConflictKind, int, frozenset[SessionId]]


def key_of(conflict: Conflict) -> Key:
    """Return what stays the same when only the minutes change."""
    return (conflict.kind, conflict.about, frozenset(session.id for session in conflict.sessions))


def by_urgency(found: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Return the conflicts worst first, then by time of the first session, the unscheduled last.

    Missing disclosures come after all others of their severity.
    """
    return tuple(sorted(found, key=_urgency))


def _urgency(conflict: Conflict) -> tuple[int, bool, bool, float, list[int], str, int]:
    span = conflict.sessions[0].span
    return (
        _WORST_FIRST[conflict.severity],
        # Of what blocks, the only one that blocks no more than a final version.
        conflict.kind is ConflictKind.DISCLOSURE_MISSING,
        span is None,
        span.start.timestamp() if span else 0.0,
        [session.id for session in conflict.sessions],
        conflict.kind,
        conflict.about,
    )


def of_session(found: Iterable[Conflict], session_id: SessionId) -> tuple[Conflict, ...]:
    """Return those of the conflicts that the session is part of."""
    return tuple(
        conflict for conflict in found if session_id in {session.id for session in conflict.sessions}
    )


def in_the_way(found: Iterable[Conflict], *, is_final: bool = False) -> tuple[Conflict, ...]:
    """Return those that stop a version from being published; a missing disclosure stops a final one only."""
    return tuple(
        conflict
        for conflict in found
        if conflict.blocking and (is_final or conflict.kind is not ConflictKind.DISCLOSURE_MISSING)
    )


def made_worse(before: Iterable[Conflict], after: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Return those after an edit that block it: of that severity, and new or longer than they were before."""
    known = {key_of(conflict): conflict.minutes for conflict in before}
    return tuple(
        conflict
        for conflict in after
        if conflict.severity is Severity.BLOCK_MOVE and conflict.minutes > known.get(key_of(conflict), -1)
    )
