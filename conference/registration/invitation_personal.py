"""What invitations hold about people: who was invited, whether they registered or not."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from conference.audit.personal import erase as erase_history
from conference.core.clock import clock
from conference.core.ids import InvitationId, PersonId
from conference.core.text import address_key
from conference.db.base import db
from conference.mail.personal import erase as erase_mails
from conference.people.queries import get_person
from conference.registration.category_queries import category_details
from conference.registration.invitation_model import InvitationState
from conference.registration.invitations import give_back
from conference.registration.redeeming import settle
from conference.registration.tables import InvitationRow, RegistrationRow

PERSONAL_COLUMNS = {
    "invitation": frozenset(
        {
            "email",
            "email_key",
            "title",
            "given_name",
            "family_name",
            "affiliation",
            "country",
            "note",
            "language",
        }
    )
}
_EMPTY = dict.fromkeys(sorted(PERSONAL_COLUMNS["invitation"]), "")


def _theirs(person_id: PersonId, session: Session) -> ColumnElement[bool]:
    """Return what finds the person's invitations: those that they used, and those to an address of theirs."""
    registrations = select(RegistrationRow.id).where(RegistrationRow.person_id == person_id)
    emails = session.scalars(
        select(RegistrationRow.email).where(RegistrationRow.person_id == person_id)
    ).all()
    known = {address_key(email) for email in (*emails, get_person(person_id, session).details.email) if email}
    return or_(InvitationRow.registration_id.in_(registrations), InvitationRow.email_key.in_(sorted(known)))


def invitation_ids(person_id: PersonId, session: Session | None = None) -> list[InvitationId]:
    asked = session or db.session()
    found = asked.scalars(
        select(InvitationRow.id).where(_theirs(person_id, asked)).order_by(InvitationRow.id)
    )
    return [InvitationId(one) for one in found]


def held(person_id: PersonId) -> list[dict[str, Any]]:
    """Return each invitation to the person, as plain JSON values."""
    session = db.session()
    rows = session.scalars(
        select(InvitationRow).where(_theirs(person_id, session)).order_by(InvitationRow.id)
    )
    names = category_details()
    return [
        {
            "category": names[row.category_id].name,  # type: ignore[index]  # a row's number is a category's
            "state": row.state,
            "e-mail address": row.email,
            "name": " ".join(part for part in (row.title, row.given_name, row.family_name) if part),
            "affiliation": row.affiliation,
            "country": row.country,
            "note": row.note,
            "language": row.language,
            "invited": row.created_at.isoformat(),
            "register by": row.expires_at.isoformat(),
        }
        for row in rows
    ]


def erase(session: Session, person_id: PersonId) -> None:
    """Empty the person's invitations. One that is open is revoked without a mail, and its held seat given back."""
    _empty(session, invitation_ids(person_id, session))


def _empty(session: Session, ids: list[InvitationId]) -> None:
    now = clock.now()
    for one in ids:
        if settle(session, one, InvitationState.REVOKED, now):
            give_back(session, one, now)
    about = [("invitation", int(one)) for one in ids]
    if about:
        erase_mails(session, about, [])
        erase_history(session, about)
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.id.in_(ids))
        .values(**_EMPTY, link_version=InvitationRow.link_version + 1, revision=InvitationRow.revision + 1)
        .execution_options(synchronize_session=False)
    )


_TELLS = or_(*(getattr(InvitationRow, name) != "" for name in sorted(PERSONAL_COLUMNS["invitation"])))


def unerased(session: Session, *, limit: int) -> list[InvitationId]:
    """Return invitations that still tell of somebody, the oldest first."""
    found = session.scalars(select(InvitationRow.id).where(_TELLS).order_by(InvitationRow.id).limit(limit))
    return [InvitationId(one) for one in found]


def count_unregistered(session: Session) -> int:
    """Return how many invitations tell of somebody who has no registration by them."""
    statement = select(func.count()).where(_TELLS, InvitationRow.registration_id.is_(None))
    return session.scalar(statement) or 0


def end_keeping(session: Session, *, limit: int) -> int:
    """Empty the invitations of who never registered too, when the time of keeping is over; return how many."""
    ids = unerased(session, limit=limit)
    _empty(session, ids)
    return len(ids)
