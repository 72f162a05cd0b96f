"""What the office does with invitations: makes, changes, mails, revokes and deletes them; and what lapses by itself.

A held seat is one of the category's `reserved` for as long as the invitation is open. Whoever ends the invitation, by the
conditional UPDATE of `settle`, settles the ledger in the same transaction.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM, Actor
from conference.audit.personal import erase as erase_history
from conference.audit.service import record
from conference.core.clock import clock
from conference.core.ids import InvitationId
from conference.core.text import address_key
from conference.db.base import db
from conference.db.revisions import delete_revised, revise
from conference.db.types import UtcDateTime
from conference.db.work import transact
from conference.mail.personal import erase as erase_mails
from conference.mail.service import cancel_unsent
from conference.registration import invitation_letters, ledger
from conference.registration.category_queries import find_category, get_category
from conference.registration.conditions import IS_OPEN
from conference.registration.invitation_model import Invitation, InvitationDetails, InvitationState
from conference.registration.invitation_queries import find_open_to, get_invitation
from conference.registration.inviting_errors import (
    DeadlineOverError,
    InvitationCategoryError,
    InvitationSettledError,
    InvitationWithoutAddressError,
    InvitedAlreadyError,
    InviteeRegisteredError,
    NoSeatToHoldError,
)
from conference.registration.leaving import offer_free_seats
from conference.registration.queries import find_live_by_address
from conference.registration.redeeming import settle
from conference.registration.tables import InvitationRow

_INVITATION = cast("Table", InvitationRow.__table__)
_LAPSED = (
    select(_INVITATION.c.id)
    .where(
        IS_OPEN,
        _INVITATION.c.expires_at <= bindparam("now", type_=UtcDateTime()),
    )
    .order_by(_INVITATION.c.expires_at, _INVITATION.c.id)
    .limit(100)
)
_EDITABLE = frozenset({InvitationState.OPEN, InvitationState.LAPSED})


def _about(invitation_id: InvitationId) -> tuple[str, int]:
    return "invitation", int(invitation_id)


def invite(
    session: Session, details: InvitationDetails, *, actor: Actor, now: datetime, is_mailed: bool = True
) -> InvitationId:
    """Make an invitation, with a seat held where it says so, and mail it where it has an address.

    Raises DeadlineOverError, InvitationCategoryError, InvitedAlreadyError, InviteeRegisteredError, NoSeatToHoldError.
    """
    _require_fit(session, details, now)
    _require_new_address(session, details.email, None)
    row = InvitationRow(
        **asdict(details),
        email_key=address_key(details.email),
        state=InvitationState.OPEN.value,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    made = InvitationId(row.id)
    if details.holds_seat:
        _hold(session, details)
    record(session, actor=actor, action="invited", about=_about(made))
    if is_mailed and details.email:
        invitation_letters.send(session, get_invitation(made, session))
    return made


def _require_fit(session: Session, details: InvitationDetails, now: datetime) -> None:
    if details.expires_at <= now:
        raise DeadlineOverError("expires_at")
    category = find_category(details.category_id, session)
    if category is None or category.details.is_retired:
        raise InvitationCategoryError("category")


def _require_new_address(session: Session, email: str, own_id: InvitationId | None) -> None:
    other = find_open_to(email, session)
    if other is not None and other.id != own_id:
        raise InvitedAlreadyError("email")
    if email and find_live_by_address(email, session) is not None:
        raise InviteeRegisteredError("email")


def _hold(session: Session, details: InvitationDetails) -> None:
    if not ledger.reserve(session, details.category_id):
        raise NoSeatToHoldError("holds_seat", category=get_category(details.category_id, session).name)


def _give_up(session: Session, details: InvitationDetails, now: datetime) -> None:
    """Give back the held seat, and offer it to the longest waiting."""
    if details.holds_seat:
        ledger.give_up(session, details.category_id)
        offer_free_seats(session, details.category_id, now=now)


def give_back(session: Session, invitation_id: InvitationId, now: datetime) -> None:
    """Give back what an invitation held that the caller has just ended."""
    _give_up(session, get_invitation(invitation_id, session).details, now)


def edit_invitation(
    session: Session,
    invitation_id: InvitationId,
    expected_revision: int | None,
    details: InvitationDetails,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the details; a lapsed invitation is open again. Another address lets the link given so far die, and is mailed.

    Raises InvitationSettledError for one that was used or revoked, as `invite` does, and as `revise` does.
    """
    before = get_invitation(invitation_id, session)
    if before.state not in _EDITABLE:
        raise InvitationSettledError
    _require_fit(session, details, now)
    _require_new_address(session, details.email, invitation_id)
    is_moved = address_key(details.email) != address_key(before.details.email)
    values = asdict(details) | {
        "email_key": address_key(details.email),
        "state": InvitationState.OPEN.value,
        "link_version": before.link_version + int(is_moved),
        "changed_at": now,
    }
    revise(session, InvitationRow, invitation_id, expected_revision, values)
    _hold_anew(session, before, details, now)
    _note_changes(session, before, details, actor)
    if is_moved:
        cancel_unsent(session, _about(invitation_id))
        if details.email:
            invitation_letters.send(session, get_invitation(invitation_id, session))


def _hold_anew(session: Session, before: Invitation, details: InvitationDetails, now: datetime) -> None:
    """Hold a seat where one is promised now, and give back the one that was held before."""
    was_held = before.state is InvitationState.OPEN and before.details.holds_seat
    is_same = before.details.category_id == details.category_id
    if was_held and details.holds_seat and is_same:
        return
    ledger.lock(session, before.details.category_id, details.category_id)
    if details.holds_seat:
        _hold(session, details)
    if was_held:
        _give_up(session, before.details, now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _note_changes(session: Session, before: Invitation, details: InvitationDetails, actor: Actor) -> None:
    old, new = asdict(before.details), asdict(details)
    changes = {name: (_plain(old[name]), _plain(new[name])) for name in new if old[name] != new[name]}
    if before.state is not InvitationState.OPEN:
        changes["state"] = (before.state.value, InvitationState.OPEN.value)
    if changes:
        record(session, actor=actor, action="changed", about=_about(before.id), changes=changes)


def mail_again(session: Session, invitation_id: InvitationId, *, actor: Actor) -> None:
    """Mail an open invitation once more. Raises NotFoundError, InvitationSettledError, InvitationWithoutAddressError."""
    invitation = get_invitation(invitation_id, session)
    if invitation.state is not InvitationState.OPEN:
        raise InvitationSettledError
    if not invitation.details.email:
        raise InvitationWithoutAddressError
    cancel_unsent(session, _about(invitation_id))
    invitation_letters.send(session, invitation)
    record(session, actor=actor, action="invitation mailed", about=_about(invitation_id))


def revoke(session: Session, invitation_id: InvitationId, *, actor: Actor, now: datetime) -> None:
    """Let an open invitation open nothing any more: its mail that waits is not sent, its held seat is given back.

    Raises NotFoundError, InvitationSettledError for one that was used, lapsed or revoked.
    """
    if not settle(session, invitation_id, InvitationState.REVOKED, now):
        get_invitation(invitation_id, session)
        raise InvitationSettledError
    cancel_unsent(session, _about(invitation_id))
    record(session, actor=actor, action="invitation revoked", about=_about(invitation_id))
    give_back(session, invitation_id, now)


def lapse(session: Session, invitation_id: InvitationId, *, now: datetime) -> bool:
    """End an open invitation whose deadline has come, and give back its held seat; return whether that was still to do."""
    if not settle(session, invitation_id, InvitationState.LAPSED, now, _INVITATION.c.expires_at <= now):
        return False
    cancel_unsent(session, _about(invitation_id))
    record(session, actor=BY_SYSTEM, action="invitation lapsed", about=_about(invitation_id))
    give_back(session, invitation_id, now)
    return True


def delete_invitation(
    session: Session,
    invitation_id: InvitationId,
    expected_revision: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Erase an invitation that was not used, with the mails and the history that tell of it.

    Raises InvitationSettledError for one that was used: what it tells is erased with its registration; and as
    `delete_revised` does.
    """
    invitation = get_invitation(invitation_id, session)
    if invitation.state is InvitationState.USED:
        raise InvitationSettledError
    # Its use raises the revision, so that what is deleted is what was looked at.
    delete_revised(session, InvitationRow, invitation_id, expected_revision)
    if invitation.state is InvitationState.OPEN:
        _give_up(session, invitation.details, now)
    erase_mails(session, [_about(invitation_id)], [])
    erase_history(session, [_about(invitation_id)])
    record(session, actor=actor, action="deleted", about=_about(invitation_id))


class InvitationsToLapse:
    """Invitations whose deadline has come, as a worker sees them. Needs no lease: each ends by one conditional UPDATE."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return list(db.session().scalars(_LAPSED, {"now": clock.now()}))

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: lapse(session, InvitationId(job_id), now=clock.now()))


lapsing = InvitationsToLapse()
