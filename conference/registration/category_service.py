from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import CategoryId
from conference.db.revisions import revise
from conference.registration.category_queries import get_category
from conference.registration.errors import CategoryInUseError, CategoryNameTakenError
from conference.registration.leaving import promote_waiting
from conference.registration.model import CategoryDetails
from conference.registration.tables import CategoryRow, RegistrationRow


def _require_free_name(session: Session, name: str, own_id: int | None) -> None:
    taken = select(exists().where(CategoryRow.name == name, CategoryRow.id.is_distinct_from(own_id)))
    if session.scalar(taken):
        raise CategoryNameTakenError("name", name=name)


def create_category(session: Session, details: CategoryDetails, *, actor: Actor) -> CategoryId:
    """Raises CategoryNameTakenError."""
    _require_free_name(session, details.name, None)
    row = CategoryRow(**asdict(details), taken=0, waiting=0, waiting_serial=0)
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=("category", row.id))
    return CategoryId(row.id)


def edit_category(
    session: Session,
    category_id: CategoryId,
    expected_revision: int | None,
    details: CategoryDetails,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Write the details, promote as many as new seats allow, and return how many were promoted.

    Seats below what is taken throw nobody out: `rules.overbooked_by` then tells by how many. Raises
    CategoryNameTakenError, and as `revise` does.
    """
    before = get_category(category_id, session)
    _require_free_name(session, details.name, category_id)
    revise(session, CategoryRow, category_id, expected_revision, asdict(details))
    old, new = asdict(before.details), asdict(details)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if changes:
        record(session, actor=actor, action="changed", about=("category", category_id), changes=changes)
    return promote_waiting(session, category_id, now=now)


def delete_category(
    session: Session, category_id: CategoryId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Raises CategoryInUseError once anybody registered in it, and as `revise` does."""
    category = get_category(category_id, session)
    revise(session, CategoryRow, category_id, expected_revision, {})
    # Counted under the row's lock, which every new registration of the category needs.
    statement = select(func.count()).where(RegistrationRow.category_id == category_id)
    count = session.scalar(statement) or 0
    if count:
        raise CategoryInUseError(category=category.name, count=count)
    session.execute(delete(CategoryRow).where(CategoryRow.id == category_id))
    record(session, actor=actor, action="deleted", about=("category", category_id))
