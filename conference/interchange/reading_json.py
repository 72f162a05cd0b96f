"""`schedule.json` in the form of C3VOC, as pretalx and the hub write it. Pure.

Python's reader tells no lines of values. The line of a session is therefore looked for only when there is something to
tell of it: the line in which its guid, id or title stands.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conference.interchange.errors import MalformedError, ScheduleUnreadableError, ValueRefusedError
from conference.interchange.reading_values import RawDay, RawEvent, RawFrame, read_date
from conference.interchange.reading_xml import day_begins

_NAMED = re.compile(r'"(guid|title|id)"\s*:\s*("(?:[^"\\]|\\.)*"|\d+)')
_FRAME = ("title", "acronym", "time_zone_name")
_FIELDS = (
    "guid",
    "id",
    "title",
    "subtitle",
    "type",
    "abstract",
    "description",
    "language",
    "track",
    "room",
    "date",
    "start",
    "duration",
    "end",
)


def read_json(content: bytes) -> tuple[RawFrame, list[RawEvent]]:
    """Return what the document says. Raises MalformedError, ScheduleUnreadableError, ValueRefusedError."""
    text = _text(content)
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise MalformedError(line=error.lineno, reason=error.msg) from None
    except (
        RecursionError,
        ValueError,
    ):  # values inside each other without end; a number of thousands of digits
        raise ScheduleUnreadableError from None
    conference = _mapping(_mapping(_mapping(whole).get("schedule")).get("conference"))
    frame = RawFrame(fields={name: str(conference[name]) for name in _FRAME if conference.get(name)})
    frame.rooms = [
        (1, str(_mapping(room).get("name", ""))) for room in _sequence(conference.get("rooms", ()))
    ]
    lines = _Lines(text)
    events = [event for day in _sequence(conference.get("days")) for event in _of_day(day, frame, lines)]
    return frame, events


def _text(content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedError(line=line, reason="not UTF-8") from None


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ScheduleUnreadableError
    return value


def _sequence(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise ScheduleUnreadableError
    return value


class _Lines:
    """Finds in which line a session's guid, title or id stands, by one look through the text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[int]] = defaultdict(list)
        at, line = 0, 1
        for found in _NAMED.finditer(text):
            line += text.count("\n", at, found.start())
            at = found.start()
            self._lines[found.group(1) + found.group(2)].append(line)
        for lines in self._lines.values():
            lines.reverse()
        self._last = 1

    def of(self, event: Mapping[str, Any]) -> int:
        """Return the line of the event; events are asked for in the file's order, as one id may stand in two."""
        for name in ("guid", "title", "id"):
            value = event.get(name)
            if not value or not isinstance(value, str | int):
                continue
            for written in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
                if lines := self._lines.get(name + written):
                    self._last = lines.pop()
                    return self._last
        return self._last


def _of_day(plain: Any, frame: RawFrame, lines: _Lines) -> Iterator[RawEvent]:
    day = _mapping(plain)
    when = RawDay(
        date=read_date(str(day.get("date", "")), 1), begins=day_begins(str(day.get("day_start", "")))
    )
    frame.days.append(when.date)
    for room, events in _mapping(day.get("rooms", {})).items():
        for event in _sequence(events):
            yield _event(_mapping(event), room, when, lines)


def _event(plain: Mapping[str, Any], room: str, day: RawDay, lines: _Lines) -> RawEvent:
    line = lines.of(plain)
    fields = {name: _field(plain[name], name, line) for name in _FIELDS if name in plain}
    fields["room"] = fields.get("room") or room
    persons = plain.get("persons")
    return RawEvent(
        line=line,
        fields=fields,
        persons=None if persons is None else [_person(_mapping(one)) for one in _sequence(persons)],
        day=day,
    )


def _field(value: Any, name: str, line: int) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueRefusedError(line=line, name=name, value=json.dumps(value)[:60], example='"a text"')


def _person(plain: Mapping[str, Any]) -> tuple[str, str]:
    key = next((plain[name] for name in ("guid", "id", "code") if plain.get(name)), "")
    return str(key), str(plain.get("public_name") or plain.get("name") or "")
