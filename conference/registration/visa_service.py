"""Letters of invitation: asked for by who has a place, decided by the office, and what the passport says forgotten."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import RegistrationId, new_code
from conference.core.sealing import keys_in, seal, unseal
from conference.db.base import db
from conference.db.resealing import reseal
from conference.db.revisions import revise
from conference.registration import letters
from conference.registration.errors import ReasonMissingError
from conference.registration.leaving import held
from conference.registration.model import BADGED, Registration
from conference.registration.queries import get_registration
from conference.registration.question_queries import encryption_key
from conference.registration.visa_errors import (
    NoKeyForPassportsError,
    NoLetterError,
    NoPlaceForLetterError,
    PassportGoneError,
    VisaDecidedError,
)
from conference.registration.visa_model import Passport, VisaLetter, VisaState
from conference.registration.visa_tables import VisaLetterRow

SERIAL_LENGTH = 10


def ask_for_letter(
    session: Session,
    registration_id: RegistrationId,
    passport: Passport,
    wording: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the wish; sent again before the answer, or after a refusal, the newer one counts.

    Raises NotFoundError, NoPlaceForLetterError, NoKeyForPassportsError, and VisaDecidedError once a letter was approved.
    """
    if held(session, registration_id).state not in BADGED:
        raise NoPlaceForLetterError
    row = _row(session, registration_id)
    if row is not None and row.state == VisaState.APPROVED:
        raise VisaDecidedError
    if not keys_in(encryption_key()):
        raise NoKeyForPassportsError
    values = asdict(passport) | {"born_on": passport.born_on.isoformat()}
    if row is None:
        row = VisaLetterRow(registration_id=registration_id)
        session.add(row)
    else:
        row.revision += 1
    row.state, row.sealed = VisaState.ASKED, seal(encryption_key(), json.dumps(values))
    row.consent_wording, row.asked_at = wording, now
    row.decided_at, row.decided_by, row.reason = None, None, ""
    session.flush()
    record(session, actor=actor, action="letter asked for", about=("registration", registration_id))


def approve_letter(
    session: Session,
    registration_id: RegistrationId,
    expected_revision: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Give the letter a serial number and mail the person where it is. Raises as `_decide` does."""
    serial = new_code(SERIAL_LENGTH)
    _decide(session, registration_id, expected_revision, VisaState.APPROVED, actor, now, serial=serial)
    letters.send(session, "visa_approved", get_registration(registration_id, session))


def decline_letter(
    session: Session,
    registration_id: RegistrationId,
    expected_revision: int | None,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Decline with the reason that the mail tells. Raises ReasonMissingError, and as `_decide` does."""
    if not reason:
        raise ReasonMissingError("reason")
    _decide(session, registration_id, expected_revision, VisaState.DECLINED, actor, now, reason=reason)
    letters.send(session, "visa_declined", get_registration(registration_id, session), reason=reason)


def _decide(
    session: Session,
    registration_id: RegistrationId,
    expected_revision: int | None,
    state: VisaState,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    serial: str | None = None,
) -> None:
    """Write the answer.

    Raises NotFoundError, RevisionMissingError, StaleRevisionError where it was asked anew or answered since, VisaDecidedError,
    and, to approve, NoPlaceForLetterError and PassportGoneError.
    """
    registration, row = held(session, registration_id), _row(session, registration_id)
    if row is None:
        raise NotFoundError
    if state is VisaState.APPROVED and registration.state not in BADGED:
        raise NoPlaceForLetterError
    if state is VisaState.APPROVED and row.sealed is None:
        raise PassportGoneError
    values = {
        "state": state.value,
        "decided_at": now,
        "decided_by": actor.id,
        "reason": reason,
        "serial": serial,
    }
    if row.state != VisaState.ASKED:
        raise VisaDecidedError
    revise(session, VisaLetterRow, row.id, expected_revision, values)
    record(
        session,
        actor=actor,
        action=f"letter {state.value}",
        about=("registration", registration_id),
        reason=reason,
    )


def _row(session: Session, registration_id: RegistrationId) -> VisaLetterRow | None:
    return session.scalar(
        select(VisaLetterRow)
        .where(VisaLetterRow.registration_id == registration_id)
        .execution_options(populate_existing=True)
    )


def find_letter(registration_id: RegistrationId, *, with_passport: bool = False) -> VisaLetter | None:
    """Return how the wish for a letter stands, None where there is none; the passport only where it is wanted."""
    row = _row(db.session(), registration_id)
    return None if row is None else _letter(row, with_passport=with_passport)


def approved_letter(registration: Registration) -> tuple[VisaLetter, Passport]:
    """Return an approved letter with what it says. Raises NoLetterError and PassportGoneError."""
    letter = find_letter(registration.id, with_passport=True)
    if letter is None or letter.state is not VisaState.APPROVED or registration.state not in BADGED:
        raise NoLetterError
    if letter.passport is None:
        raise PassportGoneError
    return letter, letter.passport


def letters_asked() -> list[VisaLetter]:
    """Return every wish for a letter without the passports, those to be answered first. One statement."""
    rows = db.session.scalars(select(VisaLetterRow).order_by(VisaLetterRow.asked_at, VisaLetterRow.id)).all()
    found = [_letter(row, with_passport=False) for row in rows]
    return sorted(found, key=lambda one: one.state is not VisaState.ASKED)


def _letter(row: VisaLetterRow, *, with_passport: bool) -> VisaLetter:
    return VisaLetter(
        registration_id=RegistrationId(row.registration_id),
        state=VisaState(row.state),
        passport=_passport(row.sealed) if with_passport and row.sealed else None,
        is_purged=row.sealed is None,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        reason=row.reason,
        serial=row.serial or "",
        revision=row.revision,
    )


def _passport(sealed: str) -> Passport | None:
    text = unseal(encryption_key(), sealed)
    if text is None:
        return None
    values: dict[str, Any] = json.loads(text)
    return Passport(**values | {"born_on": date.fromisoformat(values["born_on"])})


def seal_passports_anew(after: int, most: int) -> tuple[int | None, int]:
    """Seal passports with the newest key, as `web.registry.resealers` asks for."""
    return reseal(VisaLetterRow.sealed, encryption_key(), after, most)


def note_passport_seen(session: Session, registration_id: RegistrationId, *, actor: Actor) -> None:
    """Record that somebody of the office looked at what the passport says."""
    record(session, actor=actor, action="sensitive answers seen", about=("registration", registration_id))


def purge_passports(session: Session) -> int:
    """Delete what all passports say, and return of how many; that there was a letter stays."""
    gone = session.connection().execute(
        update(VisaLetterRow).where(VisaLetterRow.sealed.is_not(None)).values(sealed=None)
    )
    return int(gone.rowcount)


def has_passports() -> bool:
    """Return whether a passport's details are still kept. One statement."""
    found = select(VisaLetterRow.id).where(VisaLetterRow.sealed.is_not(None)).limit(1)
    return db.session.scalar(found) is not None


def forget_letters(session: Session, ids: Iterable[RegistrationId]) -> None:
    """Delete the wishes of these registrations: erased, or somebody else's now."""
    session.execute(
        delete(VisaLetterRow)
        .where(VisaLetterRow.registration_id.in_(list(ids)))
        .execution_options(synchronize_session=False)
    )


def held_letter(registration_id: RegistrationId) -> dict[str, Any] | None:
    """Return all that is kept of the wish, the passport too: it is the person's own."""
    row = _row(db.session(), registration_id)
    if row is None:
        return None
    letter = _letter(row, with_passport=True)
    passport = letter.passport
    return {
        "state": letter.state.value,
        "passport": None
        if passport is None
        else asdict(passport) | {"born_on": passport.born_on.isoformat()},
        "consent": row.consent_wording,
        "asked": letter.asked_at.isoformat(),
        "decided": letter.decided_at.isoformat() if letter.decided_at else None,
        "reason": letter.reason,
        "serial": letter.serial,
    }
