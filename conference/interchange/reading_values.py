"""What files of any form say of sessions, made into checked values. Pure.

The rules, which are the same for XML, JSON and tables:

- A session is known by its guid, else by its id, else by its title. One guid twice is refused. One id (or title) twice
  is the same session held again where title and id agree and time or room differ; then the second is `id#2`.
- A time without an offset is one of the file's zone. A start before the day's change is on the following day.
- Text is kept in NFC. Characters that cannot be printed and those that turn the direction of reading are taken out,
  with a note; what is longer than its field is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conference.core.clock import STOCKHOLM
from conference.core.errors import N_
from conference.core.linkable import linkable_in
from conference.core.text import as_typed, control_characters, folded
from conference.interchange.errors import (
    DurationRefusedError,
    NoSessionsError,
    RepeatedIdError,
    ScheduleTooLargeError,
    TextTooLongError,
    TooManyError,
    ValueMissingError,
    ValueRefusedError,
    ZoneUnknownError,
)
from conference.interchange.keys import name_key
from conference.interchange.kinds import kind_of
from conference.interchange.model import Note, ReadPerson, ReadSchedule, ReadSession

# Twice the full file of a conference of 900 talks, as large as a table may be; more is refused before it is parsed.
MAX_BYTES = 10_000_000
MAX_SESSIONS = 5000
MOST_PLACES = 500
MOST_PEOPLE = 50
LONGEST_MIN = 1440
LIMITS = {"title": 200, "room": 100, "track": 100, "person": 200, "abstract": 20_000, "id": 200}
# What exports write where a session has no room, as a coffee break.
NO_ROOM = "–"
FIRST_YEAR, LAST_YEAR = 1970, 2100
_DURATION = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::([0-5]\d))?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class RawDay:
    """A day as the file begins it: `begins` is when its first session may start, aware, where the file says so."""

    date: date
    begins: datetime | None = None


@dataclass(kw_only=True, slots=True)
class RawEvent:
    """A session as it stands in the file: text by the names of schedule.xml, and (key, name) of its people.

    A field that the file does not have at all is not in `fields`.
    """

    line: int
    fields: dict[str, str]
    persons: list[tuple[str, str]] | None
    day: RawDay | None = None


@dataclass(kw_only=True, slots=True)
class RawFrame:
    """What the file says of the whole: the fields of its `conference`, its days, and (line, name) of its rooms."""

    fields: dict[str, str] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    rooms: list[tuple[int, str]] = field(default_factory=list)


def too_large() -> ScheduleTooLargeError:
    return ScheduleTooLargeError(megabytes=MAX_BYTES // 1_000_000, sessions=MAX_SESSIONS)


def zone_called(name: str) -> ZoneInfo:
    """Return the time zone; raises ZoneUnknownError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknownError(zone=name[:60]) from None


def read_date(text: str, line: int, name: str = "date") -> date:
    """Return the day of an ISO date; raises ValueRefusedError."""
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise _refused(line, name, text, "2022-09-22") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _refused(line, name, text, "2022-09-22")
    return found


def _refused(line: int, name: str, value: str, example: str) -> ValueRefusedError:
    return ValueRefusedError(line=line, name=name, value=value.strip()[:60], example=example)


def schedule_of(frame: RawFrame, events: Iterable[RawEvent], *, zone: str = "") -> ReadSchedule:
    """Return the whole file's values. `zone` goes before the zone that the file names; neither: Stockholm's.

    Raises what interchange.errors holds, with the line.
    """
    name = zone or frame.fields.get("time_zone_name", "").strip() or STOCKHOLM.key
    reader = _Reader(zone_called(name), frame.fields.get("day_change", "").strip())
    sessions = tuple(reader.session(event) for event in events)
    if not sessions:
        raise NoSessionsError
    rooms = _ordered([*(reader.room(*one) for one in frame.rooms), *(session.room for session in sessions)])
    tracks = _ordered(session.track for session in sessions)
    for places, called in ((rooms, "rooms"), (tracks, "tracks")):
        if len(places) > MOST_PLACES:
            raise TooManyError(count=len(places), name=called, limit=MOST_PLACES)
    title = " ".join(as_typed(frame.fields.get("title", "")).split())[:200]
    return ReadSchedule(
        source=source_of(frame.fields.get("acronym", "") or title),
        title=title,
        zone=name,
        days=tuple(sorted({*frame.days, *(_local_day(session.start) for session in sessions)})),
        rooms=rooms,
        tracks=tracks,
        sessions=sessions,
        notes=tuple(reader.notes),
    )


def source_of(text: str) -> str:
    """Return a short name of where files come from: small letters, digits and hyphens, "schedule" for nothing."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")[:60] or "schedule"


def _local_day(moment: datetime) -> date:
    return moment.astimezone(STOCKHOLM).date()


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name and name != NO_ROOM))


class _Reader:
    """Reads one session after another, and keeps which ids were seen in which line."""

    def __init__(self, zone: ZoneInfo, day_change: str) -> None:
        self.notes: list[Note] = []
        self._zone = zone
        self._change = read_clock(day_change, 1, "day_change") if day_change else None
        self._seen: dict[str, ReadSession] = {}
        self._count = 0

    def session(self, raw: RawEvent) -> ReadSession:
        self._count += 1
        if self._count > MAX_SESSIONS:
            raise too_large()
        title = self._text(raw, "title", LIMITS["title"])
        if not title:
            raise ValueMissingError(line=raw.line, name="title")
        kind = raw.fields.get("type")
        room = self._text(raw, "room", LIMITS["room"])
        read = ReadSession(
            key="",
            line=raw.line,
            title=title,
            subtitle=self._text(raw, "subtitle", 1000),
            kind=None if kind is None else kind_of(kind),
            abstract=self._abstract(raw),
            language=self._text(raw, "language", 1000)[:20],
            track=self._text(raw, "track", LIMITS["track"]),
            room="" if room == NO_ROOM else room,
            start=self._start(raw),
            duration_min=0,
            people=None if raw.persons is None else self._people(raw, raw.persons),
        )
        return self._known_by(raw, read)

    def _known_by(self, raw: RawEvent, read: ReadSession) -> ReadSession:
        """Return the session under its key, or refuse a key that is another's."""
        start = read.start
        whole = _with(read, duration_min=_minutes(raw, start))
        guid, number = _id(raw, "guid"), _id(raw, "id")
        key = guid or number or f"~{name_key(read.title)}"
        first = self._seen.get(key)
        if first is not None:
            is_held_again = first.title == read.title and (first.start, first.room) != (start, read.room)
            if guid or not is_held_again:
                raise RepeatedIdError(line=raw.line, key=key.removeprefix("~")[:60], first=first.line)
            again = 2
            while f"{key}#{again}" in self._seen:
                again += 1
            key = f"{key}#{again}"
        self._seen[key] = found = _with(whole, key=key)
        return found

    def room(self, line: int, text: str) -> str:
        """Return the name of a room; raises TextTooLongError."""
        return self._line(text, line, "room", LIMITS["room"])

    def _text(self, raw: RawEvent, name: str, limit: int) -> str:
        return self._line(raw.fields.get(name, ""), raw.line, name, limit)

    def _line(self, text: str, line: int, name: str, limit: int) -> str:
        """Return one line of text, cleaned; raises TextTooLongError."""
        text = self._clean(" ".join(text.split()), line, name)
        if len(text) > limit:
            raise TextTooLongError(line=line, name=name, length=len(text), limit=limit)
        return text

    def _clean(self, text: str, line: int, name: str, allow: str = "") -> str:
        marks = control_characters(text, allow=allow)
        if marks:
            text = without_controls(text, allow)
            sentence = N_(
                "Line %(line)s: characters that cannot be seen were taken out of the %(name)s (%(codes)s)."
            )
            facts = {"line": line, "codes": ", ".join(dict.fromkeys(marks)), "name": name}
            self.notes.append(Note(sentence=sentence, facts=facts))
        return as_typed(text)

    def _abstract(self, raw: RawEvent) -> str | None:
        """Return abstract and description as one text, what both say alike once; None where the file knows neither."""
        names = [name for name in ("abstract", "description") if name in raw.fields]
        if not names:
            return None
        parts = [
            self._clean(raw.fields[name].replace("\r\n", "\n").replace("\r", "\n"), raw.line, name, "\n\t")
            for name in names
        ]
        text = "\n\n".join(dict.fromkeys(part for part in parts if part))
        if len(text) > LIMITS["abstract"]:
            raise TextTooLongError(line=raw.line, name="abstract", length=len(text), limit=LIMITS["abstract"])
        return text

    def _people(self, raw: RawEvent, persons: list[tuple[str, str]]) -> tuple[ReadPerson, ...]:
        """Return the people, each once; an empty name is nobody.

        Nor is one that could become a link in a mail, as every form refuses it: a note tells which, and where. One name
        stops no import.
        """
        found: dict[str, ReadPerson] = {}
        for key, typed in persons:
            name = self._clean(" ".join(typed.split()), raw.line, "person")
            if not name:
                continue
            if len(name) > LIMITS["person"]:
                raise TextTooLongError(line=raw.line, name="person", length=len(name), limit=LIMITS["person"])
            if linkable := linkable_in(name):
                self.notes.append(_left_out(raw.line, name, linkable))
                continue
            own = without_controls(key).strip()[: LIMITS["id"]] or f"~{name_key(name)}"
            found.setdefault(own, ReadPerson(key=own, name=name))
        if len(found) > MOST_PEOPLE:
            raise TextTooLongError(line=raw.line, name="persons", length=len(found), limit=MOST_PEOPLE)
        return tuple(found.values())

    def _start(self, raw: RawEvent) -> datetime:
        """Return when it starts: its `date`, or else its day and its `start`."""
        text = raw.fields.get("date", "").strip()
        if "T" in text or " " in text or (text and ":" in text):
            return read_moment(text, raw.line, self._zone)
        clock_text = raw.fields.get("start", "").strip()
        if not clock_text:
            raise ValueMissingError(line=raw.line, name="start")
        day = RawDay(date=read_date(text, raw.line)) if text else raw.day
        if day is None:
            raise ValueMissingError(line=raw.line, name="date")
        at = read_clock(clock_text, raw.line, "start")
        moment = datetime.combine(day.date, at, self._zone)
        is_past_midnight = (
            moment < day.begins if day.begins else self._change is not None and at < self._change
        )
        if is_past_midnight:
            moment = datetime.combine(day.date + timedelta(days=1), at, self._zone)
        return moment.astimezone(UTC)


def _with(read: ReadSession, *, key: str | None = None, duration_min: int | None = None) -> ReadSession:
    values = {name: getattr(read, name) for name in ReadSession.__slots__}
    values |= {"key": read.key if key is None else key}
    values |= {"duration_min": read.duration_min if duration_min is None else duration_min}
    return ReadSession(**values)


def without_controls(text: str, allow: str = "") -> str:
    """Return the text without what nobody sees, and what a database might not take."""
    return "".join(one for one in text if not control_characters(one, allow=allow))


def _id(raw: RawEvent, name: str) -> str:
    text = without_controls(raw.fields.get(name, "")).strip()
    if len(text) > LIMITS["id"]:
        raise TextTooLongError(line=raw.line, name=name, length=len(text), limit=LIMITS["id"])
    return text


def read_moment(text: str, line: int, zone: ZoneInfo) -> datetime:
    """Return an ISO 8601 time in UTC; one without an offset is of the zone. Raises ValueRefusedError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _refused(line, "date", text, "2022-09-22T09:30:00+02:00") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _refused(line, "date", text, "2022-09-22T09:30:00+02:00")
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def read_clock(text: str, line: int, name: str) -> time:
    """Return the time of "9:05", "09:05" or "09:05:00"; raises ValueRefusedError."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise _refused(line, name, text, "09:30")
    return time(int(found.group(1)), int(found.group(2)))


def _minutes(raw: RawEvent, start: datetime) -> int:
    """Return how long it lasts, by `duration` or else by `end`; raises DurationRefusedError."""
    text = raw.fields.get("duration", "").strip()
    minutes = _of_duration(text, raw.line) if text else _of_end(raw, start)
    if not 1 <= minutes <= LONGEST_MIN:
        raise DurationRefusedError(line=raw.line, minutes=minutes)
    return minutes


def _of_duration(text: str, line: int) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6:  # noqa: PLR2004 -- more digits than a day has minutes
        return int(text)
    found = _DURATION.fullmatch(text)
    if found is None or int(found.group(3) or 0):
        raise _refused(line, "duration", text, "00:45")
    return int(found.group(1)) * 60 + int(found.group(2))


def _of_end(raw: RawEvent, start: datetime) -> int:
    """Return the minutes until `end`: a whole time, or a clock time, which may be past midnight."""
    text = raw.fields.get("end", "").strip()
    if not text:
        raise ValueMissingError(line=raw.line, name="duration")
    if "T" in text or "-" in text:
        end = read_moment(text, raw.line, STOCKHOLM)
    else:
        local = start.astimezone(STOCKHOLM)
        end = datetime.combine(local.date(), read_clock(text, raw.line, "end"), STOCKHOLM)
        end = end if end > local else end + timedelta(days=1)
    return int((end.astimezone(UTC) - start) / timedelta(minutes=1))


def _left_out(line: int, name: str, linkable: str) -> Note:
    sentence = N_(
        "Line %(line)s: “%(name)s” is left out, because “%(part)s” would become a link in mails. Correct the name in the file, or put a space after the dot."
    )
    return Note(sentence=sentence, facts={"line": line, "name": name[:60], "part": linkable[:60]})
