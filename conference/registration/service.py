"""Every change of a registration. Seats go through the ledger, people through their room, mails through the outbox."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import BY_FORM, Actor
from conference.audit.service import record
from conference.core.clock import real_now
from conference.core.ids import PersonId, RegistrationId
from conference.core.text import address_key
from conference.mail.queries import mails_about
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.people.service import insert_person
from conference.registration import attempts, letters
from conference.registration.category_queries import find_facts, speakers_category
from conference.registration.change_letters import send_changed, send_moved
from conference.registration.desk_errors import AddressNeededError, NoAddressError
from conference.registration.earlier import known_by_address
from conference.registration.entitlements import note_use, redeem, require_entitled
from conference.registration.entry import enter
from conference.registration.errors import (
    AddressTakenError,
    CategoryGoneError,
    NoSpeakersCategoryError,
    QuestionsChangedError,
)
from conference.registration.extra_seats import require_offered
from conference.registration.invitation_errors import CodeUsedUpError, InvitationUsedError
from conference.registration.leaving import change_category, held, leave
from conference.registration.model import (
    Category,
    CategoryFacts,
    ChangeRegistration,
    RegisterAttendee,
    Registration,
    State,
)
from conference.registration.queries import (
    find_live_by_address,
    find_live_by_person,
    find_registration,
    get_registration,
)
from conference.registration.question_answers import write_changed
from conference.registration.question_queries import asked_questions
from conference.registration.registry import registration_ended
from conference.registration.rules import REMINDER_PAUSE, require_live, same_name
from conference.registration.writing import let_papers_die, move_address, refresh_search, write_details


def register(session: Session, command: RegisterAttendee, *, now: datetime) -> str:
    """Answer one filled form by mail, and return the key of the attempt, the same for a repeat.

    A new address is registered, or put on the waiting list; a known one gets a mail that says so, and the caller
    cannot tell which. Raises CategoryGoneError, CategoryClosedError and CategoryNotOpenError, and as `require_entitled`
    and `require_offered` do, before the address is looked at; QuestionsChangedError for a form that was read by outdated questions.
    """
    key = attempts.attempt_key(command)
    if attempts.is_known(session, key):
        return key
    read_by = command.answers.read_by
    if read_by is not None and read_by is not asked_questions(session):
        raise QuestionsChangedError
    # Each step writes what it needs written; a flush before each query in between would only cost time.
    with session.no_autoflush:
        try:
            made = _answer_form(session, command, now=now)
        except (InvitationUsedError, CodeUsedUpError):
            # Of one form sent twice at once the second finds what the first has used, and has its answer.
            if attempts.is_known(session, key):
                return key
            raise
    attempts.keep(session, command, made)
    return key


def _answer_form(session: Session, command: RegisterAttendee, *, now: datetime) -> RegistrationId | None:
    category = _open_category(session, command, now)
    known = known_by_address(command.person.email, session)
    if known.live is not None:
        answer_known(session, known.live, command.person)
        return None
    claimed = redeem(session, category, command, now=now)
    person_id = insert_person(session, command.person)
    made = enter(
        session,
        category,
        person_id,
        command,
        actor=BY_FORM,
        now=now,
        ended_number=known.ended_number,
        claimed=claimed,
        is_new_person=True,
    )
    note_use(session, command.entitlement, made.id)
    return made.id


def _open_category(session: Session, command: RegisterAttendee, now: datetime) -> CategoryFacts:
    category = find_facts(command.category_id, session)
    if category is None:
        raise CategoryGoneError("category")
    require_entitled(session, category, command, now=now)
    require_offered(session, category, command.extras)
    return category


def answer_known(session: Session, holder: Registration, sender: PersonDetails) -> None:
    """Mail the holder of a known address, at most once in 10 minutes, so that nobody's mailbox can be filled."""
    person = get_person(holder.person_id, session).details
    kind = "already_registered" if same_name(person, sender) else "other_name"
    since = real_now() - REMINDER_PAUSE
    earlier = mails_about("registration", holder.id, session)
    if not any(mail.kind == kind and mail.created_at > since for mail in earlier):
        letters.send(session, kind, holder, person=person)


def correct(session: Session, attempt: str, email: str, *, now: datetime) -> None:
    """Let the form end as if it had been sent with this address at first.

    What it registered moves to the new address, and the links mailed so far die; where the new address is known
    already, the mistaken registration gives its seat back. Raises CorrectionOverError, and as `register` does:
    for known and new addresses alike, so that nobody learns which is known.
    """
    row, before = attempts.open_attempt(session, attempt)
    command = attempts.with_address(before, email)
    if address_key(email) == address_key(before.person.email):
        return
    _open_category(session, command, now)
    made = _live_one(session, row.registration_id)
    if made is None:
        attempts.correct_attempt(row, command, _answer_form(session, command, now=now))
        return
    holder = find_live_by_address(email, session)
    if holder is None:
        move_address(session, made, email, actor=BY_FORM, now=now)
        letters.send_answer(session, get_registration(made.id, session))
    else:
        leave(session, made.id, State.WITHDRAWN, actor=BY_FORM, now=now)
        let_papers_die(session, made.id)
        answer_known(session, holder, command.person)
    attempts.correct_attempt(row, command, made.id if holder is None else None)


def _live_one(session: Session, registration_id: int | None) -> Registration | None:
    """Return what the form registered if it is still live, held so that it stays as it is meanwhile."""
    if registration_id is None or find_registration(RegistrationId(registration_id), session) is None:
        return None
    found = held(session, RegistrationId(registration_id))
    return found if found.is_live else None


def withdraw(
    session: Session,
    registration_id: RegistrationId,
    *,
    actor: Actor,
    now: datetime,
    state: State = State.WITHDRAWN,
    reason: str = "",
) -> None:
    """End a registration, tell its person, and offer the seat to the longest waiting; done twice it is done once.

    `state` is WITHDRAWN at the person's wish, CANCELLED by the office. Raises NotFoundError, MoveRefusedError.
    """
    left = leave(session, registration_id, state, actor=actor, now=now, reason=reason)
    if left is not None:
        letters.send_end(session, left.registration, had_seat=left.had_seat)
        for listener in registration_ended.entries():
            listener(session, left.registration.person_id)


def change(session: Session, command: ChangeRegistration, *, actor: Actor, now: datetime) -> None:
    """Write new details of person and registration together, each against the revision that was seen, and mail them.

    Raises NotFoundError, MoveRefusedError for one that is not live, AddressTakenError, and as `revise` does.
    """
    registration = held(session, command.registration_id)
    require_live(registration)
    before = get_person(registration.person_id, session).details
    write_details(session, registration, command, actor=actor, now=now)
    write_changed(session, registration.id, command.answers, actor=actor, now=now)
    if command.email is not None and command.email != registration.email:
        _move_by_office(session, registration.id, command.email, actor=actor, now=now)
    else:
        send_changed(session, get_registration(registration.id, session), before)


def _move_by_office(
    session: Session, registration_id: RegistrationId, email: str, *, actor: Actor, now: datetime
) -> None:
    if not email:
        raise AddressNeededError("email")
    holder = find_live_by_address(email, session)
    if holder is not None and holder.id != registration_id:
        raise AddressTakenError("email")
    move_address(session, get_registration(registration_id, session), email, actor=actor, now=now)
    letters.send_answer(session, get_registration(registration_id, session))


def send_again(session: Session, registration_id: RegistrationId, *, actor: Actor) -> None:
    """Mail where the registration stands once more, with its link. Raises NotFoundError, MoveRefusedError, NoAddressError."""
    registration = held(session, registration_id)
    require_live(registration)
    if not registration.email:
        raise NoAddressError
    record(session, actor=actor, action="confirmation sent again", about=("registration", registration_id))
    letters.send_answer(session, registration)


def register_speaker(
    session: Session, person_id: PersonId, *, email: str, actor: Actor, now: datetime, language: str = ""
) -> RegistrationId:
    """Return the speaker's live registration, made in the speakers' category if there is none yet.

    Who registered as an attendee before, by the same address and name, moves over and keeps number and code.
    Raises NotFoundError, NoSpeakersCategoryError, CategoryClosedError, AddressTakenError.
    """
    person = get_person(person_id, session)
    present = find_live_by_person(person_id, session)
    if present is not None:
        refresh_search(session, present, person)
        return present.id
    category = speakers_category(session)
    if category is None:
        raise NoSpeakersCategoryError
    details = replace(person.details, email=email)
    holder = find_live_by_address(email, session)
    if holder is not None:
        return _become_speaker(session, holder, category, person_id, details, actor=actor, now=now)
    command = RegisterAttendee(form_key="", category_id=category.id, person=details, language=language)
    return enter(session, category, person_id, command, actor=actor, now=now).id


def _become_speaker(
    session: Session,
    holder: Registration,
    category: Category,
    person_id: PersonId,
    details: PersonDetails,
    *,
    actor: Actor,
    now: datetime,
) -> RegistrationId:
    if not same_name(get_person(holder.person_id, session).details, details):
        raise AddressTakenError("email")
    change_category(session, holder.id, category, person_id, actor=actor, now=now)
    moved = get_registration(holder.id, session)
    refresh_search(session, moved, replace(get_person(person_id, session), details=details))
    send_moved(session, moved, holder.category_id)
    return holder.id
