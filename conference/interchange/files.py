"""A file on the disk, of any form, read into a schedule."""

from dataclasses import dataclass, replace
from pathlib import Path

from conference.interchange.model import ReadSchedule
from conference.interchange.reading import form_of, read_schedule, refuse_marks
from conference.interchange.reading_tables import read_schedule_table
from conference.interchange.reading_values import MAX_BYTES, source_of, too_large
from conference.web.still_there import still_there


@dataclass(frozen=True, kw_only=True, slots=True)
class FileOrder:
    """A file and how it is to be read. `name` is how it was called, without its ending; `pairs` are a table's columns."""

    path: Path
    name: str = ""
    zone: str = ""
    source: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


@still_there()
def form_of_file(path: Path) -> str:
    """Return "xml", "json" or "table"."""
    with path.open("rb") as file:
        return form_of(file.read(4096))


@still_there()
def read_file(order: FileOrder) -> ReadSchedule:
    """Return the file's schedule, under the source that is wished or else that it tells of itself.

    Raises ScheduleTooLargeError before a byte is read, what the readers raise, and NotFoundError for a file that is gone.
    """
    if order.path.stat().st_size > MAX_BYTES:
        raise too_large()
    if form_of_file(order.path) == "table":
        # The marks would be rows of a text; a workbook is packed and holds no lines.
        refuse_marks(order.path.read_bytes())
        name = order.source or order.name
        return read_schedule_table(order.path, order.pairs, zone=order.zone, source=name)
    read = read_schedule(order.path.read_bytes(), zone=order.zone)
    return replace(read, source=source_of(order.source)) if order.source else read
