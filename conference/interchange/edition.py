"""What every written form of the schedule says alike: ids, days, addresses and words. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree as ET

from conference.core.clock import STOCKHOLM
from conference.core.text import folded
from conference.event.model import Event, Room
from conference.interchange.guids import Guids
from conference.interchange.reading_values import NO_ROOM
from conference.programme.model import Part, Programme, Session

# The smallest step of the office's forms that matters to a grid.
SLOT = "00:05"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """A programme on its way out: a version, or the draft where `programme.version` is None.

    `page` answers a session's public address, `made_at` is when the programme was published or read.
    """

    programme: Programme
    event: Event
    guids: Guids
    page: Callable[[int], str]
    made_at: datetime

    @property
    def label(self) -> str:
        """Return "3", "3 After the committee" for a version with a name, or "draft"."""
        programme = self.programme
        return "draft" if programme.version is None else f"{programme.version} {programme.name}".rstrip()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Those with a time: what has none is in no schedule."""
        return tuple(one for one in self.programme.sessions if one.span is not None)

    @property
    def site(self) -> str:
        return self.guids.base_url.rstrip("/")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedDay:
    """A day from midnight to midnight, with its sessions by room in the order of the rooms; "–" holds those without."""

    index: int
    date: date
    rooms: tuple[tuple[str, Room | None, tuple[Session, ...]], ...]

    @property
    def start(self) -> datetime:
        return datetime.combine(self.date, time(), STOCKHOLM)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.date + timedelta(days=1), time(), STOCKHOLM)


def days_of(edition: Edition) -> Iterator[ExportedDay]:
    """Yield the days of the programme, and those on which sessions of a draft were left when the event was moved."""
    every = sorted({*edition.programme.days, *(one.day for one in edition.sessions if one.day)})
    for index, day in enumerate(every, 1):
        todays = [one for one in edition.sessions if one.day == day]
        found = [
            (room.name, room, tuple(one for one in todays if one.room and one.room.id == room.id))
            for room in edition.programme.rooms
        ]
        roomless = tuple(one for one in todays if one.room is None)
        rooms = [one for one in found if one[2]] + ([(NO_ROOM, None, roomless)] if roomless else [])
        yield ExportedDay(index=index, date=day, rooms=tuple(rooms))


def acronym(event: Event) -> str:
    """Return the first letters of the event's words and its year, as C3VOC's schemas want it: "pm2022"."""
    letters = "".join(word[0] for word in re.findall(r"[a-z0-9]+", folded(event.title)))
    return f"{letters[:20]}{event.first_day.year}"


def slug(edition: Edition, session: Session) -> str:
    return f"{acronym(edition.event)}-session-{session.id}"


def track_slug(name: str, number: int) -> str:
    """Return a name for addresses that begins with a letter, as the schema of XML wants it."""
    return "-".join(["track", *re.findall(r"[a-z0-9]+", folded(name))][:8]) + f"-{number}"


def local(moment: datetime) -> datetime:
    return moment.astimezone(STOCKHOLM)


def as_duration(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def people_of(session: Session) -> tuple[Part, ...]:
    """Return everybody who takes part, each once, those of the session before those of its talks."""
    found: dict[int, Part] = {}
    for part in session.everybody:
        found.setdefault(part.person_id, part)
    return tuple(found.values())


def talks_told(session: Session) -> str:
    """Return the talks with their times and people, one a line: these formats know a session and no talks in it."""
    lines = []
    for talk in session.talks:
        at = f"{local(talk.span.start):%H:%M} " if talk.span else ""
        names = ", ".join(part.name for part in talk.people)
        lines.append(f"{at}{talk.title}" + (f" ({names})" if names else ""))
    return "\n".join(lines)


def document_of(root: ET.Element) -> bytes:
    """Return the whole document in UTF-8, an element a line."""
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
