"""One-time links by mail: the invitation of a member of staff, and the way back to who forgot the password.

The outbox keeps a nonce, the account the SHA-256 of the token; the token itself is made when the mail is sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.accounts.confirming import expect_link
from conference.accounts.model import (
    CONFIRM_LIFE,
    CONFIRMATION,
    INVITATION,
    LINK_LIFE,
    RESET,
    RESET_LIFE,
    TRIED,
    StaffMember,
)
from conference.accounts.notices import KIND as NOTICE
from conference.accounts.notices import mail_member, write_notice
from conference.accounts.queries import get_member, known_links, member_at, member_of
from conference.accounts.service import give_link, invite, new_link
from conference.accounts.tables import StaffRow
from conference.accounts.tokens import token_hash
from conference.accounts.words import ROLE_WORDS
from conference.audit.model import BY_FORM, Actor
from conference.audit.service import record
from conference.core.clock import real_now
from conference.core.ids import StaffId, new_token
from conference.core.links import one_time
from conference.mail.links import page_address
from conference.mail.model import LinkOrder
from conference.mail.service import cancel_unsent
from conference.web.access import Role
from conference.web.language import in_language
from conference.web.settings import current_settings

LINK = "staff"
# What the address says of why its link was asked for: the page of one for a password asks for that.
AIM, PASSWORD_AIM = "set", "password"
# Who may see these mails at all: whoever read such a link, or had it sent elsewhere, could become that member.
READERS = frozenset({Role.ORGANISER})


def mailed_link(ref: Mapping[str, Any]) -> str:
    """Return the full address for a mail; `ref` holds the nonce that the token is made of, and to what it leads.

    A mail that waited while the secret key was renewed gets the token of the key with which it was written: that one's
    hash is what the account knows.
    """
    tokens = [one_time(key, LINK, ref["nonce"]) for key in current_settings().secret_keys]
    known = known_links(map(token_hash, tokens)) if len(tokens) > 1 else set()
    token = next((one for one in tokens if token_hash(one) in known), tokens[0])
    aim = {AIM: ref[AIM]} if AIM in ref else {}
    return page_address(ref.get("to", "accounts.link"), token=token, **aim)


def _token(nonce: str) -> str:
    return one_time(current_settings().secret_key, LINK, nonce)


def invite_by_mail(
    session: Session, email: str, role: Role, name: str, *, language: str, actor: Actor
) -> None:
    """Invite as `accounts.service.invite` does, and mail the link in the language. Raises as that does."""
    nonce = new_token()
    invite(session, email, role, name, actor=actor, token=_token(nonce), language=language)
    _write(session, INVITATION, member_at(email, session), nonce, real_now() + LINK_LIFE)


def mail_link(session: Session, staff_id: StaffId, *, actor: Actor) -> None:
    """Mail a new one-time link into the account as it is; links given earlier die. Raises NotFoundError."""
    nonce = new_token()
    give_link(session, staff_id, actor=actor, token=_token(nonce))
    _write(session, INVITATION, get_member(staff_id, session), nonce, real_now() + LINK_LIFE)


def mail_reset(session: Session, member: StaffMember, *, now: datetime) -> None:
    """Mail who forgot the password a one-time link to set another; an invitation stays good. `now` is real time."""
    nonce = new_token()
    new_link(session, member.id, now, token=_token(nonce), life=RESET_LIFE)
    record(session, actor=BY_FORM, action="password asked for", about=("staff", member.id))
    _write(session, RESET, member, nonce, now + RESET_LIFE)


def mail_confirmation(session: Session, member: StaffMember, session_id: int, *, now: datetime) -> None:
    """Mail a link that proves who is signed in by this session, opened in that browser. `now` is real time."""
    nonce = new_token()
    expect_link(session, member.id, session_id, _token(nonce), now=now)
    cancel_unsent(session, ("staff", member.id), (CONFIRMATION,))
    _write(session, CONFIRMATION, member, nonce, now + CONFIRM_LIFE)


def _write(session: Session, kind: str, member: StaffMember, nonce: str, until: datetime) -> None:
    ways = {CONFIRMATION: {"to": "accounts.confirm_link"}, RESET: {AIM: PASSWORD_AIM}}
    ref = {"nonce": nonce} | ways.get(kind, {})
    # That of who reads it, whoever invites and in whatever language somebody asked for a password.
    with in_language(member.language):
        order = LinkOrder(kind=LINK, ref=ref)
        mail_member(session, member, kind, link=order, role=ROLE_WORDS[member.role], until=until)


def of_staff(session: Session, kind: str, _number: str, _language: str) -> None:
    """Make an example of a mail to staff, to the member who has been here the longest. Its link opens nothing."""
    oldest = session.scalar(
        select(StaffRow).where(StaffRow.is_by_code.is_(False)).order_by(StaffRow.id).limit(1)
    )
    if oldest is not None and kind == NOTICE:
        write_notice(session, member_of(oldest), "recovery code used", real_now())
    elif oldest is not None and kind == TRIED:
        mail_member(session, member_of(oldest), kind, account=oldest.email, is_owner=True, at=real_now())
    elif oldest is not None:
        life = {RESET: RESET_LIFE, CONFIRMATION: CONFIRM_LIFE}.get(kind, LINK_LIFE)
        _write(session, kind, member_of(oldest), new_token(), real_now() + life)
