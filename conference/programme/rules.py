"""When talks are, where a session may stand, and what of a draft becomes public. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conference.core.ids import SessionId
from conference.core.interval import Interval
from conference.event.model import Event, Room
from conference.programme.errors import (
    DurationError,
    InsideItselfError,
    OutsideEventError,
    PinnedError,
    RoleInTalkError,
    SamePartError,
)
from conference.programme.model import (
    AT_ONCE,
    TALK_ROLES,
    Kind,
    PartChoice,
    Programme,
    Session,
    SessionDetails,
)

LONGEST_MIN = 1440


def span_of(start: datetime | None, duration_min: int) -> Interval | None:
    """Return the span in UTC, None without a start. UTC, because an hour of wall time is not always an hour."""
    if start is None:
        return None
    begin = start.astimezone(UTC)
    return Interval(start=begin, end=begin + timedelta(minutes=duration_min))


def talk_spans(
    start: datetime | None, durations_min: Sequence[int], *, kind: Kind = Kind.PARALLEL, session_min: int = 0
) -> list[Interval | None]:
    """Return when each talk is: they follow each other without a gap from the session's start.

    Posters and stands are all there while their session lasts.
    """
    if kind in AT_ONCE:
        return [span_of(start, session_min)] * len(durations_min)
    spans: list[Interval | None] = []
    for duration_min in durations_min:
        span = span_of(start, duration_min)
        spans.append(span)
        start = span.end if span else None
    return spans


def placed(session: Session, room: Room | None, start: datetime | None) -> Session:
    """Return the session in that room from then on, its talks with it."""
    begin = None if start is None else start.astimezone(UTC)
    durations = [talk.duration_min for talk in session.talks]
    spans = talk_spans(begin, durations, kind=session.kind, session_min=session.duration_min)
    talks = tuple(talk.at(span) for talk, span in zip(session.talks, spans, strict=True))
    return replace(session, room=room, span=span_of(begin, session.duration_min), talks=talks)


def check_duration(duration_min: int) -> None:
    if not 1 <= duration_min <= LONGEST_MIN:
        raise DurationError("duration_min")


def check_place(event: Event, start: datetime | None, duration_min: int) -> None:
    """Raise OutsideEventError where the span is not within the event's days, Stockholm time."""
    check_duration(duration_min)
    span = span_of(start, duration_min)
    if span is not None and not event.span.contains(span):
        raise OutsideEventError("day", first=event.first_day, last=event.last_day)


def check_parts(parts: Sequence[PartChoice], *, in_talk: bool = False) -> None:
    """Raise where one person has a role twice, or a talk names a role of sessions."""
    if len(set(parts)) < len(parts):
        raise SamePartError("person_1")
    strangers = [part.role for part in parts if in_talk and part.role not in TALK_ROLES]
    if strangers:
        raise RoleInTalkError("role_1", role=strangers[0])


def check_pinned(stored: Session, details: SessionDetails) -> None:
    """Raise PinnedError where a session that is pinned, and stays so, would stand elsewhere."""
    before = (stored.room.id if stored.room else None, stored.span.start if stored.span else None)
    # In UTC, because Python takes a time of the hour that a clock change repeats for equal to none of another zone.
    after = (details.room_id, details.start and details.start.astimezone(UTC))
    if stored.is_pinned and details.is_pinned and before != after:
        raise PinnedError("day")


def check_parent(programme: Programme, session_id: int | None, parent_id: SessionId | None) -> None:
    """Raise InsideItselfError where the session would stand inside itself, directly or through others."""
    parents: Mapping[int, SessionId | None] = {one.id: one.parent_id for one in programme.sessions}
    above, seen = parent_id, set()
    while above is not None and above not in seen:
        if above == session_id:
            raise InsideItselfError("parent_id")
        seen.add(above)
        above = parents.get(above)


def seen_mark(session: Session) -> str:
    """Return a mark of the session and its talks as they are now: who deletes says with it what they saw."""
    talks = ",".join(f"{talk.id}.{talk.revision}" for talk in session.talks)
    return f"{session.id}.{session.revision}:{talks}"


def publishable(draft: Programme) -> Programme:
    """Return what publishing would make public: the sessions that have a time, and a room if they need one."""
    return replace(draft, sessions=tuple(session for session in draft.sessions if session.is_scheduled))


def by_time(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Return the sessions in the order of every list: by start, then room, the unscheduled last."""
    return tuple(sorted(sessions, key=_order))


def _order(session: Session) -> tuple[bool, datetime, int, int]:
    start = session.span.start if session.span else datetime.max.replace(tzinfo=UTC)
    place = session.room.place if session.room else 0
    return (session.span is None, start, place, session.id)
