"""Sessions as plain values, for rules that need no database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conference.core.ids import PersonId, RoomId, SessionId, TalkId, TrackId
from conference.core.interval import Interval
from conference.event.model import Event, Room, Track
from conference.programme.facts import CheckSettings, Facts
from conference.programme.model import Kind, Part, PartRole, Programme, Session, Talk
from conference.programme.rules import by_time, span_of, talk_spans
from conference.programme.severity import ConflictKind, Severity

NINE = datetime(2022, 9, 22, 7, tzinfo=UTC)
DAYS = (date(2022, 9, 22), date(2022, 9, 23))
EVENT = Event(
    title="The conference",
    city="Stockholm",
    venue="",
    first_day=DAYS[0],
    last_day=DAYS[1],
    summary="",
    contact_email="",
    contact_phone="",
    is_demonstration=False,
    revision=1,
)


def room(number: int, **other: Any) -> Room:
    values: dict[str, Any] = {"place": number, "name": f"Room {number}", "seats": None, "revision": 1}
    return Room(id=RoomId(number), **values | other)


def track(number: int) -> Track:
    return Track(id=TrackId(number), place=number, name=f"Track {number}", colour=1, revision=1)


def facts(**other: Any) -> Facts:
    """Return what a check knows beside the programme: nothing but the event, unless said."""
    return Facts(event=EVENT, **other)


def settings(**severities: Severity) -> CheckSettings:
    """Return settings in which each kind warns but those named, as room_taken=Severity.BLOCK_MOVE."""
    named = {ConflictKind(name.replace("_", " ")): severity for name, severity in severities.items()}
    return CheckSettings(severities=dict.fromkeys(ConflictKind, Severity.WARN) | named)


def person(number: int, role: PartRole = PartRole.SPEAKER) -> Part:
    return Part(person_id=PersonId(number), name=f"Person {number}", affiliation="", country="", role=role)


def session(
    number: int,
    *,
    start_min: int | None = 0,
    duration_min: int = 60,
    room_number: int | None = None,
    kind: Kind = Kind.PARALLEL,
    people: Sequence[Part] = (),
    talks: Sequence[tuple[int, Sequence[Part]]] = (),
    title: str = "",
    **other: Any,
) -> Session:
    """Return a session that starts so many minutes after 09:00 of the first day; talks are (minutes, people)."""
    start = None if start_min is None else NINE + timedelta(minutes=start_min)
    durations = [minutes for minutes, _ in talks]
    spans = talk_spans(start, durations, kind=kind, session_min=duration_min)
    values: dict[str, Any] = {
        "track": None,
        "room": None if room_number is None else room(room_number),
    }
    return Session(
        id=SessionId(number),
        kind=kind,
        title=title or f"Session {number}",
        abstract="",
        span=span_of(start, duration_min),
        people=tuple(people),
        talks=tuple(
            _talk(number * 100 + place, place, span, parts, minutes)
            for place, ((minutes, parts), span) in enumerate(zip(talks, spans, strict=True))
        ),
        duration_min=duration_min,
        **values | other,
    )


def _talk(number: int, place: int, span: Interval | None, parts: Sequence[Part], minutes: int) -> Talk:
    return Talk(
        id=TalkId(number),
        title=f"Talk {place}",
        abstract="",
        span=span,
        people=tuple(parts),
        duration_min=minutes,
    )


def programme(*sessions: Session, more_rooms: Sequence[Room] = ()) -> Programme:
    """Return a draft with the sessions' rooms and those named."""
    rooms = {one.id: one for one in more_rooms} | {item.room.id: item.room for item in sessions if item.room}
    return Programme(
        version=None,
        published_at=None,
        days=DAYS,
        rooms=tuple(rooms[key] for key in sorted(rooms)),
        tracks=(),
        sessions=by_time(sessions),
    )
