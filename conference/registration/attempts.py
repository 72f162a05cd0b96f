"""One filled form, remembered: so that a repeat is harmless, and its sender can correct the address for a while."""

import hashlib
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, exists, insert, null, select, update
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import CategoryId, ExtraId, RegistrationId
from conference.core.text import address_key, folded
from conference.db.base import db
from conference.db.standing import ask_with_token
from conference.db.types import UtcDateTime
from conference.people.model import PersonDetails
from conference.registration.errors import CorrectionOverError
from conference.registration.invitation_model import NO_ENTITLEMENT, Entitlement
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.model import Choices, RegisterAttendee, WantedExtra
from conference.registration.question_model import AnswerSheet, Given
from conference.registration.rules import CORRECTION_TIME, may_correct
from conference.registration.tables import AttemptRow

_ATTEMPT = cast("Table", AttemptRow.__table__)
# Made once: the form is the busiest page, and making a statement costs as much as running it.
_IS_KNOWN = exists().where(_ATTEMPT.c.form_key == bindparam("key"))
_TO_FORGET = (
    select(_ATTEMPT.c.id)
    .where(_ATTEMPT.c.payload.is_not(None), _ATTEMPT.c.created_at <= bindparam("before", type_=UtcDateTime()))
    .order_by(_ATTEMPT.c.created_at)
    .limit(bindparam("most", type_=Integer()))
)
_FORGET = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id.in_(_TO_FORGET.with_for_update(skip_locked=True)))
    .values(payload=null())
)


def attempt_key(command: RegisterAttendee) -> str:
    """Return the key of this form as it was filled: 64 hexadecimal digits.

    Address and name are part of it, because the back key brings the same sheet for another person.
    """
    parts = (command.form_key, address_key(command.person.email), folded(command.person.name))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def find_attempt(session: Session, key: str) -> AttemptRow | None:
    return session.scalars(select(AttemptRow).where(AttemptRow.form_key == key)).first()


def is_known(session: Session, key: str) -> bool:
    """Return whether this form arrived before."""
    return bool(ask_with_token(session, _IS_KNOWN, {"key": key}))


def keep(session: Session, command: RegisterAttendee, registration_id: RegistrationId | None) -> None:
    """Remember the form and what it made, None for a known address."""
    values = {
        "form_key": attempt_key(command),
        "payload": _payload(_spent(command, registration_id), corrections=0),
        "registration_id": registration_id,
        "created_at": real_now(),
    }
    session.connection().execute(insert(_ATTEMPT), values)


def _spent(command: RegisterAttendee, made: RegistrationId | None) -> RegisterAttendee:
    """Return the form with what its code or invitation registered: once spent, it stays spent by this form."""
    given = command.entitlement
    if given == NO_ENTITLEMENT or made is None:
        return command
    return replace(command, entitlement=replace(given, spent_by=made))


def _payload(command: RegisterAttendee, corrections: int) -> dict[str, Any]:
    choices = command.choices
    return {
        "category_id": command.category_id,
        "person": command.person.as_values(),
        "profession": command.profession,
        "career_stage": command.career_stage,
        "consents": sorted(choices.consents),
        "no_photographs": choices.no_photographs,
        "extras": [[wanted.extra_id, wanted.may_wait] for wanted in command.extras],
        # Sensitive ones are encrypted here too.
        "answers": [_kept(given) for given in command.answers.given],
        "corrections": corrections,
        "language": command.language,
        "invoice": None if command.invoice is None else asdict(command.invoice),
        "entitlement": None if command.entitlement == NO_ENTITLEMENT else asdict(command.entitlement),
    }


def _command(row: AttemptRow, payload: dict[str, Any]) -> RegisterAttendee:
    return RegisterAttendee(
        form_key=row.form_key,
        category_id=CategoryId(payload["category_id"]),
        person=PersonDetails(**payload["person"]),
        profession=payload["profession"],
        # Forms kept before it was asked do not name it.
        career_stage=payload.get("career_stage", ""),
        choices=Choices(consents=frozenset(payload["consents"]), no_photographs=payload["no_photographs"]),
        # Forms kept before there were extras do not name them.
        extras=tuple(
            WantedExtra(extra_id=ExtraId(extra_id), may_wait=may_wait)
            for extra_id, may_wait in payload.get("extras", ())
        ),
        answers=AnswerSheet(given=tuple(_given(one) for one in payload.get("answers", ()))),
        # Forms sent before there were languages do not name it.
        language=payload.get("language", ""),
        invoice=InvoiceDetails(**payload["invoice"]) if payload.get("invoice") else None,
        # Nor that they came by a code or an invitation.
        entitlement=Entitlement(**(payload.get("entitlement") or {})),
    )


def _kept(given: Given) -> dict[str, Any]:
    # By hand: `asdict` copies what it finds, which takes five times as long, and each form has several.
    return {
        "question_id": given.question_id,
        "value": given.value,
        "sealed": given.sealed,
        "wording": given.wording,
    }


def _given(kept: dict[str, Any]) -> Given:
    value = kept["value"]
    return Given(**(kept | {"value": tuple(value) if isinstance(value, list) else value}))


def open_attempt(session: Session, key: str) -> tuple[AttemptRow, RegisterAttendee]:
    """Return what was sent, held for this transaction; raises CorrectionOverError once it cannot be corrected."""
    row = session.scalars(select(AttemptRow).where(AttemptRow.form_key == key).with_for_update()).first()
    payload = row.payload if row else None
    if row is None or payload is None or not may_correct(row.created_at, payload["corrections"], real_now()):
        raise CorrectionOverError
    return row, _command(row, payload)


def correct_attempt(row: AttemptRow, command: RegisterAttendee, made: RegistrationId | None) -> None:
    """Write the corrected form and what became of it."""
    corrections = row.payload["corrections"] + 1 if row.payload else 1
    row.payload = _payload(_spent(command, made), corrections)
    row.registration_id = made


def sent_address(key: str) -> tuple[str, bool]:
    """Return the address that this form's answer went to, and whether it can be corrected; "" once forgotten."""
    row = find_attempt(db.session(), key)
    if row is None or row.payload is None or real_now() >= row.created_at + CORRECTION_TIME:
        return "", False
    is_fixed = (row.payload.get("entitlement") or {}).get("fixes_email", False)
    may = not is_fixed and may_correct(row.created_at, row.payload["corrections"], real_now())
    return row.payload["person"]["email"], may


def with_address(command: RegisterAttendee, email: str) -> RegisterAttendee:
    return replace(command, person=replace(command.person, email=email))


def oldest_to_forget(session: Session, *, now: datetime) -> int | None:
    """Return a form that is still to be emptied, or None. `now` is real time."""
    found: int | None = session.scalar(_TO_FORGET, {"before": now - CORRECTION_TIME, "most": 1})
    return found


def forget_old(session: Session, *, now: datetime, limit: int) -> None:
    """Empty what forms said more than 30 minutes ago, the oldest first. `now` is real time.

    Called by the worker. Rows that another transaction holds are left to it.
    """
    session.connection().execute(_FORGET, {"before": now - CORRECTION_TIME, "most": limit})
