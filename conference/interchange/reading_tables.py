"""Schedules as tables, CSV or XLSX: a session a row. Which column is which field is guessed, and can be said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from conference.core.errors import N_
from conference.core.text import as_typed
from conference.interchange.model import ReadSchedule
from conference.interchange.reading_values import (
    RawEvent,
    RawFrame,
    read_date,
    schedule_of,
    source_of,
)
from conference.web.import_columns import columns_guessed, columns_mapped
from conference.web.import_errors import ColumnMissingError
from conference.web.importing_files import Line, read_table

# Fields and how they are called; names are those of schedule.xml where it has them.
FIELDS = {
    "id": N_("Id"),
    "title": N_("Title"),
    "subtitle": N_("Subtitle"),
    "date": N_("Day"),
    "start": N_("Start"),
    "end": N_("End"),
    "duration": N_("Duration"),
    "room": N_("Room"),
    "track": N_("Track"),
    "type": N_("Kind"),
    "language": N_("Language"),
    "people": N_("People"),
    "abstract": N_("Abstract"),
}
ALSO = {
    "id": ("guid", "code", "number", "nummer", "session id", "proposal id"),
    "title": ("session", "talk", "session title", "proposal title", "titel", "name"),
    "subtitle": ("untertitel", "underrubrik"),
    "date": ("date", "tag", "dag", "datum"),
    "start": ("starts", "begin", "begins", "time", "from", "start time", "beginn", "zeit", "starttid", "tid"),
    "end": ("ends", "to", "until", "end time", "ende", "slut", "sluttid"),
    "duration": ("minutes", "length", "min", "dauer", "minuten", "langd", "minuter"),
    "room": ("location", "hall", "venue", "raum", "saal", "sal", "lokal"),
    "track": ("topic", "theme", "thema", "spar", "amne"),
    "type": ("type", "format", "session type", "art", "typ", "slag"),
    "language": ("sprache", "sprak"),
    "people": (
        "speakers",
        "speaker",
        "persons",
        "speaker names",
        "presenter",
        "presenters",
        "personen",
        "talare",
    ),
    "abstract": ("description", "text", "summary", "beschreibung", "beskrivning", "zusammenfassung"),
}
REQUIRED = ("title", "start")


def guessed(headings: Sequence[str]) -> dict[str, int]:
    """Return the column of each field that the headings tell."""
    return columns_guessed(headings, FIELDS, ALSO)


def headings_of(path: Path) -> list[str]:
    """Return the names of the columns; raises what web.import_errors holds."""
    return [heading.strip() for heading in next(read_table(path))[1]]


def read_schedule_table(
    path: Path, pairs: Iterable[tuple[str, str]] = (), *, zone: str = "", source: str = "table"
) -> ReadSchedule:
    """Return the schedule of a CSV or XLSX file. `pairs` are (column's heading, field), before what is guessed.

    A start is a whole time, or a clock time beside a column for the day; people are separated by semicolons. Raises
    ColumnMissingError without title, start, and duration or end, ColumnUnknownError, and what the readers raise.
    """
    lines = read_table(path)
    _, headings = next(lines)
    columns = columns_mapped([heading.strip() for heading in headings], pairs, FIELDS, ALSO)
    missing = [FIELDS[name] for name in REQUIRED if name not in columns]
    if not {"duration", "end"} & columns.keys():
        missing.append(FIELDS["duration"])
    if missing:
        raise ColumnMissingError(fields=", ".join(missing))
    # The sources of tables have no title of their own.
    frame = RawFrame(fields={"acronym": source_of(source)})
    return schedule_of(frame, _events(lines, columns), zone=zone)


def _events(lines: Iterable[Line], columns: Mapping[str, int]) -> Iterator[RawEvent]:
    for number, cells in lines:
        # Not cleaned yet: the reader of values tells what it takes out.
        typed = {name: cells[column] if column < len(cells) else "" for name, column in columns.items()}
        people = typed.pop("people", None)
        yield RawEvent(
            line=number,
            fields=_timed(typed, number),
            persons=None if people is None else [("", name) for name in people.split(";")],
        )


def _timed(typed: dict[str, str], line: int) -> dict[str, str]:
    """Return the fields with a start that holds a whole time as the `date`, which is what schedule.xml calls it."""
    start, day = as_typed(typed.get("start", "")), typed.pop("date", "")
    if len(start) > len("00:00:00"):
        return typed | {"date": start}
    if day.strip() and start:
        return typed | {"date": read_date(day, line).isoformat()}
    return typed
