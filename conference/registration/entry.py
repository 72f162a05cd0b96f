"""How somebody comes in: one row with the seat, or the place in the waiting list, that the ledger gives."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from conference.audit.model import BY_FORM, Actor
from conference.audit.service import record_all
from conference.core.ids import CategoryId, PersonId, RegistrationId, new_code
from conference.core.text import address_key, folded
from conference.event.notices import notice_number
from conference.people.model import PersonDetails
from conference.registration import extra_seats, ledger, letters, question_answers
from conference.registration.extra_model import HeldExtra
from conference.registration.invoice_writing import write_new_invoice
from conference.registration.model import CONSENTS, CategoryFacts, RegisterAttendee, Registration, State
from conference.registration.rules import require_open
from conference.registration.sorting import sort_key
from conference.registration.tables import ConsentRow, RegistrationRow

NUMBER_LENGTH = 6
BADGE_CODE_LENGTH = 20
PENDING_CLAIM = ledger.Claim(state=State.PENDING)
_REGISTRATION = cast("Table", RegistrationRow.__table__)


def enter(
    session: Session,
    category: CategoryFacts,
    person_id: PersonId,
    command: RegisterAttendee,
    *,
    actor: Actor,
    now: datetime,
    ended_number: str | None = None,
    is_told: bool = True,
    claimed: ledger.Claim | None = None,
    is_new_person: bool = False,
    email_key: str = "",
) -> Registration:
    """Write a new registration with the seat or the place in the waiting list that the ledger gives, and mail it.

    Where approval comes first, nothing is claimed yet.

    `claimed` is what an invitation, a code or the desk has claimed already by rules of its own, None for everybody else.
    `is_new_person`: the caller has just inserted the person, whose history begins here.
    `ended_number` is what `known_by_address` found, None where nobody has looked. Without `is_told` no mail is written.
    `email_key` stands in for the address of who shares another's, as in a group.
    Raises CategoryClosedError, and ExtraFullError for an extra that became full.
    """
    claim = claimed or _claim(session, category, now)
    values = _values(category.id, person_id, command, claim, now)
    values["notice_number"] = notice_number(session) if actor == BY_FORM else None
    registration = _write(session, values | ({"email_key": email_key} if email_key else {}))
    extras = _write_rest(session, registration, command, now)
    _note(session, registration, actor, is_new_person=is_new_person)
    if is_told:
        letters.send_answer(
            session,
            registration,
            person=command.person,
            category=category.details,
            ended_number=ended_number,
            extras=extras,
        )
    return registration


def _write_rest(
    session: Session, registration: Registration, command: RegisterAttendee, now: datetime
) -> tuple[HeldExtra, ...]:
    """Write what hangs on the registration's row, and return the extras as they stand."""
    made = registration.id
    give_consents(session, made, command.choices.consents, now)
    extras = extra_seats.add_all(
        session, made, registration.state, registration.category_id, command.extras, now=now
    )
    question_answers.write_new(session, made, command.answers, now)
    if command.invoice is not None:
        write_new_invoice(session, made, command.invoice)
    return extras


def _note(session: Session, registration: Registration, actor: Actor, *, is_new_person: bool) -> None:
    entries = [("created", ("person", int(registration.person_id)))] if is_new_person else []
    record_all(session, actor=actor, entries=[*entries, ("registered", ("registration", registration.id))])


def _claim(session: Session, category: CategoryFacts, now: datetime) -> ledger.Claim:
    require_open(category.details, now)
    if category.details.needs_approval:
        return PENDING_CLAIM
    return ledger.claim(session, category.id, name=category.name)


def _values(
    category_id: CategoryId,
    person_id: PersonId,
    command: RegisterAttendee,
    claim: ledger.Claim,
    now: datetime,
) -> dict[str, Any]:
    number, email = new_code(NUMBER_LENGTH), command.person.email
    return {
        "number": number,
        "category_id": category_id,
        "person_id": person_id,
        "state": claim.state,
        "waiting_number": claim.waiting_number,
        "offered_until": None,
        "is_over_limit": False,
        "language": command.language,
        "email": email,
        # Live keys are unique, and whoever the desk registered without an address has one too: no address has a blank.
        "email_key": address_key(email) or f"number {number}",
        "profession": command.profession,
        "career_stage": command.career_stage,
        "no_photographs": command.choices.no_photographs,
        "badge_code": new_code(BADGE_CODE_LENGTH),
        "link_version": 1,
        "calendar_sequence": 0,
        "notice_number": None,
        "revision": 1,
        **found_by(number, email, command.person),
        "created_at": now,
        "changed_at": now,
        "attended_at": None,
    }


def _write(session: Session, values: Mapping[str, Any]) -> Registration:
    # Written past the session's objects, which nobody needs here: the form is the busiest page.
    key = session.connection().execute(insert(_REGISTRATION), values).inserted_primary_key
    assert key is not None
    shown = {field.name: values[field.name] for field in fields(Registration) if field.name != "id"}
    return Registration(id=RegistrationId(key[0]), **shown)


def found_by(number: str, email: str, person: PersonDetails, sort_as: str = "") -> dict[str, str]:
    """Return the columns that the office's list is searched and sorted by; `sort_as` as people.model.Person has it."""
    parts = (number, person.name, person.badge_name, email, person.affiliation, person.affiliation_short)
    return {
        "search_text": folded(" ".join(parts))[:1000],
        "sort_name": sort_key(sort_as or person.family_name or person.given_name, person.given_name),
        "sort_affiliation": sort_key(person.affiliation),
    }


def give_consents(
    session: Session, registration_id: RegistrationId, kinds: frozenset[str], now: datetime
) -> None:
    session.add_all(
        ConsentRow(registration_id=registration_id, kind=kind, wording=CONSENTS[kind], given_at=now)
        for kind in sorted(kinds)
    )
