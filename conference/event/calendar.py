"""Calendar files by RFC 5545: pure, from values to bytes."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote

from conference.core.clock import STOCKHOLM

# RFC 5545, 3.1: a line has at most 75 octets, without its line break.
LINE_OCTETS = 75
# The Union's rule since 1996 (Directive 2000/84/EC): last Sundays of March and October, 01:00 UTC.
_STOCKHOLM_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Stockholm",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "END:STANDARD",
    "END:VTIMEZONE",
)


class Method(StrEnum):
    """What a calendar is to do with a file (RFC 5546, 1.4): hold its entries, enter what one is asked to, or take out."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendee:
    """Who is needed. `has_accepted` shows the entry as agreed, else as one that waits for a word."""

    email: str
    name: str
    has_accepted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """One appointment. A repeated `uid` with a higher `sequence` replaces the one that a calendar holds.

    `organiser` is an e-mail address, `organiser_name` what is shown for it.

    With `is_all_day` the times are midnights in Stockholm, and calendars show whole days.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    organiser: str = ""
    organiser_name: str = ""
    attendee: Attendee | None = None
    is_all_day: bool = False


def calendar_file(
    entries: Iterable[CalendarEntry], *, stamp: datetime, name: str, method: Method = Method.PUBLISH
) -> bytes:
    """Return the calendar file, to be served as text/calendar; charset=utf-8 and with the method as a parameter.

    `stamp` is when the file's contents were made (DTSTAMP), aware. Times are Stockholm's, with the zone's rules.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Conference office//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{_escaped(name)}",
        "X-WR-TIMEZONE:Europe/Stockholm",
        *_STOCKHOLM_ZONE,
    ]
    for entry in entries:
        lines += _event_lines(entry, stamp, "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event_lines(entry: CalendarEntry, stamp: datetime, status: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART{_moment(entry.start, entry.is_all_day)}"
    yield f"DTEND{_moment(entry.end, entry.is_all_day)}"
    yield f"SUMMARY:{_escaped(entry.summary)}"
    for key, text in (("LOCATION", entry.location), ("DESCRIPTION", entry.description)):
        if text:
            yield f"{key}:{_escaped(text)}"
    if entry.url:
        yield "URL:" + _uri(entry.url)
    if entry.organiser:
        yield f"ORGANIZER{_named(entry.organiser_name)}:{_mailto(entry.organiser)}"
    if entry.attendee:
        yield _attendee_line(entry.attendee)
    yield f"STATUS:{status}"
    yield "END:VEVENT"


def _attendee_line(attendee: Attendee) -> str:
    """Return who is needed, and that no answer is asked for by calendar: the speaker's page takes it (RFC 5545, 3.2.17)."""
    status = "ACCEPTED" if attendee.has_accepted else "NEEDS-ACTION"
    parameters = (
        f"{_named(attendee.name)};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};RSVP=FALSE"
    )
    return f"ATTENDEE{parameters}:{_mailto(attendee.email)}"


def _named(name: str) -> str:
    """Return the parameter CN, whose quotes nothing can end: a value of a parameter knows no escape (3.2)."""
    plain = _without_controls(" ".join(name.split())).replace('"', "'")
    return f';CN="{plain}"' if plain else ""


def _mailto(address: str) -> str:
    return "mailto:" + quote(_uri(address), safe="@!#$&'*+-/=?^_`{|}~.[]:")


def _moment(moment: datetime, is_day: bool) -> str:
    local = moment.astimezone(STOCKHOLM)
    return f";VALUE=DATE:{local:%Y%m%d}" if is_day else f";TZID=Europe/Stockholm:{local:%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    """Return the text as a TEXT value (3.3.11): one line, whatever kind of line break or control it held."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    whole = "\\n".join(escaped.splitlines())
    return _without_controls(whole)


def _uri(text: str) -> str:
    """Return the text as a URI, which is not escaped (3.3.13): what could end the line is taken out."""
    return _without_controls("".join(text.split()))


def _without_controls(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) not in {"Cc", "Cs"})


def _folded(line: str) -> Iterator[bytes]:
    """Yield the line in pieces of at most 75 octets, each after the first beginning with a space (3.1).

    A piece never ends inside a character, though the RFC would allow it: readers that decode line by line break.
    """
    piece, limit = b"", LINE_OCTETS
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > limit:
            yield piece
            piece = b" "
        piece += octets
    yield piece
