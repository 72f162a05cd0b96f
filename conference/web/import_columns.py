"""Which column of a table is which field: guessed by the headings, and put right by who imports. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from conference.core.text import as_typed, folded
from conference.web.import_errors import ColumnUnknownError

# Other headings by which a field is known, folded.
Also = Mapping[str, Sequence[str]]


def columns_guessed(headings: Sequence[str], fields: Mapping[str, str], also: Also) -> dict[str, int]:
    """Return the column of each field whose name, or another one known for it, is a heading. The first one counts."""
    known = {folded(words): name for name, words in fields.items()}
    known |= {folded(words): name for name, others in also.items() for words in others if name in fields}
    known |= {name: name for name in fields}
    found: dict[str, int] = {}
    for column, heading in enumerate(headings):
        name = known.get(folded(heading))
        if name is not None:
            found.setdefault(name, column)
    return found


def columns_mapped(
    headings: Sequence[str], pairs: Iterable[tuple[str, str]], fields: Mapping[str, str], also: Also
) -> dict[str, int]:
    """Return what is guessed with (column's heading, field) pairs put before it; "" is no column. Raises ColumnUnknownError."""
    columns = columns_guessed(headings, fields, also)
    for heading, name in pairs:
        if name not in fields:
            raise ColumnUnknownError(kind="field", name=name, known=", ".join(fields))
        if not heading:
            columns.pop(name, None)
            continue
        if heading not in headings:
            raise ColumnUnknownError(kind="column", name=heading, known=", ".join(headings))
        columns[name] = headings.index(heading)
    return columns


def typed_cells(cells: Sequence[str], columns: Mapping[str, int], fields: Iterable[str]) -> dict[str, str]:
    """Return what the row says of each field, "" where it has no cell."""
    return {
        name: as_typed(cells[columns[name]]) if name in columns and columns[name] < len(cells) else ""
        for name in fields
    }
