"""Invitations, as the office and their links read them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import Select, func, literal_column, or_, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, InvitationId, RegistrationId
from conference.core.text import address_key
from conference.db.base import db
from conference.registration.conditions import IS_OPEN
from conference.registration.invitation_model import Invitation, InvitationDetails, InvitationState
from conference.registration.tables import InvitationRow

S = TypeVar("S", bound="Select[*tuple[Any, ...]]")
_DETAILS = [field.name for field in fields(InvitationDetails)]
MOST_SHOWN = 500
_MOST_DIGITS = 9


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        id=InvitationId(row.id),
        details=InvitationDetails(**{name: getattr(row, name) for name in _DETAILS}),
        state=InvitationState(row.state),
        link_version=row.link_version,
        registration_id=None if row.registration_id is None else RegistrationId(row.registration_id),
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def find_invitation(invitation_id: InvitationId, session: Session | None = None) -> Invitation | None:
    row = (session or db.session).get(InvitationRow, invitation_id, populate_existing=True)
    return _invitation(row) if row else None


def get_invitation(invitation_id: InvitationId, session: Session | None = None) -> Invitation:
    """Return the invitation; raises NotFoundError."""
    found = find_invitation(invitation_id, session)
    if found is None:
        raise NotFoundError
    return found


def find_open_to(email: str, session: Session | None = None) -> Invitation | None:
    """Return the open invitation to this address."""
    is_to = InvitationRow.email_key == address_key(email), InvitationRow.email_key != literal_column("''")
    statement = select(InvitationRow).where(*is_to, IS_OPEN)
    row = (session or db.session).scalars(statement).first() if email else None
    return _invitation(row) if row else None


def invitation_of(registration_id: RegistrationId) -> InvitationId | None:
    """Return by which invitation the registration came."""
    found = db.session.scalar(
        select(InvitationRow.id).where(InvitationRow.registration_id == registration_id)
    )
    return None if found is None else InvitationId(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationFilters:
    """Which invitations are meant. `is_unknown`: the query named something that cannot be read."""

    text: str = ""
    state: InvitationState | None = None
    category_id: CategoryId | None = None
    is_unknown: bool = False

    @classmethod
    def of_query(cls, args: Mapping[str, str]) -> "InvitationFilters":
        state, category = args.get("state", ""), args.get("category", "")
        is_id = category.isascii() and category.isdigit() and len(category) <= _MOST_DIGITS
        known = state in set(InvitationState)
        return cls(
            text=args.get("text", "")[:200].strip(),
            state=InvitationState(state) if known else None,
            category_id=CategoryId(int(category)) if is_id else None,
            is_unknown=bool((state and not known) or (category and not is_id)),
        )

    def as_query(self) -> dict[str, str]:
        given = {
            "text": self.text,
            "category": self.category_id and str(self.category_id),
            "state": self.state and self.state.value,
        }
        return {name: value for name, value in given.items() if value}


def _filtered(statement: S, filters: InvitationFilters, *, by_state: bool = True) -> S:
    if by_state and filters.state is not None:
        statement = statement.where(InvitationRow.state == filters.state)
    if filters.category_id is not None:
        statement = statement.where(InvitationRow.category_id == filters.category_id)
    searched = (
        InvitationRow.email,
        InvitationRow.given_name,
        InvitationRow.family_name,
        InvitationRow.affiliation,
        InvitationRow.note,
    )
    for word in filters.text.split():
        statement = statement.where(or_(*(one.icontains(word, autoescape=True) for one in searched)))
    return statement


def invitations(filters: InvitationFilters) -> list[Invitation]:
    """Return those that match, the nearest deadline first, at most 500."""
    statement = _filtered(select(InvitationRow), filters).order_by(InvitationRow.expires_at, InvitationRow.id)
    return [_invitation(row) for row in db.session.scalars(statement.limit(MOST_SHOWN))]


def counts_by_state(filters: InvitationFilters) -> dict[InvitationState, int]:
    """Return how many match in each state, whatever state is asked for."""
    statement = _filtered(select(InvitationRow.state, func.count()), filters, by_state=False)
    rows = db.session.execute(statement.group_by(InvitationRow.state)).all()
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {state: found.get(state.value, 0) for state in InvitationState}
