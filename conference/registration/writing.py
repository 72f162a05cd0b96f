"""How details and address of a registration are written, in its own row and in its person's."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.clock import clock
from conference.core.ids import RegistrationId, new_code
from conference.core.text import address_key
from conference.db.revisions import revise
from conference.mail.service import cancel_unsent
from conference.people.model import Person
from conference.people.queries import get_person
from conference.people.service import edit_person, hold
from conference.registration.entry import BADGE_CODE_LENGTH, found_by, give_consents
from conference.registration.model import ChangeRegistration, Choices, Registration
from conference.registration.queries import choices_of
from conference.registration.tables import ConsentRow, RegistrationRow, ReplacedCodeRow


def write(session: Session, registration_id: RegistrationId, **values: Any) -> None:
    """Write columns of a registration whose row, or whose category's, the caller holds."""
    session.execute(
        update(RegistrationRow)
        .where(RegistrationRow.id == registration_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def write_details(
    session: Session, registration: Registration, command: ChangeRegistration, *, actor: Actor, now: datetime
) -> None:
    """Write what the form says. Raises as `revise` does, for the registration and then for its person."""
    person = get_person(registration.person_id, session)
    details = replace(command.person, email=person.details.email)
    before = choices_of(registration, session)
    values = {
        "profession": command.profession,
        "career_stage": command.career_stage,
        "no_photographs": command.choices.no_photographs,
    }
    revise(session, RegistrationRow, registration.id, command.expected_revision, values)
    edit_person(session, person.id, command.expected_person_revision, details, actor=actor)
    _change_consents(session, registration, before, command.choices, now)
    changes = _changes(registration, before, command)
    if changes:
        record(
            session, actor=actor, action="changed", about=("registration", registration.id), changes=changes
        )
    # The calendar file shows the full name: a new one is a new version of it (RFC 5545, 3.8.7.4).
    renamed = details.full_name != person.details.full_name
    write(
        session,
        registration.id,
        changed_at=now,
        calendar_sequence=registration.calendar_sequence + int(renamed),
        **found_by(registration.number, registration.email, details, person.sort_as),
    )


def _changes(
    registration: Registration, before: Choices, command: ChangeRegistration
) -> dict[str, tuple[Any, Any]]:
    pairs: dict[str, tuple[Any, Any]] = {
        "profession": (registration.profession, command.profession),
        "career_stage": (registration.career_stage, command.career_stage),
        "no_photographs": (before.no_photographs, command.choices.no_photographs),
        "consents": (sorted(before.consents), sorted(command.choices.consents)),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _change_consents(
    session: Session, registration: Registration, before: Choices, wanted: Choices, now: datetime
) -> None:
    gone = before.consents - wanted.consents
    if gone:
        session.execute(
            delete(ConsentRow).where(ConsentRow.registration_id == registration.id, ConsentRow.kind.in_(gone))
        )
    give_consents(session, registration.id, wanted.consents - before.consents, now)


def keep_replaced(session: Session, registration_id: RegistrationId) -> None:
    """Remember the registration's code before another one replaces it, so that the desk can say whose it was."""
    code = session.scalar(select(RegistrationRow.badge_code).where(RegistrationRow.id == registration_id))
    session.add(ReplacedCodeRow(code=code, registration_id=registration_id, replaced_at=clock.now()))
    session.flush()


def let_papers_die(session: Session, registration_id: RegistrationId) -> None:
    """Let each link and code mailed so far die, and what waits not be sent: it went, or would go, to somebody else."""
    cancel_unsent(session, ("registration", registration_id))
    keep_replaced(session, registration_id)
    write(
        session,
        registration_id,
        link_version=RegistrationRow.link_version + 1,
        badge_code=new_code(BADGE_CODE_LENGTH),
    )


def move_address(
    session: Session, registration: Registration, email: str, *, actor: Actor, now: datetime
) -> None:
    """Give the registration another address, and let what was mailed to the one before die."""
    # Who writes mails meanwhile holds the person too, and then finds the new address, or is found here.
    hold(session, [registration.person_id])
    let_papers_die(session, registration.id)
    person = get_person(registration.person_id, session)
    details = replace(person.details, email=email)
    edit_person(session, person.id, person.revision, details, actor=actor)
    write(
        session,
        registration.id,
        email=email,
        email_key=address_key(email),
        **found_by(registration.number, email, details, person.sort_as),
        changed_at=now,
    )
    record(
        session,
        actor=actor,
        action="changed",
        about=("registration", registration.id),
        changes={"email": (registration.email, email)},
    )


def refresh_search(session: Session, registration: Registration, person: Person) -> None:
    """Let the office's search find what the person's record says now."""
    found = found_by(registration.number, registration.email, person.details, person.sort_as)
    write(session, registration.id, **found)
