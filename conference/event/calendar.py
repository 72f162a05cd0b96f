"""Calendar files (RFC 5545), readable by every calendar program: METHOD:PUBLISH, so that nobody is asked to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from conference.core.clock import STOCKHOLM

FOLD_OCTETS = 75
# Central European time as it has been since 1996 (Directive 2000/84/EC).
_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """One entry. `uid` stays the same for ever, `sequence` rises with each change, times are aware."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""


def calendar_file(entries: Iterable[CalendarEntry], *, stamp: datetime, name: str) -> bytes:
    """Return a calendar file in UTF-8 with CRLF, lines folded at 75 octets (RFC 5545, 3.1).

    `stamp` is when the file was made; `name` is what calendar programs call it.
    """
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Conference office//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines = [*head, f"X-WR-CALNAME:{_escaped(name)}", *_ZONE.splitlines()]
    for entry in entries:
        lines += _entry_lines(entry, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _entry_lines(entry: CalendarEntry, stamp: datetime) -> list[str]:
    optional = (("LOCATION", entry.location), ("DESCRIPTION", entry.description))
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_escaped(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Europe/Stockholm:{entry.start.astimezone(STOCKHOLM):%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Stockholm:{entry.end.astimezone(STOCKHOLM):%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(entry.summary)}",
        *(f"{key}:{_escaped(value)}" for key, value in optional if value),
    ]
    if entry.url:
        lines.append(f"URL:{_one_line(entry.url)}")
    return [*lines, "END:VEVENT"]


def _one_line(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _escaped(text: str) -> str:
    """Return a TEXT value (RFC 5545, 3.3.11): no raw line break can end the property."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(character for character in unified if character == "\n" or ord(character) >= ord(" "))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return the line in pieces of at most 75 octets that never split a character."""
    pieces: list[bytes] = []
    piece = b""
    for character in line:
        octets = character.encode()
        limit = FOLD_OCTETS if not pieces else FOLD_OCTETS - 1  # a folded line begins with a space
        if len(piece) + len(octets) > limit:
            pieces.append(piece)
            piece = b""
        piece += octets
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"
