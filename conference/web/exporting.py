"""Tables out of the application, as CSV and XLSX: written in steps, no cell of them a formula (trust.md 25)."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from flask import Response, stream_with_context
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

AT_ONCE = 500
Cell = str | float | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet program takes for a formula (trust.md 25), and what was made harmless before.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
# A workbook is XML, which cannot hold these (XML 1.0, 2.2). Openpyxl's own list lacks U+FFFE, U+FFFF and surrogates, and
# a workbook with one of them could not be opened.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE_FORMAT = "yyyy-mm-dd hh:mm"
_PIECE = 64 * 1024


def inert(text: str) -> str:
    """Return the text with an apostrophe before what a spreadsheet program would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """Return what `inert` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_parts(rows: Iterable[tuple[Cell, ...]], delimiter: str = ",") -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with its mark, so that spreadsheet programs read the letters right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    buffer.write("\ufeff")
    for number, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if number % AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _csv_cell(cell: Cell) -> str | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return inert(cell) if isinstance(cell, str) else cell


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def write_xlsx(rows: Iterable[tuple[Cell, ...]], out: IO[bytes], name: str) -> None:
    """Write an XLSX file of one sheet of that name: text as text, so that no cell is a formula; numbers and dates as what they are."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    book.save(out)


def without_what_xml_cannot_hold(text: str) -> str:
    """Return the text without the characters that no XML document may hold."""
    return _NOT_XML.sub("", text)


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, str):
        made = WriteOnlyCell(sheet, without_what_xml_cannot_hold(cell))
        made.data_type = "s"
        return made
    if isinstance(cell, datetime):
        made = WriteOnlyCell(sheet, cell)
        made.number_format = _DATE_FORMAT
        return made
    return cell


def xlsx_parts(rows: Iterable[tuple[Cell, ...]], name: str) -> Iterator[bytes]:
    """Yield an XLSX file piece by piece."""
    # A ZIP archive ends with its index: it is written to a file without a name first, not to memory.
    with tempfile.TemporaryFile() as file:
        write_xlsx(rows, file, name)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def file_answer(parts: Iterator[bytes], name: str, content_type: str) -> Response:
    answer = Response(stream_with_context(parts), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
