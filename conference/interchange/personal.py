"""The ids by which other systems know a person: handed out, moved with a merged record, and erased."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.db.base import db
from conference.interchange.tables import ExternalIdRow

# A key is the person's name where the file gave no id.
PERSONAL_COLUMNS = {"external_id": frozenset({"key"})}


def held(person_id: PersonId) -> list[dict[str, Any]]:
    """Return by which source the person is known, and how."""
    rows = db.session.scalars(select(ExternalIdRow).where(ExternalIdRow.person_id == person_id))
    return [{"source": row.source, "id": row.key} for row in rows]


def move_ids(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Let every id of one person stand for another, so that the next import finds who stays."""
    session.execute(
        update(ExternalIdRow).where(ExternalIdRow.person_id == gone).values(person_id=kept),
        execution_options={"synchronize_session": False},
    )


def erase(session: Session, person_id: PersonId) -> None:
    session.execute(
        delete(ExternalIdRow).where(ExternalIdRow.person_id == person_id),
        execution_options={"synchronize_session": False},
    )
