"""Passkeys (WebAuthn Level 3): made and used with a look at the person, so that one is two factors. The only importer of webauthn."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from conference.accounts.errors import PasskeyCopiedError, PasskeyRefusedError, TooManyPasskeysError
from conference.accounts.factors import after_removal, first_codes
from conference.accounts.model import MOST_PASSKEYS, Browser
from conference.accounts.notices import note_guard
from conference.accounts.service import open_session
from conference.accounts.tables import ChallengeRow, PasskeyRow, StaffRow
from conference.audit.model import by_staff
from conference.audit.service import record
from conference.core.ids import StaffId
from conference.db.base import db
from conference.web.access import Role

CHALLENGE_LIFE = timedelta(minutes=5)
_VERIFIED = UserVerificationRequirement.REQUIRED
# What a browser's answer can break on beside the library's own errors: it comes from a stranger.
_BROKEN = (
    WebAuthnException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
_LONGEST = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Whose passkeys these are: the host's name, and the origin that a browser must be at."""

    host: str
    origin: str

    @property
    def takes_passkeys(self) -> bool:
        """Return whether browsers make passkeys here: a bare address is no name (WebAuthn, 5.1.3)."""
        try:
            ip_address(self.host.strip("[]"))
        except ValueError:
            return bool(self.host)
        return False

    @property
    def by_name(self) -> str:
        """Return this machine's own name for the site, where it was opened by the address of the machine itself, else ""."""
        try:
            is_here = ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return ""
        port = urlsplit(self.origin).port
        scheme = urlsplit(self.origin).scheme
        return f"{scheme}://localhost{f':{port}' if port else ''}" if is_here else ""


def site_of(base_url: str) -> Site:
    """Return the site of an address as in https://conference.example:8443/path."""
    parts = urlsplit(base_url)
    return Site(host=(parts.hostname or ""), origin=f"{parts.scheme}://{parts.netloc.lower()}")


def ask_for_new(
    session: Session, site: Site, staff_id: StaffId, name: str, *, now: datetime
) -> tuple[str, str]:
    """Return what a browser needs to make a passkey, as JSON, and the challenge, which it must answer in CHALLENGE_LIFE.

    Raises TooManyPasskeysError.
    """
    known = list(session.scalars(select(PasskeyRow.credential_id).where(PasskeyRow.staff_id == staff_id)))
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeysError(most=MOST_PASSKEYS)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.host,
        user_id=_handle(staff_id),
        user_name=name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
    )
    return options_to_json(options), _keep(session, options.challenge, staff_id, now)


def ask_for_any(session: Session, site: Site, *, now: datetime) -> tuple[str, str]:
    """Return what a browser needs to offer its passkeys of this site, as JSON, and the challenge."""
    options = webauthn.generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    return options_to_json(options), _keep(session, options.challenge, None, now)


def _handle(staff_id: int) -> bytes:
    return f"staff-{staff_id}".encode()


def _keep(session: Session, challenge: bytes, staff_id: StaffId | None, now: datetime) -> str:
    session.execute(delete(ChallengeRow).where(ChallengeRow.expires_at <= now))
    digest = hashlib.sha256(challenge).hexdigest()
    session.add(ChallengeRow(challenge_hash=digest, staff_id=staff_id, expires_at=now + CHALLENGE_LIFE))
    return digest


def spend_challenge(
    session: Session, answer: str, asked: str, staff_id: StaffId | None, *, now: datetime
) -> bytes:
    """Return the challenge that the browser's answer signs, if it was asked of this browser; it counts once.

    `asked` is the digest that the browser's cookie holds: in another browser nothing is spent. Raises
    PasskeyRefusedError. For a transaction of its own, so that an answer that is refused afterwards has spent it too.
    """
    challenge = _challenge_in(answer)
    digest = hashlib.sha256(challenge).hexdigest()
    mine = ChallengeRow.staff_id.is_(None) if staff_id is None else ChallengeRow.staff_id == staff_id
    found = (ChallengeRow.challenge_hash == digest, ChallengeRow.expires_at > now, mine)
    spent = session.execute(delete(ChallengeRow).where(*found))
    assert isinstance(spent, CursorResult)
    if not hmac.compare_digest(digest, asked) or spent.rowcount != 1:
        raise PasskeyRefusedError
    return challenge


def _read(answer: str) -> dict[str, Any]:
    """Return the browser's answer; raises PasskeyRefusedError for what is none."""
    try:
        told = json.loads(answer) if len(answer) <= _LONGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise PasskeyRefusedError
    return told


def _challenge_in(answer: str) -> bytes:
    try:
        data = json.loads(base64url_to_bytes(_read(answer)["response"]["clientDataJSON"]))
        return base64url_to_bytes(data["challenge"])
    except _BROKEN:
        raise PasskeyRefusedError from None


def add_passkey(
    session: Session,
    site: Site,
    staff_id: StaffId,
    name: str,
    answer: str,
    challenge: bytes,
    *,
    now: datetime,
) -> list[str]:
    """Keep the passkey that the browser made; return new recovery codes if the account had none.

    Raises PasskeyRefusedError, and TooManyPasskeysError.
    """
    made = _made(site, answer, challenge)
    digest = hashlib.sha256(made.credential_id).hexdigest()
    session.get(StaffRow, staff_id, with_for_update=True)
    count = session.scalar(select(func.count()).where(PasskeyRow.staff_id == staff_id)) or 0
    if count >= MOST_PASSKEYS:
        raise TooManyPasskeysError(most=MOST_PASSKEYS)
    if session.scalar(select(PasskeyRow.id).where(PasskeyRow.credential_hash == digest)) is not None:
        raise PasskeyRefusedError
    session.add(
        PasskeyRow(
            staff_id=staff_id,
            credential_hash=digest,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name,
            created_at=now,
        )
    )
    session.flush()
    note_guard(session, staff_id, "passkey added", actor=by_staff(staff_id), now=now)
    return first_codes(session, staff_id)


def has_passkey(staff_id: StaffId, answer: str) -> bool:
    """Return whether the answer names a passkey that the account has already, as when a form is sent again."""
    try:
        digest = hashlib.sha256(base64url_to_bytes(_read(answer)["rawId"])).hexdigest()
    except (PasskeyRefusedError, *_BROKEN):
        return False
    mine = (PasskeyRow.credential_hash == digest, PasskeyRow.staff_id == staff_id)
    return db.session.scalar(select(PasskeyRow.id).where(*mine)) is not None


def _made(site: Site, answer: str, challenge: bytes) -> VerifiedRegistration:
    try:
        return webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _BROKEN:
        raise PasskeyRefusedError from None


def use_passkey(
    session: Session, site: Site, answer: str, challenge: bytes, *, now: datetime, browser: Browser
) -> str:
    """Return the token of a session of whose passkey this is. Raises PasskeyRefusedError, and PasskeyCopiedError."""
    staff_id = owner_by_passkey(session, site, answer, challenge, now=now)
    record(session, actor=by_staff(staff_id), action="signed in by passkey", about=("staff", staff_id))
    return open_session(session, staff_id, now=now, browser=browser)


def owner_by_passkey(
    session: Session, site: Site, answer: str, challenge: bytes, *, now: datetime
) -> StaffId:
    """Return whose passkey gave this answer, and note its use. Raises PasskeyRefusedError, and PasskeyCopiedError."""
    row = _owner(session, answer)
    used = _used(site, answer, challenge, row.public_key)
    staff = session.get(StaffRow, row.staff_id)
    if staff is None or staff.suspended_at is not None:
        raise PasskeyRefusedError
    staff_id = StaffId(row.staff_id)
    # Compared in the UPDATE: of two copies that come at once one is refused. Synced passkeys stay at zero.
    count = used.new_sign_count
    forward = PasskeyRow.sign_count < count if count else PasskeyRow.sign_count == 0
    taken = session.execute(
        update(PasskeyRow)
        .where(PasskeyRow.id == row.id, forward)
        .values(sign_count=count, last_used_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount != 1:
        raise PasskeyCopiedError(staff_id=staff_id)
    return staff_id


def _owner(session: Session, answer: str) -> PasskeyRow:
    """Return the passkey that the answer names, of the account that it names."""
    told = _read(answer)
    try:
        digest = hashlib.sha256(base64url_to_bytes(told["rawId"])).hexdigest()
        handle = base64url_to_bytes(told["response"].get("userHandle") or "")
    except _BROKEN:
        raise PasskeyRefusedError from None
    row = session.scalar(select(PasskeyRow).where(PasskeyRow.credential_hash == digest))
    if row is None or handle != _handle(row.staff_id):
        raise PasskeyRefusedError
    return row


def _used(site: Site, answer: str, challenge: bytes, public_key: bytes) -> VerifiedAuthentication:
    try:
        return webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            # The counter is compared where it is written.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN:
        raise PasskeyRefusedError from None


def remove_passkey(
    session: Session, staff_id: StaffId, passkey_id: int, role: Role, *, now: datetime
) -> None:
    """Forget one of the account's own passkeys; of another's, or a second time, nothing. Raises RequiredFactorError."""
    session.get(StaffRow, staff_id, with_for_update=True)
    mine = (PasskeyRow.id == passkey_id, PasskeyRow.staff_id == staff_id)
    gone = session.execute(delete(PasskeyRow).where(*mine))
    assert isinstance(gone, CursorResult)
    if gone.rowcount == 1:
        after_removal(session, staff_id, role)
        note_guard(session, staff_id, "passkey removed", actor=by_staff(staff_id), now=now)
