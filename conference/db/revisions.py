"""Every record that staff can edit carries a revision; a write names the one that it saw."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from conference.core.errors import (
    NotFoundError,
    RevisionMissingError,
    StaleDeletionError,
    StaleRevisionError,
)
from conference.db.standing import Standing, renew_token


class Revised:
    """A table's mixin: the revision begins at 1 and rises by one with each write through `revise`."""

    id: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)


def revise(
    session: Session,
    table: type[Revised],
    record_id: int,
    expected_revision: int | None,
    values: Mapping[str, Any],
) -> int:
    """Write the values and return the new revision, if the record still has the one that was seen.

    The comparison is part of the UPDATE itself, so that of two writers one is refused. Raises
    RevisionMissingError, NotFoundError for a deleted record, StaleRevisionError with both values.
    """
    if expected_revision is None:
        raise RevisionMissingError
    statement = (
        update(table)
        .where(table.id == record_id, table.revision == expected_revision)
        .values(**values, revision=table.revision + 1)
        .execution_options(synchronize_session=False)
    )
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    if result.rowcount == 1:
        _renew_standing(session, table)
        return expected_revision + 1
    session.expire_all()
    stored = session.get(table, record_id)
    if stored is None:
        raise NotFoundError
    theirs = {name: getattr(stored, name) for name, mine in values.items() if getattr(stored, name) != mine}
    raise StaleRevisionError(theirs, {name: values[name] for name in theirs})


def delete_revised(
    session: Session, table: type[Revised], record_id: int, expected_revision: int | None
) -> None:
    """Delete the record if it still has the revision that was seen.

    Raises RevisionMissingError, NotFoundError for a record already deleted, StaleDeletionError.
    """
    if expected_revision is None:
        raise RevisionMissingError
    seen = (table.id == record_id, table.revision == expected_revision)
    result = session.execute(delete(table).where(*seen).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    if result.rowcount == 1:
        _renew_standing(session, table)
        return
    session.expire_all()
    raise NotFoundError if session.get(table, record_id) is None else StaleDeletionError


def _renew_standing(session: Session, table: type[Revised]) -> None:
    if issubclass(table, Standing):
        renew_token(session)
