"""Many rows at once, whose ids come back in the order of the rows."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from conference.db.base import Base


def insert_all(session: Session, records: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write the rows past the session's objects and return their ids in order. One statement for up to a thousand.

    All rows name the same columns; those that none names get their defaults.
    """
    if not rows:
        return []
    table = cast("Table", records.__table__)
    statement = insert(table)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # SQLAlchemy would insert row by row here, as SQLite promises no order of what RETURNING answers. Ids rise with
        # each row, though, and nobody else can write meanwhile: in their order they are those of the rows.
        return sorted(connection.execute(statement.returning(table.c.id), list(rows)).scalars())
    ordered = statement.returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(ordered, list(rows)).scalars())
