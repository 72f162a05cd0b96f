"""A table out of a CSV or XLSX file, told apart by content. Rows come one by one, cells as text."""

import csv
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from conference.web.exporting import as_it_was
from conference.web.import_errors import (
    FileTooLargeError,
    FileUnreadableError,
    MergedCellsError,
    MixedEncodingError,
    NoRowsError,
)
from conference.web.still_there import still_there

MAX_BYTES = 10_000_000
# Of an XLSX file, unpacked: 50,000 rows of 20 columns take about 60 MB of XML.
MAX_UNPACKED = 150_000_000
MAX_ROWS, MAX_COLUMNS = 50_000, 100
Line = tuple[int, list[str]]
_ZIP = b"PK\x03\x04"
_DELIMITERS = ",;\t"


def too_large() -> FileTooLargeError:
    return FileTooLargeError(rows=MAX_ROWS, columns=MAX_COLUMNS)


def read_table(path: Path) -> Iterator[Line]:
    """Yield (line number, cells) of each line that is not empty, the headings first.

    Raises FileTooLargeError, FileUnreadableError, MixedEncodingError, MergedCellsError, NoRowsError, and NotFoundError
    for a file that is gone.
    """
    with still_there():
        if path.stat().st_size > MAX_BYTES:
            raise too_large()
        with path.open("rb") as file:
            is_book = file.read(len(_ZIP)) == _ZIP
        lines = _of_book(path) if is_book else _of_text(path)
        yield from _bounded(lines)


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    count = 0
    for number, cells in lines:
        if not any(cells):
            continue
        count += 1
        # The headings are one more.
        if count > MAX_ROWS + 1 or len(cells) > MAX_COLUMNS:
            raise too_large()
        yield number, cells
    if count < 2:  # noqa: PLR2004 -- headings and a row
        raise NoRowsError


def _of_text(path: Path) -> Iterator[Line]:
    text = _decoded(path.read_bytes())
    if "\0" in text:
        raise FileUnreadableError
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in rows:
            yield begins, [as_it_was(cell) for cell in row]
            begins = rows.line_num + 1
    except csv.Error:
        raise FileUnreadableError from None


def _decoded(content: bytes) -> str:
    """Return the text of UTF-8, with or without its mark, or of Windows-1252 where nothing is UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        if any(byte > 127 for byte in before.removeprefix(b"\xef\xbb\xbf")):  # noqa: PLR2004 -- the last of ASCII
            raise MixedEncodingError(line=before.count(b"\n") + 1) from None
    _refuse_utf8_among(content)
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise FileUnreadableError from None


def _refuse_utf8_among(content: bytes) -> None:
    """Raise MixedEncodingError where a line beyond ASCII is UTF-8 though another is not."""
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            continue
        raise MixedEncodingError(line=number)


def _of_book(path: Path) -> Iterator[Line]:
    _inspect(path)
    # Opened here, because openpyxl refuses a path whose name has no ending, as uploads are kept.
    with path.open("rb") as file:
        yield from _of_open_book(file)


def _of_open_book(file: IO[bytes]) -> Iterator[Line]:
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, ParseError, InvalidFileException, zipfile.BadZipFile):
        raise FileUnreadableError from None
    try:
        sheet: Any = book.worksheets[0]
        # What the file says of its size may be wrong; the rows themselves are counted.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_text(cell) for cell in itertools.islice(row, MAX_COLUMNS + 1)]
    except (KeyError, ValueError, IndexError, ParseError, zipfile.BadZipFile):
        raise FileUnreadableError from None
    finally:
        book.close()


def _inspect(path: Path) -> None:
    """Raise FileTooLargeError for what unpacks to too much, before it is unpacked; MergedCellsError."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise too_large()
            names = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
            if not names:
                raise FileUnreadableError
            if _has_merged(archive, names[0]):
                raise MergedCellsError
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise FileUnreadableError from None


def _has_merged(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as sheet:
        while piece := sheet.read(1 << 20):
            if b"mergeCell " in tail + piece:
                return True
            tail = piece[-20:]
    return False


def _text(cell: Any) -> str:
    """Return a cell as it is read: dates in their written form, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
