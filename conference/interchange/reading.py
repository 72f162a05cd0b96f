"""A schedule out of a file's bytes, told apart by content. Pure."""

import re

from conference.interchange.errors import ConflictMarkersError, ScheduleUnreadableError
from conference.interchange.model import ReadSchedule
from conference.interchange.reading_json import read_json
from conference.interchange.reading_values import MAX_BYTES, schedule_of, too_large
from conference.interchange.reading_xml import read_xml

# What git writes at the beginning of a line before and after the two sides; seven equals signs alone may be a heading.
_MARKS = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
_SPACE = b" \t\r\n"
_MARKS_OF_ORDER = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def form_of(head: bytes) -> str:
    """Return "xml", "json" or "table" of a file's first bytes; a table is CSV or XLSX."""
    is_wide = head.startswith(_MARKS_OF_ORDER[1:])
    for mark in _MARKS_OF_ORDER:
        head = head.removeprefix(mark)
    bare = (head.replace(b"\0", b"") if is_wide else head).lstrip(_SPACE)
    return "xml" if bare.startswith(b"<") else "json" if bare.startswith((b"{", b"[")) else "table"


def refuse_marks(content: bytes) -> None:
    """Raise ConflictMarkersError with the line of git's first mark."""
    marks = _MARKS.search(content)
    if marks:
        raise ConflictMarkersError(line=content.count(b"\n", 0, marks.start()) + 1)


def read_schedule(content: bytes, *, zone: str = "") -> ReadSchedule:
    """Return the schedule of an XML or JSON file. `zone` is that of times without an offset, before what the file says.

    Raises ScheduleTooLargeError before anything is parsed, ConflictMarkersError, and what the readers raise.
    """
    if len(content) > MAX_BYTES:
        raise too_large()
    refuse_marks(content)
    form = form_of(content[:4096])
    if form == "table":
        raise ScheduleUnreadableError
    frame, events = read_xml(content) if form == "xml" else read_json(content)
    return schedule_of(frame, events, zone=zone)
