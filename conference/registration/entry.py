"""How somebody comes in: one row with the seat, or the place in the waiting list, that the ledger gives."""

from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import CategoryId, PersonId, RegistrationId, new_code
from conference.core.text import address_key, folded
from conference.people.model import PersonDetails
from conference.registration import ledger, letters
from conference.registration.model import CONSENTS, Category, RegisterAttendee, Registration
from conference.registration.queries import registration_of_row
from conference.registration.tables import ConsentRow, RegistrationRow

NUMBER_LENGTH = 6
BADGE_CODE_LENGTH = 20


def enter(
    session: Session,
    category: Category,
    person_id: PersonId,
    command: RegisterAttendee,
    *,
    actor: Actor,
    now: datetime,
) -> Registration:
    """Write a new registration with the seat or the place in the waiting list that the ledger gives, and mail it."""
    claim = ledger.claim(session, category.id, name=category.name)
    row = _new_row(category.id, person_id, command, claim, now)
    session.add(row)
    session.flush()
    give_consents(session, RegistrationId(row.id), command.choices.consents, now)
    record(session, actor=actor, action="registered", about=("registration", row.id))
    registration = registration_of_row(row)
    letters.send_answer(session, registration, person=command.person, category=category.details)
    return registration


def _new_row(
    category_id: CategoryId,
    person_id: PersonId,
    command: RegisterAttendee,
    claim: ledger.Claim,
    now: datetime,
) -> RegistrationRow:
    number, code = new_code(NUMBER_LENGTH), new_code(BADGE_CODE_LENGTH)
    email = command.person.email
    return RegistrationRow(
        number=number,
        category_id=category_id,
        person_id=person_id,
        state=claim.state,
        waiting_number=claim.waiting_number,
        email=email,
        email_key=address_key(email),
        profession=command.profession,
        no_photographs=command.choices.no_photographs,
        badge_code=code,
        link_version=1,
        calendar_sequence=0,
        revision=1,
        search_text=search_text(number, email, command.person),
        created_at=now,
        changed_at=now,
    )


def search_text(number: str, email: str, person: PersonDetails) -> str:
    parts = (number, person.name, person.badge_name, email, person.affiliation, person.affiliation_short)
    return folded(" ".join(parts))[:1000]


def give_consents(
    session: Session, registration_id: RegistrationId, kinds: frozenset[str], now: datetime
) -> None:
    session.add_all(
        ConsentRow(registration_id=registration_id, kind=kind, wording=CONSENTS[kind], given_at=now)
        for kind in sorted(kinds)
    )
