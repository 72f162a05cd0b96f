"""What this room holds about one person: registrations of whatever state, choices, and forms not yet forgotten."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import noted_values
from conference.core.ids import PersonId, RegistrationId, new_code
from conference.core.text import address_key
from conference.db.base import db
from conference.registration.category_queries import category_details
from conference.registration.entry import BADGE_CODE_LENGTH
from conference.registration.extra_queries import held_extras
from conference.registration.fee_queries import find_invoice
from conference.registration.file_model import file_of
from conference.registration.file_store import forget_once_committed
from conference.registration.group_personal import PERSONAL_COLUMNS as GROUP_COLUMNS
from conference.registration.group_personal import erase_in_groups, shares_address
from conference.registration.invoices import forget_invoices
from conference.registration.leaving import leave
from conference.registration.model import LIVE, State
from conference.registration.question_model import Value
from conference.registration.question_queries import answers_of
from conference.registration.tables import (
    AnswerRow,
    AttemptRow,
    ConsentRow,
    RegistrationRow,
    ReplacedCodeRow,
    TagRow,
)
from conference.registration.visa_service import forget_letters, held_letter

PERSONAL_COLUMNS = {
    "registration": frozenset(
        {
            "email",
            "email_key",
            "profession",
            "career_stage",
            "no_photographs",
            "badge_code",
            "search_text",
            "sort_name",
            "sort_affiliation",
            "language",
        }
    ),
    "replaced_code": frozenset({"code", "replaced_at"}),
    "visa_letter": frozenset({"sealed", "consent_wording", "asked_at", "decided_at", "reason", "serial"}),
    "consent": frozenset({"kind", "wording", "given_at"}),
    "registration_attempt": frozenset({"payload"}),
    "registration_tag": frozenset({"tag"}),
    "invoice": frozenset(
        {
            "name",
            "address",
            "postal_code",
            "city",
            "country",
            "vat",
            "reference",
            "email",
            "paid_on",
            "paid_minor",
            "payment_reference",
        }
    ),
    "answer": frozenset({"question_id", "value", "sealed", "consent_wording", "given_at"}),
} | GROUP_COLUMNS
# Those that nothing becomes of any more: whoever came stays counted as having come.
_LASTING = frozenset({State.ATTENDED, State.NO_SHOW})


def registration_ids(person_id: PersonId, session: Session | None = None) -> list[RegistrationId]:
    """Return the person's registrations, ended ones too, the oldest first."""
    asked = session or db.session()
    found = asked.scalars(
        select(RegistrationRow.id).where(RegistrationRow.person_id == person_id).order_by(RegistrationRow.id)
    )
    return [RegistrationId(one) for one in found]


def addresses(person_id: PersonId, session: Session) -> list[str]:
    """Return each address that a registration of the person has, but those that are a coordinator's."""
    found = session.scalars(select(RegistrationRow).where(RegistrationRow.person_id == person_id)).all()
    return sorted({row.email for row in found if row.email and not shares_address(row)})


def held(person_id: PersonId) -> list[dict[str, Any]]:
    """Return each registration with its choices, in the words in which they were asked."""
    rows = db.session.scalars(select(RegistrationRow).where(RegistrationRow.person_id == person_id))
    names = category_details()
    return [
        {
            "number": row.number,
            "category": names[row.category_id].name,  # type: ignore[index]  # a row's number is a category's
            "state": row.state,
            "e-mail address": row.email,
            "profession": row.profession,
            "career stage": row.career_stage,
            "no photographs": row.no_photographs,
            "language": row.language,
            "privacy notice": row.notice_number,
            "registered": row.created_at.isoformat(),
            "last change": row.changed_at.isoformat(),
            "attended": row.attended_at.isoformat() if row.attended_at else None,
            "replaced codes": _replaced(row.id),
            "choices": _choices(row.id),
            "tags": _tags(row.id),
            "answers": _answers(RegistrationId(row.id)),
            "invoice": _invoice(RegistrationId(row.id)),
            "letter of invitation": held_letter(RegistrationId(row.id)),
            "extras": [f"{one.name}: {one.state}" for one in held_extras(RegistrationId(row.id))],
        }
        for row in rows.all()
    ]


def _replaced(registration_id: int) -> list[dict[str, str]]:
    """Return each code that the registration had before, and until when."""
    rows = db.session.scalars(
        select(ReplacedCodeRow)
        .where(ReplacedCodeRow.registration_id == registration_id)
        .order_by(ReplacedCodeRow.replaced_at)
    )
    return [{"code": row.code, "until": row.replaced_at.isoformat()} for row in rows]


def _tags(registration_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(TagRow.tag).where(TagRow.registration_id == registration_id).order_by(TagRow.tag)
        )
    )


def _answers(registration_id: RegistrationId) -> list[dict[str, Any]]:
    """Return each answer, sensitive ones opened: they are the person's own."""
    return [
        {
            "question": one.question.details.label,
            "answer": _said(one.value),
            "given": one.given_at.isoformat(),
        }
        for one in answers_of(registration_id, with_sensitive=True)
    ]


def _invoice(registration_id: RegistrationId) -> dict[str, Any] | None:
    """Return whom the invoice goes to and what was paid, None where neither is kept."""
    kept = find_invoice(registration_id)
    if kept.revision is None:
        return None
    paid = kept.payment
    return asdict(kept.details) | {
        "paid": None
        if paid is None
        else {"on": paid.paid_on.isoformat(), "hundredths": paid.minor, "reference": paid.reference}
    }


def _said(value: Value | None) -> Value | None:
    """Return the answer; of a file its name, since its content is downloaded beside."""
    file = file_of(value)
    return file.name if file else value


def _choices(registration_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(ConsentRow).where(ConsentRow.registration_id == registration_id))
    return [{"wording": row.wording, "given": row.given_at.isoformat()} for row in rows]


def erase(session: Session, person_id: PersonId, *, now: datetime) -> None:
    """End what is live, without a mail, and empty all; category, state and times stay, so that counts do."""
    ids = registration_ids(person_id, session)
    gone = {address_key(address) for address in addresses(person_id, session)}
    erase_in_groups(session, person_id, gone)
    found = session.execute(
        select(RegistrationRow.id, RegistrationRow.state).where(RegistrationRow.id.in_(ids))
    )
    states = {row.id: State(row.state) for row in found}
    for one in ids:
        if states[one] in LIVE - _LASTING:
            leave(session, one, State.WITHDRAWN, actor=BY_SYSTEM, now=now, reason="")
        _empty(session, one)
    session.execute(delete(ConsentRow).where(ConsentRow.registration_id.in_(ids)))
    session.execute(delete(TagRow).where(TagRow.registration_id.in_(ids)))
    session.execute(delete(ReplacedCodeRow).where(ReplacedCodeRow.registration_id.in_(ids)))
    session.execute(delete(AnswerRow).where(AnswerRow.registration_id.in_(ids)))
    forget_invoices(session, ids)
    forget_letters(session, ids)
    forget_once_committed(session)
    _forget_forms(session, ids, gone)


def places_left(session: Session, person_ids: Collection[int]) -> list[RegistrationId]:
    """Return the registrations that these people had until they were passed on, as far as their history still tells."""
    noted = noted_values(session, "person", person_ids, "registration_id")
    return [RegistrationId(before) for _, (before, _after) in noted]


def _empty(session: Session, registration_id: RegistrationId) -> None:
    session.execute(
        update(RegistrationRow)
        .where(RegistrationRow.id == registration_id)
        .values(
            email="",
            # Ended ones may share a key; who came keeps one of their own, because live keys are unique.
            email_key=f"erased {registration_id}",
            profession="",
            career_stage="",
            no_photographs=False,
            language="",
            badge_code=new_code(BADGE_CODE_LENGTH),
            link_version=RegistrationRow.link_version + 1,
            search_text="",
            sort_name="",
            sort_affiliation="",
            revision=RegistrationRow.revision + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _forget_forms(session: Session, ids: list[RegistrationId], gone: set[str]) -> None:
    """Empty the filled forms of these registrations and addresses. Those kept are of the last 30 minutes, so few."""
    kept = session.scalars(select(AttemptRow).where(AttemptRow.payload.is_not(None))).all()
    theirs = [
        row.id
        for row in kept
        if row.registration_id in ids
        or address_key((row.payload or {}).get("person", {}).get("email", "")) in gone
    ]
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.id.in_(theirs))
        .values(payload=null())
        .execution_options(synchronize_session=False)
    )
