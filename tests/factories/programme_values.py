"""Sessions as plain values, for rules that need no database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from conference.core.ids import PersonId, RoomId, SessionId, TalkId
from conference.event.model import Event, Room
from conference.programme.model import Kind, Part, PartRole, Programme, Session, Talk
from conference.programme.rules import by_time, span_of, talk_spans

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


def room(number: int) -> Room:
    return Room(id=RoomId(number), place=number, name=f"Room {number}", seats=None, revision=1)


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
) -> Session:
    """Return a session that starts so many minutes after 09:00 of the first day; talks are (minutes, people)."""
    start = None if start_min is None else NINE + timedelta(minutes=start_min)
    spans = talk_spans(start, [minutes for minutes, _ in talks])
    return Session(
        id=SessionId(number),
        kind=kind,
        title=title or f"Session {number}",
        abstract="",
        track=None,
        room=None if room_number is None else room(room_number),
        span=span_of(start, duration_min),
        people=tuple(people),
        talks=tuple(
            Talk(
                id=TalkId(number * 100 + place),
                title=f"Talk {place}",
                abstract="",
                span=span,
                people=tuple(parts),
                duration_min=minutes,
            )
            for place, ((minutes, parts), span) in enumerate(zip(talks, spans, strict=True))
        ),
        duration_min=duration_min,
    )


def programme(*sessions: Session) -> Programme:
    rooms = {item.room.id: item.room for item in sessions if item.room}
    return Programme(
        version=None,
        published_at=None,
        days=DAYS,
        rooms=tuple(rooms[key] for key in sorted(rooms)),
        tracks=(),
        sessions=by_time(sessions),
    )
