"""A place is passed on to another person: row, number and history stay, and what was the person's own goes."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, null, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.personal import forget_values
from conference.audit.service import record
from conference.core.errors import DomainError, RevisionMissingError
from conference.core.ids import PersonId, RegistrationId
from conference.core.text import address_key
from conference.event.queries import get_event
from conference.mail.service import give_mails
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.registration import letters
from conference.registration.category_queries import get_category
from conference.registration.entry import found_by
from conference.registration.file_store import forget_once_committed
from conference.registration.group_errors import AddressNotForPlaceError, NotToPassOnError
from conference.registration.group_letters import send_farewell
from conference.registration.group_model import Group, Member, PassOn
from conference.registration.group_queries import find_group, membership, shared_key
from conference.registration.group_rules import require_passable
from conference.registration.group_tables import MemberRow
from conference.registration.invoices import blank_invoice
from conference.registration.leaving import held
from conference.registration.model import Registration
from conference.registration.queries import find_live_by_address, get_registration
from conference.registration.registry import place_passed_on
from conference.registration.tables import AnswerRow, AttemptRow, ConsentRow, TagRow
from conference.registration.visa_service import forget_letters
from conference.registration.writing import let_papers_die, write

PASSED_ON = "passed on"
# What the history keeps of the time before: where the place stood, and nothing of who held it.
_KEPT_FIELDS = frozenset({"state", "category_id", "extra", "person_id"})


def may_pass_on(registration: Registration, now: datetime) -> bool:
    """Return whether a page offers to pass the place on."""
    try:
        _require_passable(registration, now)
    except DomainError:
        return False
    return True


def _require_passable(registration: Registration, now: datetime, session: Session | None = None) -> None:
    category = get_category(registration.category_id, session)
    require_passable(
        registration,
        is_for_speakers=category.details.is_for_speakers,
        first_day=get_event(session).first_day,
        now=now,
    )


def pass_on(session: Session, command: PassOn, *, actor: Actor, now: datetime) -> None:
    """Give a confirmed place to another person, and mail both.

    Row, number, extras and history stay. Links, ticket and badge code of the person before die; their choices,
    answers, tags and forms are deleted, and mails about them lie with their own record, where export and erasure find
    them. Raises NotFoundError, RevisionMissingError, NotToPassOnError (also where somebody was faster), SpeakersPlaceError,
    PassOnOverError, AddressNotForPlaceError.
    """
    registration = held(session, command.registration_id)
    if command.seen_version is None:
        raise RevisionMissingError
    if registration.link_version != command.seen_version:
        raise NotToPassOnError
    _require_passable(registration, now, session)
    member = membership(registration.id, session)
    email_key = _key_for(session, registration, member, command.person.email)
    before = get_person(registration.person_id, session)
    let_papers_die(session, registration.id)
    send_farewell(session, registration, before, now=now)
    _forget_person(session, registration.id, before.id)
    is_shared = email_key != address_key(command.person.email)
    _write_new_person(session, registration, command, email_key, is_shared=is_shared, actor=actor, now=now)
    if member is not None:
        _rename(session, member, command, is_shown=is_shared)
    letters.send_answer(session, get_registration(registration.id, session))


def _key_for(session: Session, registration: Registration, member: Member | None, email: str) -> str:
    """Return the key that the place has with this address; raises AddressNotForPlaceError."""
    group = find_group(member.group_id, session) if member else None
    if member is not None and group is not None and _is_coordinators(group, email):
        return shared_key(group.id, member.place)
    holder = find_live_by_address(email, session)
    if holder is not None and holder.id != registration.id:
        raise AddressNotForPlaceError("email")
    return address_key(email)


def _is_coordinators(group: Group, email: str) -> bool:
    return address_key(email) == group.email_key


def _forget_person(session: Session, registration_id: RegistrationId, person_id: PersonId) -> None:
    """Take from the registration what was the person's own, not the place's."""
    for table in (ConsentRow, AnswerRow, TagRow):
        session.execute(delete(table).where(table.registration_id == registration_id))
    # Its sender could correct the address for 30 minutes: of what is somebody else's now.
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.registration_id == registration_id)
        .values(payload=null(), registration_id=None)
        .execution_options(synchronize_session=False)
    )
    # The money that came stays with the place; whose address the invoice had does not.
    blank_invoice(session, registration_id)
    forget_letters(session, [registration_id])
    forget_once_committed(session)
    for listener in place_passed_on.entries():
        listener(session, registration_id)
    give_mails(session, ("registration", registration_id), ("person", person_id))
    forget_values(session, ("registration", registration_id), keeps=_KEPT_FIELDS)


def _write_new_person(
    session: Session,
    registration: Registration,
    command: PassOn,
    email_key: str,
    *,
    is_shared: bool,
    actor: Actor,
    now: datetime,
) -> None:
    details = command.person
    record_of = replace(details, email="") if is_shared else details
    person_id = create_person(session, record_of, actor=actor)
    write(
        session,
        registration.id,
        person_id=person_id,
        email=details.email,
        email_key=email_key,
        profession=command.profession,
        no_photographs=False,
        career_stage="",
        notice_number=None,
        # The cancellation of the person before was one newer than theirs, and this is newer than that.
        calendar_sequence=registration.calendar_sequence + 2,
        changed_at=now,
        revision=registration.revision + 1,
        **found_by(registration.number, details.email, details),
    )
    passed = {"person_id": (registration.person_id, person_id)}
    about = ("registration", registration.id)
    record(session, actor=actor, action=PASSED_ON, about=about, changes=passed, reason=command.reason)
    # By the number `personal.places_left` finds the reason again, which tells of the person before.
    left = {**passed, "registration_id": (registration.id, None)}
    record(session, actor=actor, action=PASSED_ON, about=("person", registration.person_id), changes=left)


def _rename(session: Session, member: Member, command: PassOn, *, is_shown: bool) -> None:
    session.execute(
        update(MemberRow)
        .where(MemberRow.registration_id == member.registration_id)
        .values(name=command.person.name, email=command.person.email, is_shown=is_shown)
        .execution_options(synchronize_session=False)
    )
