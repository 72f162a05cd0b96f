"""What pages and mails ask of groups. Counts of statements are constant, however many are in one."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row, Table, func, select, union_all
from sqlalchemy.orm import Session, aliased

from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.core.text import address_key
from conference.db.base import db
from conference.registration.conditions import IS_LIVE
from conference.registration.group_model import Group, Member
from conference.registration.group_tables import GroupRow, MemberRow
from conference.registration.model import Registration, State
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow

_REGISTRATION = cast("Table", RegistrationRow.__table__)


def _group(row: GroupRow) -> Group:
    return Group(
        id=row.id,
        category_id=CategoryId(row.category_id),
        person_id=PersonId(row.person_id),
        email_key=row.email_key,
        language=row.language,
        link_version=row.link_version,
        created_at=row.created_at,
    )


def find_group(group_id: int, session: Session | None = None) -> Group | None:
    row = (session or db.session).get(GroupRow, group_id, populate_existing=True)
    return _group(row) if row else None


def find_by_form(key: str, session: Session) -> Group | None:
    """Return what this form made before."""
    row = session.scalars(select(GroupRow).where(GroupRow.form_key == key)).first()
    return _group(row) if row else None


def find_by_address(email: str, category_id: CategoryId, session: Session) -> Group | None:
    """Return the group that the address coordinates in the category."""
    wanted = select(GroupRow).where(
        GroupRow.email_key == address_key(email), GroupRow.category_id == category_id
    )
    row = session.scalars(wanted).first()
    return _group(row) if row else None


def _waiting_place() -> Any:
    """Return the expression for how many stand in the queue up to and with the registration beside it."""
    before = aliased(RegistrationRow)
    return (
        select(func.count())
        .where(
            before.category_id == RegistrationRow.category_id,
            before.state == State.WAITING,
            before.waiting_number <= RegistrationRow.waiting_number,
        )
        .scalar_subquery()
    )


def _member(row: Row[Any]) -> Member:
    member: MemberRow = row.MemberRow
    is_seen = member.is_shown and row.state is not None
    waits = is_seen and row.state == State.WAITING
    return Member(
        group_id=member.group_id,
        place=member.place,
        registration_id=RegistrationId(member.registration_id) if member.registration_id else None,
        name=member.name,
        email=member.email,
        is_shown=member.is_shown,
        number=row.number if is_seen else None,
        state=State(row.state) if is_seen else None,
        waiting_place=row.ahead if waits else None,
    )


def _members(session: Session | None, *wanted: Any) -> Sequence[Member]:
    statement = (
        select(MemberRow, RegistrationRow.number, RegistrationRow.state, _waiting_place().label("ahead"))
        .outerjoin(RegistrationRow, RegistrationRow.id == MemberRow.registration_id)
        .where(*wanted)
        .order_by(MemberRow.place)
        .execution_options(populate_existing=True)
    )
    return [_member(row) for row in (session or db.session).execute(statement)]


def members_of(group_id: int, session: Session | None = None) -> Sequence[Member]:
    """Return who is in the group, in the order in which they came. One statement."""
    return _members(session, MemberRow.group_id == group_id)


def all_of(group_id: int) -> list[tuple[str, str, int | None, str | None]]:
    """Return name, address, registration and its state of everybody in the group, for the office."""
    statement = (
        select(MemberRow.name, MemberRow.email, MemberRow.registration_id, RegistrationRow.state)
        .outerjoin(RegistrationRow, RegistrationRow.id == MemberRow.registration_id)
        .where(MemberRow.group_id == group_id)
        .order_by(MemberRow.place)
    )
    return [(row.name, row.email, row.registration_id, row.state) for row in db.session.execute(statement)]


def membership(registration_id: RegistrationId, session: Session | None = None) -> Member | None:
    """Return the line of a group that this registration stands in."""
    found = _members(session, MemberRow.registration_id == registration_id)
    return found[0] if found else None


def live_at_address(email: str, session: Session) -> list[Registration]:
    """Return each live registration whose mails go to the address: its own, and those that share it in a group."""
    key = address_key(email)
    sharing = (
        select(MemberRow.registration_id)
        .join(GroupRow, GroupRow.id == MemberRow.group_id)
        .where(GroupRow.email_key == key)
    )
    own = select(_REGISTRATION).where(_REGISTRATION.c.email_key == key, IS_LIVE)
    shared = select(_REGISTRATION).where(
        _REGISTRATION.c.id.in_(sharing), _REGISTRATION.c.email_key.startswith(SHARED), IS_LIVE
    )
    rows = session.connection().execute(union_all(own, shared)).all()
    return sorted((registration_of_row(row) for row in rows), key=lambda one: one.id)


def groups_at_address(email: str, session: Session) -> list[Group]:
    """Return the groups that the address coordinates."""
    wanted = select(GroupRow).where(GroupRow.email_key == address_key(email)).order_by(GroupRow.id)
    return [_group(row) for row in session.scalars(wanted)]


# No address begins so: it holds a blank.
SHARED = "group "


def shared_key(group_id: int, place: int) -> str:
    """Return what stands in for the address of who shares the coordinator's, so that the unique index stays one."""
    return f"{SHARED}{group_id} {place}"
