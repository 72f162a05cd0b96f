"""What differs between two programmes, such as a version and the draft. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from conference.core.ids import SessionId
from conference.programme.model import Part, Programme, Session


class ChangeKind(StrEnum):
    ADDED = "added"
    CANCELLED = "cancelled"
    MOVED_IN_TIME = "moved in time"
    MOVED_IN_ROOM = "moved in room"
    LENGTHENED = "lengthened"
    SHORTENED = "shortened"
    RETITLED = "retitled"
    PEOPLE = "people"
    TALKS = "talks"
    DETAILS = "details"
    ROOMS = "rooms"
    TRACKS = "tracks"
    DAYS = "days"


# A session is somewhere else or at another time, as its people and its calendar entries must know.
MOVES = frozenset(
    {ChangeKind.MOVED_IN_TIME, ChangeKind.MOVED_IN_ROOM, ChangeKind.LENGTHENED, ChangeKind.SHORTENED}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference. `old` is None for an added session, `new` for a cancelled one, both for a list of rooms."""

    kind: ChangeKind
    old: Session | None = None
    new: Session | None = None

    @property
    def session(self) -> Session | None:
        return self.new or self.old


def diff(old: Programme | None, new: Programme) -> tuple[Change, ...]:
    """Return the changes from old to new, by session in the order of the new programme, cancelled ones last.

    Without an old programme every session is added. Revisions and calendar sequences are no differences.
    """
    before = {session.id: session for session in old.sessions} if old else {}
    after = {session.id: session for session in new.sessions}
    found = list(_of_lists(old, new)) if old else []
    for session in new.sessions:
        found += session_changes(before.get(session.id), session)
    found += [
        Change(kind=ChangeKind.CANCELLED, old=session) for key, session in before.items() if key not in after
    ]
    return tuple(found)


def session_changes(old: Session | None, new: Session) -> list[Change]:
    """Return what differs between two states of one session."""
    if old is None:
        return [Change(kind=ChangeKind.ADDED, new=new)]
    differing = [kind for kind, of in _ASPECTS.items() if of(old) != of(new)]
    if _length(old) != _length(new):
        longer = _length(new) > _length(old)
        differing.append(ChangeKind.LENGTHENED if longer else ChangeKind.SHORTENED)
    return [Change(kind=kind, old=old, new=new) for kind in ChangeKind if kind in differing]


def _length(session: Session) -> timedelta:
    return session.span.end - session.span.start if session.span else timedelta(0)


def _details(session: Session) -> object:
    return (session.kind, session.abstract, session.track.id if session.track else None, session.parent_id)


def _shown(parts: Iterable[Part]) -> list[object]:
    return [(part.person_id, part.name, part.affiliation, part.country, part.role) for part in parts]


def _people(session: Session) -> object:
    return (_shown(session.people), {talk.id: _shown(talk.people) for talk in session.talks})


def _talks(session: Session) -> object:
    """The talks without their people, and with lengths, not times: a moved session has moved, its talks have not."""
    return [
        (talk.id, talk.title, talk.abstract, talk.duration_min, talk.facts, talk.poster_number, talk.board)
        for talk in session.talks
    ]


_ASPECTS: dict[ChangeKind, Callable[[Session], object]] = {
    ChangeKind.MOVED_IN_TIME: lambda session: session.span.start if session.span else None,
    ChangeKind.MOVED_IN_ROOM: lambda session: session.room.id if session.room else None,
    ChangeKind.RETITLED: lambda session: session.title,
    ChangeKind.PEOPLE: _people,
    ChangeKind.TALKS: _talks,
    ChangeKind.DETAILS: _details,
}


def _of_lists(old: Programme, new: Programme) -> Iterator[Change]:
    if _rooms(old) != _rooms(new):
        yield Change(kind=ChangeKind.ROOMS)
    if _tracks(old) != _tracks(new):
        yield Change(kind=ChangeKind.TRACKS)
    if old.days != new.days:
        yield Change(kind=ChangeKind.DAYS)


def _rooms(programme: Programme) -> list[tuple[object, ...]]:
    return [(room.id, room.place, room.name, room.seats) for room in programme.rooms]


def _tracks(programme: Programme) -> list[tuple[object, ...]]:
    return [(track.id, track.place, track.name, track.colour) for track in programme.tracks]


def with_sequences(old: Programme | None, new: Programme, number: int) -> dict[SessionId, int]:
    """Return each session's calendar sequence: `number`, that of the new version, where the session changed."""
    before = {session.id: session for session in old.sessions} if old else {}
    return {
        session.id: number if session_changes(known, session) or known is None else known.sequence
        for session in new.sessions
        for known in [before.get(session.id)]
    }
