"""Walk-ins: who stands at the desk is registered through the same ledger as everybody."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import CategoryId, RegistrationId
from conference.core.text import address_key
from conference.db.base import db
from conference.event.queries import get_event
from conference.people.model import PersonDetails
from conference.people.service import create_person
from conference.registration import ledger
from conference.registration.category_queries import find_category
from conference.registration.desk_errors import AlreadyHereError, FullAtDeskError
from conference.registration.desk_rules import require_open_at_desk, state_at_desk
from conference.registration.entry import PENDING_CLAIM, enter
from conference.registration.errors import AddressTakenError, CategoryGoneError, ReasonMissingError
from conference.registration.model import Category, Choices, RegisterAttendee, Registration, State
from conference.registration.queries import find_live_by_address, registration_of_row
from conference.registration.sorting import sort_key
from conference.registration.tables import RegistrationRow
from conference.registration.writing import write

# More of one name than fit on a screen help nobody to choose.
_MOST_SHOWN = 10


class WhenFull(StrEnum):
    """What the desk chose for somebody whose category is full."""

    WAIT = "wait"
    OVER = "over"


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkIn:
    """One filled form of the desk. `person.email` may be empty; then no mail is ever sent.

    `other_than` are registrations of the same name of which the desk has said that they are somebody else's.
    """

    category_id: CategoryId
    person: PersonDetails
    no_photographs: bool = False
    other_than: frozenset[int] = frozenset()
    when_full: WhenFull | None = None
    reason: str = ""
    may_approve: bool = False
    language: str = ""


def same_people(person: PersonDetails, session: Session | None = None) -> list[Registration]:
    """Return registrations of this name, in either order, or with this address, ended ones too, the newest first."""
    given, family = person.given_name, person.family_name
    names = {sort_key(family or given, given), sort_key(given, family)}
    # "" stands for no address, and is nobody's key.
    has_address = RegistrationRow.email_key == address_key(person.email)
    is_same = or_(RegistrationRow.sort_name.in_(names), has_address)
    found = select(RegistrationRow).where(is_same).order_by(RegistrationRow.id.desc()).limit(_MOST_SHOWN)
    return [registration_of_row(row) for row in (session or db.session).scalars(found)]


def register_walk_in(session: Session, command: WalkIn, *, actor: Actor, now: datetime) -> RegistrationId:
    """Register who stands at the desk, with a mail where there is an address, and return the registration's id.

    Raises CategoryGoneError, CategoryClosedError, CategoryNotOpenError; AddressTakenError and AlreadyHereError for
    who is registered already; FullAtDeskError and ReasonMissingError where no place is free.
    """
    # First of all, so that two presses of one button come one after the other, and the second finds the first.
    ledger.lock(session, command.category_id)
    category = find_category(command.category_id, session)
    if category is None:
        raise CategoryGoneError("category")
    event = get_event(session)
    require_open_at_desk(category.details, now, event.first_day, event.last_day)
    _require_new(session, command)
    is_over, claim = _claim(session, category, command)
    form = RegisterAttendee(
        form_key="",
        category_id=category.id,
        person=command.person,
        choices=Choices(no_photographs=command.no_photographs),
        language=command.language,
    )
    person_id = create_person(session, command.person, actor=actor)
    made = enter(session, category, person_id, form, actor=actor, now=now, claimed=claim)
    if is_over:
        _note_over(session, made.id, command.reason, actor)
    return made.id


def _require_new(session: Session, command: WalkIn) -> None:
    if command.person.email and find_live_by_address(command.person.email, session) is not None:
        raise AddressTakenError("email")
    if {one.id for one in same_people(command.person, session)} - command.other_than:
        raise AlreadyHereError("other_than")


def _claim(session: Session, category: Category, command: WalkIn) -> tuple[bool, ledger.Claim]:
    """Return whether the place is one over the limit, and what the ledger gave."""
    state = state_at_desk(category, may_approve=command.may_approve)
    if state is State.PENDING:
        return False, PENDING_CLAIM
    if state is State.WAITING and command.when_full is None:
        raise FullAtDeskError("when_full", category=category.name)
    if state is State.WAITING and command.when_full is WhenFull.OVER:
        if not command.reason:
            raise ReasonMissingError("reason")
        ledger.admit_over(session, category.id)
        return True, ledger.Claim(state=State.CONFIRMED)
    return False, ledger.claim(session, category.id, name=category.name)


def _note_over(session: Session, registration_id: RegistrationId, reason: str, actor: Actor) -> None:
    write(session, registration_id, is_over_limit=True)
    about = ("registration", registration_id)
    record(session, actor=actor, action="admitted over the limit", about=about, reason=reason)
