"""What guards an account beside its password: an authenticator app, passkeys, and recovery codes in their stead."""

import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, Table, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from conference.accounts import totp
from conference.accounts.errors import (
    LinkSpentError,
    NoFactorError,
    RequiredFactorError,
    SetupOverError,
    WrongCodeError,
    WrongSetupCodeError,
)
from conference.accounts.model import RECOVERY_CODES, Browser, Factors, Means, Passkey
from conference.accounts.notices import note_guard
from conference.accounts.queries import is_guarded, required_roles
from conference.accounts.service import end_sessions, open_session
from conference.accounts.tables import PasskeyRow, RecoveryCodeRow, StaffRow, StaffSessionRow
from conference.accounts.tokens import token_hash
from conference.audit.model import Actor, by_staff
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId, new_code, read_code
from conference.core.sealing import seal, unseal
from conference.db.base import db
from conference.db.resealing import count_shut, reseal
from conference.web.access import Role
from conference.web.settings import current_settings

# 80 bits: out of reach for guessing, also for who reads the hashes.
# 120 bits: so many that a plain hash of them is enough (ASVS 6.5.2), and nobody types them twice.
_CODE_LENGTH = 24
_GROUP = 4
SETUP_LIFE = timedelta(minutes=30)
_RECOVERY = cast("Table", RecoveryCodeRow.__table__)


def _keys() -> str:
    """Return the keys of secrets at rest: the encryption key where there is one, and one made of the secret key.

    The second is no weaker, and lets an office without sensitive questions have authenticators; it is still read once
    an encryption key is set, as are those made of earlier secret keys.
    """
    settings = current_settings()
    own = [token_hash(f"conference-factors\0{key}") for key in settings.secret_keys]
    return ",".join(key for key in (settings.encryption_key, *own) if key)


def seal_factors_anew(after: int, most: int) -> tuple[int | None, int]:
    """Seal authenticators' secrets with the newest key, as `web.registry.resealers` asks for."""
    return reseal(StaffRow.totp_sealed, _keys(), after, most)


def sealed_factors_open() -> str | None:
    """Return how many authenticators' secrets none of the keys opens, or None. One statement."""
    shut, known = count_shut(StaffRow.totp_sealed, _keys())
    keys = "CONFERENCE_ENCRYPTION_KEY, CONFERENCE_OLD_SECRET_KEYS"
    return (
        f"{shut} of {known} authenticators cannot be asked: no key set opens them ({keys})" if shut else None
    )


def factors_of(staff_id: StaffId) -> Factors:
    """Return what guards the account. Three statements."""
    has_totp = db.session.scalar(select(StaffRow.totp_sealed.is_not(None)).where(StaffRow.id == staff_id))
    rows = db.session.scalars(
        select(PasskeyRow).where(PasskeyRow.staff_id == staff_id).order_by(PasskeyRow.id)
    )
    keys = tuple(
        Passkey(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at)
        for row in rows
    )
    left = db.session.scalar(select(func.count()).where(RecoveryCodeRow.staff_id == staff_id)) or 0
    return Factors(has_totp=bool(has_totp), passkeys=keys, codes_left=left)


def guarded_ids() -> frozenset[int]:
    """Return the ids of the accounts with a second factor. One statement."""
    has_passkey = select(PasskeyRow.id).where(PasskeyRow.staff_id == StaffRow.id).exists()
    found = db.session.scalars(select(StaffRow.id).where(or_(StaffRow.totp_sealed.is_not(None), has_passkey)))
    return frozenset(found)


def new_setup(staff_id: StaffId, now: datetime) -> tuple[bytes, str]:
    """Return the secret of an authenticator to be, and what a form carries of it: sealed, for this account alone."""
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    told = {"staff": staff_id, "secret": totp.encoded(secret), "at": now.timestamp()}
    return secret, seal(_keys(), json.dumps(told))


def read_setup(sealed: str, staff_id: StaffId, now: datetime) -> bytes:
    """Return the secret that `new_setup` sealed for this account; raises SetupOverError."""
    opened = unseal(_keys(), sealed) if sealed.isascii() else None
    told = json.loads(opened) if opened is not None else {}
    if told.get("staff") != staff_id or now.timestamp() - told["at"] > SETUP_LIFE.total_seconds():
        raise SetupOverError("code")
    return totp.decoded(told["secret"])


def add_totp(session: Session, staff_id: StaffId, secret: bytes, typed: str, *, now: datetime) -> list[str]:
    """Store the secret, if the typed code is of it, in the place of one that was; return new recovery codes if there were none.

    Raises WrongSetupCodeError. `now` is real time.
    """
    step = totp.matching_step(secret, typed, now)
    if step is None:
        raise WrongSetupCodeError("code")
    sealed = seal(_keys(), totp.encoded(secret))
    _write(session, staff_id, totp_sealed=sealed, totp_step=step)
    note_guard(session, staff_id, "authenticator added", actor=by_staff(staff_id), now=now)
    return first_codes(session, staff_id)


def has_secret(staff_id: StaffId, secret: bytes) -> bool:
    """Return whether this is the secret of the account's authenticator already, as when a form is sent again."""
    sealed = db.session.scalar(select(StaffRow.totp_sealed).where(StaffRow.id == staff_id))
    held = unseal(_keys(), sealed) if sealed else None
    return held is not None and secrets.compare_digest(totp.decoded(held), secret)


def remove_totp(session: Session, staff_id: StaffId, role: Role, *, now: datetime) -> None:
    """Take the authenticator away; a second time changes nothing. Raises RequiredFactorError."""
    row = session.get(StaffRow, staff_id, with_for_update=True)
    if row is None or row.totp_sealed is None:
        return
    _write(session, staff_id, totp_sealed=None, totp_step=None)
    after_removal(session, staff_id, role)
    note_guard(session, staff_id, "authenticator removed", actor=by_staff(staff_id), now=now)


def after_removal(session: Session, staff_id: StaffId, role: Role) -> None:
    """Forget the recovery codes with the last factor; raises RequiredFactorError where the role needs one."""
    if is_guarded(session, staff_id):
        return
    if role in required_roles():
        raise RequiredFactorError
    _forget_codes(session, staff_id)


def _write(session: Session, staff_id: StaffId, **values: object) -> None:
    """Write past the revision: a form that changes the role loses nothing by it."""
    session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(**values))


def first_codes(session: Session, staff_id: StaffId) -> list[str]:
    """Return new recovery codes for an account that has none, else nothing."""
    has = session.scalar(select(RecoveryCodeRow.id).where(RecoveryCodeRow.staff_id == staff_id).limit(1))
    return [] if has is not None else _new_codes(session, staff_id)


def renew_codes(session: Session, staff_id: StaffId, *, now: datetime) -> list[str]:
    """Return ten new recovery codes; those before die. Raises NoFactorError."""
    if not is_guarded(session, staff_id):
        raise NoFactorError
    codes = _new_codes(session, staff_id)
    note_guard(session, staff_id, "recovery codes renewed", actor=by_staff(staff_id), now=now)
    return codes


def _new_codes(session: Session, staff_id: StaffId) -> list[str]:
    _forget_codes(session, staff_id)
    codes = [new_code(_CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    rows = [{"staff_id": staff_id, "code_hash": token_hash(code)} for code in codes]
    session.connection().execute(insert(_RECOVERY), rows)
    return ["-".join(code[at : at + _GROUP] for at in range(0, _CODE_LENGTH, _GROUP)) for code in codes]


def _forget_codes(session: Session, staff_id: StaffId) -> None:
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff_id == staff_id))


def give_code(session: Session, token: str, typed: str, *, now: datetime, browser: Browser) -> str:
    """Return the token of a whole session for who typed an app's or a recovery code; the pending one ends.

    Each code counts once, however many send it at once. Raises WrongCodeError, and LinkSpentError where the pending
    session is over.
    """
    mine = (StaffSessionRow.token_hash == token_hash(token), StaffSessionRow.is_pending)
    found = session.scalar(select(StaffSessionRow.staff_id).where(*mine, StaffSessionRow.expires_at > now))
    row = session.get(StaffRow, found) if found is not None else None
    if row is None or row.suspended_at is not None:
        raise LinkSpentError
    staff_id = StaffId(row.id)
    means = take_code(session, row, typed, now)
    session.execute(delete(StaffSessionRow).where(*mine))
    record(session, actor=by_staff(staff_id), action="signed in", about=("staff", staff_id))
    return open_session(session, staff_id, now=now, browser=replace(browser, means=means))


def take_code(session: Session, row: StaffRow, typed: str, now: datetime) -> Means:
    """Return of what the typed code is, an authenticator's or a recovery code; it counts once. Raises WrongCodeError."""
    if _take_totp(session, row, typed, now):
        return Means.TOTP
    staff_id = StaffId(row.id)
    if not _take_recovery(session, staff_id, typed):
        raise WrongCodeError("code")
    note_guard(session, staff_id, "recovery code used", actor=by_staff(staff_id), now=now)
    return Means.RECOVERY


def _take_totp(session: Session, row: StaffRow, typed: str, now: datetime) -> bool:
    secret = unseal(_keys(), row.totp_sealed) if row.totp_sealed else None
    step = totp.matching_step(totp.decoded(secret), typed, now, after=row.totp_step) if secret else None
    if step is None:
        return False
    unused = or_(StaffRow.totp_step.is_(None), StaffRow.totp_step < step)
    taken = session.execute(
        update(StaffRow)
        .where(StaffRow.id == row.id, unused)
        .values(totp_step=step)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def _take_recovery(session: Session, staff_id: StaffId, typed: str) -> bool:
    fits = (RecoveryCodeRow.staff_id == staff_id, RecoveryCodeRow.code_hash == token_hash(read_code(typed)))
    taken = session.execute(delete(RecoveryCodeRow).where(*fits))
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def reset_factors(session: Session, staff_id: StaffId, *, actor: Actor, now: datetime) -> None:
    """Take every second factor of the account away, sign it out everywhere and tell its owner. Raises NotFoundError.

    It asks for no revision: it only goes one way, and must never have to wait for a second look.
    """
    row = session.get(StaffRow, staff_id)
    if row is None or row.is_by_code:
        raise NotFoundError
    _write(session, staff_id, totp_sealed=None, totp_step=None)
    session.execute(delete(PasskeyRow).where(PasskeyRow.staff_id == staff_id))
    _forget_codes(session, staff_id)
    end_sessions(session, staff_id)
    note_guard(session, staff_id, "second factor reset", actor=actor, now=now)
