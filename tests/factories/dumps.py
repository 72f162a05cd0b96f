"""The whole database as text, as somebody who stole it would search it."""

import json

from sqlalchemy import select

from conference.db.base import db
from conference.tables import metadata


def dump() -> str:
    """Return every value of every row of every table, one a line with its column's name."""
    lines = []
    for table in metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            lines += [
                f"{table.name}.{name}: {json.dumps(value, default=str, ensure_ascii=False)}"
                for name, value in row.items()
            ]
    db.session.rollback()
    return "\n".join(lines)


def lines_with(*words: str) -> list[str]:
    """Return the lines of the dump that hold one of the words, whatever their case."""
    wanted = [word.casefold() for word in words]
    return [line for line in dump().splitlines() if any(word in line.casefold() for word in wanted)]
