"""Proving once more who is signed in, before what must not be done in a browser that was left open (OWASP ASVS 5.0, 7.5).

What counts is what signed in: a second factor or a passkey, and the password, or a mailed link, where there is neither.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from conference.accounts.errors import ElsewhereError, PasskeyRefusedError, WrongPasswordError
from conference.accounts.factors import take_code
from conference.accounts.model import CONFIRM_LIFE, FRESH, Means
from conference.accounts.passkeys import Site, owner_by_passkey
from conference.accounts.passwords import password_fits
from conference.accounts.queries import credentials_of, get_member, is_guarded
from conference.accounts.tables import StaffRow, StaffSessionRow
from conference.accounts.tokens import token_hash
from conference.audit.model import by_staff
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId
from conference.db.base import db
from conference.web.access import SignedIn


def is_fresh(signed_in: SignedIn | None, now: datetime) -> bool:
    """Return whether the owner of this session was proved to be there within FRESH before the real time `now`.

    A proof from the future, as after the clock went back, is none.
    """
    return signed_in is not None and timedelta() <= now - signed_in.confirmed_at <= FRESH


def confirm_by_code(
    session: Session, staff_id: StaffId, session_id: int, typed: str, *, now: datetime
) -> Means:
    """Take an authenticator's code or a recovery code, once. Raises WrongCodeError."""
    row = session.get(StaffRow, staff_id)
    if row is None:
        raise NotFoundError
    means = take_code(session, row, typed, now)
    _note(session, staff_id, session_id, now)
    return means


def confirm_by_passkey(
    session: Session,
    staff_id: StaffId,
    session_id: int,
    site: Site,
    told: tuple[str, bytes],
    *,
    now: datetime,
) -> None:
    """Take the browser's answer to the challenge, as in `told`. Raises PasskeyRefusedError, also for another account's."""
    if owner_by_passkey(session, site, *told, now=now) != staff_id:
        raise PasskeyRefusedError
    _note(session, staff_id, session_id, now)


def check_password(staff_id: StaffId, typed: str) -> None:
    """Raise WrongPasswordError. Hashes outside any transaction, since it is slow."""
    if not password_fits(credentials_of(staff_id).password_hash, typed):
        raise WrongPasswordError("password")


def confirm_by_password(session: Session, staff_id: StaffId, session_id: int, *, now: datetime) -> None:
    """Let the password count that was just checked. Raises WrongPasswordError where there is a second factor by now."""
    if is_guarded(session, staff_id):
        raise WrongPasswordError("password")
    _note(session, staff_id, session_id, now)


def expect_link(session: Session, staff_id: StaffId, session_id: int, token: str, *, now: datetime) -> None:
    """Let the link of this token, which is mailed, confirm this session for CONFIRM_LIFE. Raises NotFoundError."""
    get_member(staff_id, session)
    values = {"asked_hash": token_hash(token), "asked_until": now + CONFIRM_LIFE}
    session.execute(update(StaffSessionRow).where(*_mine(staff_id, session_id)).values(**values))


def check_link(staff_id: StaffId, session_id: int, token: str, *, now: datetime) -> None:
    """Raise ElsewhereError unless the mailed link can still confirm this session. Changes nothing."""
    fits = select(StaffSessionRow.id).where(*_mine(staff_id, session_id), *_expected(token, now))
    if db.session.scalar(fits) is None:
        raise ElsewhereError


def _expected(token: str, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (StaffSessionRow.asked_hash == token_hash(token), StaffSessionRow.asked_until > now)


def confirm_by_link(
    session: Session, staff_id: StaffId, session_id: int, token: str, *, now: datetime
) -> None:
    """Take the mailed link, once, in the browser that asked for it. Raises ElsewhereError."""
    taken = session.execute(
        update(StaffSessionRow)
        .where(*_mine(staff_id, session_id), *_expected(token, now))
        .values(asked_hash=None, asked_until=None)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount != 1 or is_guarded(session, staff_id):
        raise ElsewhereError
    _note(session, staff_id, session_id, now)


def _mine(staff_id: StaffId, session_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (StaffSessionRow.id == session_id, StaffSessionRow.staff_id == staff_id)


def _note(session: Session, staff_id: StaffId, session_id: int, now: datetime) -> None:
    session.execute(update(StaffSessionRow).where(*_mine(staff_id, session_id)).values(confirmed_at=now))
    record(session, actor=by_staff(staff_id), action="proved to be there", about=("staff", staff_id))
