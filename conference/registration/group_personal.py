"""What groups hold about one person: as their coordinator, or as somebody whom a coordinator named."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.core.text import address_key
from conference.db.base import db
from conference.registration.group_queries import SHARED
from conference.registration.group_tables import GroupRow, MemberRow
from conference.registration.tables import RegistrationRow

PERSONAL_COLUMNS = {
    "registration_group": frozenset({"email_key", "language"}),
    "registration_group_member": frozenset({"name", "email", "is_shown"}),
}


def shares_address(row: RegistrationRow) -> bool:
    """Return whether the address of the registration is its coordinator's: not the person's to be found by."""
    return row.email_key.startswith(SHARED)


def coordinated_groups(session: Session, person_id: PersonId) -> Sequence[str]:
    """Return the groups that the person coordinates, in words: such a record is not deleted."""
    found = session.scalars(select(GroupRow.id).where(GroupRow.person_id == person_id))
    return [f"group {group_id}" for group_id in found]


def move_groups(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give the groups that one person coordinates to another, as two records become one."""
    session.execute(
        update(GroupRow)
        .where(GroupRow.person_id == gone)
        .values(person_id=kept)
        .execution_options(synchronize_session=False)
    )


def groups_held(person_id: PersonId) -> list[dict[str, Any]]:
    """Return the groups that the person coordinates, with those whom they named, and where they were named."""
    coordinated = db.session.scalars(select(GroupRow).where(GroupRow.person_id == person_id)).all()
    found: list[dict[str, Any]] = [
        {"coordinates a group of": group.created_at.isoformat(), "named": _named(group.id)}
        for group in coordinated
    ]
    theirs = select(RegistrationRow.id).where(RegistrationRow.person_id == person_id)
    named = db.session.scalars(select(MemberRow).where(MemberRow.registration_id.in_(theirs)))
    return found + [
        {
            "named in a group as": one.name,
            "e-mail address": one.email,
            "shown to its coordinator": one.is_shown,
        }
        for one in named
    ]


def _named(group_id: int) -> list[str]:
    found = db.session.scalars(
        select(MemberRow.name).where(MemberRow.group_id == group_id).order_by(MemberRow.place)
    )
    return [name for name in found if name]


def group_records(person_id: PersonId, session: Session) -> list[tuple[str, int]]:
    """Return the groups whose mails name the person. They name others too, so they are erased but not handed out."""
    theirs = select(RegistrationRow.id).where(RegistrationRow.person_id == person_id)
    in_them = select(MemberRow.group_id).where(MemberRow.registration_id.in_(theirs))
    found = session.scalars(
        select(GroupRow.id).where(or_(GroupRow.person_id == person_id, GroupRow.id.in_(in_them)))
    )
    return [("registration_group", group_id) for group_id in found]


def erase_in_groups(session: Session, person_id: PersonId, addresses: set[str]) -> None:
    """Empty the lines that name the person, by registration or address, and the groups that they coordinate.

    `addresses` are keys as of `core.text.address_key`. A group without a coordinator goes on; its link is dead.
    """
    theirs = select(RegistrationRow.id).where(RegistrationRow.person_id == person_id)
    coordinated = list(session.scalars(select(GroupRow.id).where(GroupRow.person_id == person_id)))
    lines = session.scalars(
        select(MemberRow).where(
            or_(
                MemberRow.registration_id.in_(theirs),
                MemberRow.group_id.in_(coordinated),
                MemberRow.registration_id.is_(None),
            )
        )
    ).all()
    known = set(session.scalars(theirs))
    for line in lines:
        is_theirs = line.registration_id in known or line.group_id in coordinated
        if is_theirs or address_key(line.email) in addresses - {""}:
            line.name, line.email, line.is_shown = "", "", False
    for group_id in coordinated:
        group = session.get_one(GroupRow, group_id)
        group.email_key, group.language = f"erased {group_id}", ""
        group.link_version += 1
    session.flush()
