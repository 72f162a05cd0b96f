"""Programmes for booklets as plain values: a conference of any size, and the real schedules beside the repository."""

from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RoomId, SessionId, TalkId, TrackId
from conference.core.interval import Interval
from conference.event.model import Room, Track
from conference.programme.model import Kind, Part, PartRole, Programme, Session, Talk
from tests.factories.printing import EVENT, HALLS, TRACKS, a_part

TALK_MIN = 20
_WORDS = [
    "sequencing",
    "of",
    "tumours",
    "in",
    "clinical",
    "routine",
    "needs",
    "agreement",
    "on",
    "panels",
    "reports",
    "and",
    "consent",
    "while",
    "patients",
    "wait",
    "for",
    "answers",
    "that",
    "laboratories",
    "in",
    "several",
    "regions",
    "could",
    "give",
    "together",
    "if",
    "data",
    "were",
    "allowed",
    "to",
    "travel",
    "with",
    "their",
    "owners",
]


def a_conference(sessions: int = 30, talks: int = 70) -> Programme:
    """Return so many sessions in four rooms on as many days as they take, with so many talks, each with an abstract."""
    made = []
    given = 0
    for number in range(sessions):
        count = talks * (number + 1) // sessions - given
        begin = datetime(2022, 9, 22, 9, tzinfo=STOCKHOLM) + timedelta(
            days=number // 16, hours=2 * (number // 4 % 4)
        )
        its_talks = tuple(
            _talk(given + place, begin + place * timedelta(minutes=TALK_MIN)) for place in range(count)
        )
        given += count
        made.append(
            Session(
                id=SessionId(number + 1),
                kind=Kind.PARALLEL,
                title=f"{TRACKS[number % 5].name}: {_text(number, 6)}",
                abstract=_text(number, 40),
                track=TRACKS[number % 5],
                room=HALLS[number % 4],
                span=Interval(start=begin, end=begin + timedelta(minutes=max(60, TALK_MIN * count))),
                people=(a_part(number, PartRole.CHAIR),),
                talks=its_talks,
            )
        )
    days = tuple(dict.fromkeys(one.day for one in made if one.day))
    return Programme(
        version=1, published_at=datetime(2022, 9, 1, 9, tzinfo=STOCKHOLM), days=days or EVENT.days, rooms=HALLS,
        tracks=TRACKS, sessions=tuple(made),
    )  # fmt: skip


def _talk(number: int, start: datetime) -> Talk:
    return Talk(
        id=TalkId(number + 1),
        title=_text(number * 3, 9).capitalize(),
        abstract=_text(number * 7, 180),
        span=Interval(start=start, end=start + timedelta(minutes=TALK_MIN)),
        people=(a_part(1000 + number, PartRole.SPEAKER),),
    )


def _text(seed: int, count: int) -> str:
    """Return so many words, other ones for each seed."""
    return " ".join(_WORDS[(seed * 13 + n * (7 + seed % 5)) % len(_WORDS)] for n in range(count))


def programme_of_file(path: Path) -> Programme:
    """Return a schedule.xml as a published programme, by the plainest reading: each event is a session."""
    root = ET.parse(path).getroot()
    rooms: dict[str, Room] = {}
    tracks: dict[str, Track] = {}
    sessions = []
    for day in root.iter("day"):
        for one in day.iter("event"):
            room = rooms.setdefault(
                one.findtext("room", ""),
                Room(
                    id=RoomId(len(rooms) + 1),
                    place=len(rooms),
                    name=one.findtext("room", ""),
                    seats=None,
                    revision=1,
                ),
            )
            word = one.findtext("track", "") or "None"
            track = tracks.setdefault(
                word,
                Track(
                    id=TrackId(len(tracks) + 1),
                    place=len(tracks),
                    name=word,
                    colour=1 + len(tracks) % 5,
                    revision=1,
                ),
            )
            sessions.append(_session(one, date.fromisoformat(day.attrib["date"]), room, track))
    return Programme(
        version=1,
        published_at=datetime(2024, 1, 1, tzinfo=STOCKHOLM),
        days=tuple(sorted({one.day for one in sessions if one.day})),
        rooms=tuple(sorted(rooms.values(), key=lambda room: room.name)),
        tracks=tuple(tracks.values()),
        sessions=tuple(sorted(sessions, key=lambda one: (one.span.start, one.id) if one.span else ())),
    )


def _session(one: ET.Element, day: date, room: Room, track: Track) -> Session:
    hours, minutes = map(int, one.findtext("start", "").split(":"))
    long_hours, long_minutes = map(int, one.findtext("duration", "").split(":"))
    start = datetime.combine(day, datetime.min.time(), STOCKHOLM) + timedelta(hours=hours, minutes=minutes)
    if one.findtext("date"):  # past midnight the day is the one on which the night began
        start = datetime.fromisoformat(one.findtext("date", ""))
    people = tuple(
        Part(
            person_id=PersonId(int(person.attrib["id"])),
            name=person.text or "",
            affiliation="",
            country="",
            role=PartRole.SPEAKER,
        )
        for person in one.iter("person")
    )
    return Session(
        id=SessionId(int(one.attrib["id"])),
        kind=Kind.PARALLEL,
        title=one.findtext("title", ""),
        abstract=one.findtext("abstract", "") or "",
        track=track,
        room=room,
        span=Interval(start=start, end=start + timedelta(hours=long_hours, minutes=long_minutes)),
        people=people,
        talks=(),
    )
