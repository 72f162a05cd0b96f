"""Registrations as rows of a file, read and written in steps, so that 20,000 take no more memory than 500.

A file that was exported can be imported again, and each name comes back as it was.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import select

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.base import db
from conference.people.model import PersonDetails
from conference.people.queries import people_by_id
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters, filtered
from conference.registration.listing import tags_of
from conference.registration.model import Registration
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow

AT_ONCE = 500
Cell = str | float | datetime | None
# Headings, which the import knows again; countries are ISO 3166 codes, professions, career stages and states their keys.
PERSON_HEADINGS = {
    "title": "Title",
    "given_name": "Given name",
    "family_name": "Family name",
    "letters": "Letters",
    "badge_name": "Badge name",
    "affiliation": "Affiliation",
    "affiliation_short": "Short affiliation",
    "ror": "ROR",
    "orcid": "ORCID",
    "country": "Country",
}
HEADINGS = (
    "Number",
    *PERSON_HEADINGS.values(),
    "E-mail address",
    "Profession",
    "Career stage",
    "Category",
    "State",
    "Waiting number",
    "No photographs",
    "Tags",
    "Registered",
)
# What a spreadsheet program takes for a formula (trust.md 25), and what was made harmless before.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DATE_FORMAT = "yyyy-mm-dd hh:mm"


def exported(filters: ListFilters) -> Iterator[tuple[Cell, ...]]:
    """Yield the headings, then a row for each registration that matches, the oldest first. Three statements for 500."""
    yield HEADINGS
    names = {category.id: category.name for category in categories()}
    after = RegistrationId(0)
    while found := _next(filters, after):
        people = people_by_id(one.person_id for one in found)
        tags = tags_of(one.id for one in found)
        for one in found:
            details = people[PersonId(one.person_id)].details
            yield _row(one, details, names, tags.get(one.id, ()))
        after = found[-1].id
        db.session.expunge_all()


def _next(filters: ListFilters, after: RegistrationId) -> list[Registration]:
    statement = filtered(select(RegistrationRow), filters).where(RegistrationRow.id > after)
    rows = db.session.scalars(statement.order_by(RegistrationRow.id).limit(AT_ONCE))
    return [registration_of_row(row) for row in rows]


def _row(
    one: Registration, person: PersonDetails, names: dict[CategoryId, str], tags: Iterable[str]
) -> tuple[Cell, ...]:
    return (
        one.number,
        *(getattr(person, name) for name in PERSON_HEADINGS),
        one.email,
        one.profession,
        one.career_stage,
        names[one.category_id],
        one.state.value,
        one.waiting_number,
        "yes" if one.no_photographs else "no",
        ", ".join(tags),
        one.created_at.astimezone(STOCKHOLM).replace(tzinfo=None, second=0, microsecond=0),
    )


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


def write_xlsx(rows: Iterable[tuple[Cell, ...]], out: IO[bytes]) -> None:
    """Write an XLSX file: text as text, so that no cell is a formula; numbers and dates as what they are."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Registrations")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    book.save(out)


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, str):
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", cell))
        made.data_type = "s"
        return made
    if isinstance(cell, datetime):
        made = WriteOnlyCell(sheet, cell)
        made.number_format = _DATE_FORMAT
        return made
    return cell
