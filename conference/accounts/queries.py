from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from conference.accounts.model import Credentials, StaffMember
from conference.accounts.tables import StaffLinkRow, StaffRow, StaffSessionRow
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId
from conference.core.text import address_key
from conference.db.base import db
from conference.web.access import Principal, Role


def member_of(row: StaffRow) -> StaffMember:
    return StaffMember(
        id=StaffId(row.id),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
        revision=row.revision,
    )


def find_principal(token_hash: str, now: datetime) -> Principal | None:
    """Return who is signed in by this session token's SHA-256 at the real time `now`. One statement."""
    row = db.session.scalar(
        select(StaffRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .where(StaffSessionRow.token_hash == token_hash, StaffSessionRow.expires_at > now)
    )
    if row is None:
        return None
    return Principal(id=StaffId(row.id), email=row.email, name=row.name, role=Role(row.role))


def find_credentials(email: str) -> Credentials | None:
    row = db.session.scalar(select(StaffRow).where(StaffRow.email_key == address_key(email)))
    return Credentials(id=StaffId(row.id), password_hash=row.password_hash) if row else None


def credentials_of(staff_id: StaffId) -> Credentials:
    row = db.session.get(StaffRow, staff_id)
    if row is None:
        raise NotFoundError
    return Credentials(id=StaffId(row.id), password_hash=row.password_hash)


def has_account(email: str) -> bool:
    """Return whether an account has this address, in whatever case it is typed."""
    return bool(db.session.scalar(select(exists().where(StaffRow.email_key == address_key(email)))))


def get_member(staff_id: StaffId, session: Session | None = None) -> StaffMember:
    row = (session or db.session).get(StaffRow, staff_id, populate_existing=True)
    if row is None:
        raise NotFoundError
    return member_of(row)


def find_member_at(email_key: str, session: Session) -> StaffMember | None:
    """Return whose account has this address, as `address_key` writes it."""
    row = session.scalar(select(StaffRow).where(StaffRow.email_key == email_key))
    return member_of(row) if row else None


def member_at(email: str, session: Session) -> StaffMember:
    """Return whose account has this address; raises NotFoundError."""
    found = find_member_at(address_key(email), session)
    if found is None:
        raise NotFoundError
    return found


def find_link_owner(token_hash: str, now: datetime) -> StaffMember | None:
    """Return whose one-time link this is, if it can still be used at the real time `now`. Changes nothing."""
    row = db.session.scalar(
        select(StaffRow)
        .join(StaffLinkRow, StaffLinkRow.staff_id == StaffRow.id)
        .where(
            StaffLinkRow.token_hash == token_hash,
            StaffLinkRow.used_at.is_(None),
            StaffLinkRow.expires_at > now,
        )
    )
    return member_of(row) if row else None


def staff_members() -> list[StaffMember]:
    rows = db.session.scalars(select(StaffRow).order_by(StaffRow.email_key))
    return [member_of(row) for row in rows]


def is_organiser(column: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that the column's account is an organiser's now, for another room's own query."""
    return exists().where(StaffRow.id == column, StaffRow.role == Role.ORGANISER.value)


def other_organisers(staff_id: StaffId, session: Session) -> int:
    """Return how many organisers there are beside this member."""
    counted = select(func.count()).where(StaffRow.role == Role.ORGANISER.value, StaffRow.id != staff_id)
    return session.scalar(counted) or 0


def staff_names(ids: Iterable[int | None]) -> dict[StaffId, str]:
    """Return what histories show, by id: the name, or the address where there is none. One statement at most."""
    wanted = sorted({staff_id for staff_id in ids if staff_id is not None})
    rows = db.session.scalars(select(StaffRow).where(StaffRow.id.in_(wanted))) if wanted else ()
    return {StaffId(row.id): row.name or row.email for row in rows}
