"""A delegation comes in, and its coordinator looks after it.

What the coordinator sees must not tell whether somebody's address was known before (trust.md 22). So:

- Places are counted for everybody who is named, known or not, before any address is looked at.
- Who has an address of their own is listed as "answered by mail", with name and address as the coordinator typed
  them, whether that mail was a confirmation or "you are registered already". Only the person's own page can let the
  coordinator see where the place stands, and withdraw it or pass it on.
- Who shares the coordinator's address is seen at once: these mails go to the coordinator. They get their places
  before the others, so that these do not depend on whether an address after them is known.
"""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_FORM, BY_LINK
from conference.audit.service import record
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.core.text import address_key, folded
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.registration import ledger
from conference.registration.category_queries import find_category
from conference.registration.earlier import known_by_address
from conference.registration.entry import enter
from conference.registration.errors import CategoryGoneError
from conference.registration.group_errors import GroupFullError
from conference.registration.group_letters import remind, send_overview
from conference.registration.group_model import GROUP_SIZE, Group, NamedPerson, RegisterGroup
from conference.registration.group_queries import (
    find_by_address,
    find_by_form,
    find_group,
    members_of,
    shared_key,
)
from conference.registration.group_rules import (
    in_turn,
    is_shared,
    require_different,
    require_new,
    require_places,
)
from conference.registration.group_tables import GroupRow, MemberRow
from conference.registration.model import Category, Choices, RegisterAttendee
from conference.registration.rules import require_open
from conference.registration.service import answer_known

_GROUP = cast("Table", GroupRow.__table__)
_MEMBER = cast("Table", MemberRow.__table__)


def group_key(command: RegisterGroup) -> str:
    """Return the key of this form as it was filled: 64 hexadecimal digits, as `attempts.attempt_key` does."""
    coordinator = command.coordinator
    parts = (command.form_key, address_key(coordinator.email), folded(coordinator.name))
    return hashlib.sha256("\0".join(("group", *parts)).encode()).hexdigest()


def register_group(session: Session, command: RegisterGroup, *, now: datetime) -> None:
    """Register everybody whom the form names, in one transaction, and mail each and the coordinator.

    A repeat of the form changes nothing. An address that coordinates a group of this category already gets its
    overview again instead. Raises, before any address is looked at, NamedTwiceError, EmptyGroupError,
    CategoryGoneError, CategoryClosedError, CategoryNotOpenError and GroupTooBigError.
    """
    require_different(command)
    category = _open_category(session, command.category_id, now)
    key = group_key(command)
    if find_by_form(key, session) is not None:
        return
    count = len(command.people) + int(command.takes_part)
    require_places(category, count, command.accepts_left)
    present = find_by_address(command.coordinator.email, category.id, session)
    if present is not None:
        remind(session, present)
        return
    with session.no_autoflush:
        group = _make_group(session, command, key, now)
        entrance = _Entrance(session, group, category, command, now)
        first = 1 + int(command.takes_part)
        if command.takes_part:
            entrance.let_coordinator_in()
        for person in in_turn(command):
            entrance.let_in(person, place=first + person.row)
    send_overview(session, group)


def _open_category(session: Session, category_id: CategoryId, now: datetime) -> Category:
    """Return the category, its row held, so that what is left now is left at the end."""
    ledger.lock(session, category_id)
    category = find_category(category_id, session)
    if category is None or not category.details.is_public:
        raise CategoryGoneError("category")
    require_open(category.details, now)
    return category


def _make_group(session: Session, command: RegisterGroup, key: str, now: datetime) -> Group:
    person_id = create_person(session, command.coordinator, actor=BY_FORM)
    values = {
        "form_key": key,
        "category_id": command.category_id,
        "person_id": person_id,
        "email_key": address_key(command.coordinator.email),
        "language": command.language,
        "link_version": 1,
        "created_at": now,
    }
    made = session.connection().execute(insert(_GROUP), values).inserted_primary_key
    assert made is not None
    record(session, actor=BY_FORM, action="group registered", about=("registration_group", made[0]))
    group = find_group(made[0], session)
    assert group is not None
    return group


class _Entrance:
    """Lets people into one group, one after the other, each with the place that the ledger gives."""

    def __init__(
        self, session: Session, group: Group, category: Category, command: RegisterGroup, now: datetime
    ) -> None:
        self._session, self._group, self._category = session, group, category
        self._command, self._now = command, now

    def let_coordinator_in(self) -> None:
        """Register the coordinator first, with the record that the group names too."""
        coordinator = self._command.coordinator
        named = NamedPerson(row=-1, given_name=coordinator.given_name, family_name=coordinator.family_name)
        made = self._enter_or_answer(self._group.person_id, coordinator, named)
        self._keep(named, coordinator.email, made, place=1, is_shown=True)

    def let_in(self, person: NamedPerson, *, place: int) -> None:
        coordinator = self._command.coordinator
        shared = is_shared(person, coordinator.email)
        details = PersonDetails(
            given_name=person.given_name,
            family_name=person.family_name,
            affiliation=coordinator.affiliation,
            country=coordinator.country,
            email=coordinator.email if shared else person.email,
        )
        made = (
            self._enter(None, details, person, email_key=shared_key(self._group.id, place))
            if shared
            else self._enter_or_answer(None, details, person)
        )
        self._keep(person, details.email, made, place=place, is_shown=shared)

    def _enter_or_answer(
        self, person_id: PersonId | None, details: PersonDetails, person: NamedPerson
    ) -> RegistrationId | None:
        known = known_by_address(details.email, self._session)
        if known.live is not None:
            answer_known(self._session, known.live, details)
            return None
        return self._enter(person_id, details, person, ended_number=known.ended_number)

    def _enter(
        self,
        person_id: PersonId | None,
        details: PersonDetails,
        person: NamedPerson,
        *,
        email_key: str = "",
        ended_number: str = "",
    ) -> RegistrationId:
        # A shared address is not the person's: it stands in the registration only, or erasing one would erase all.
        record_of = replace(details, email="") if email_key else details
        command = RegisterAttendee(
            form_key="",
            category_id=self._category.id,
            person=details,
            profession=person.profession,
            choices=Choices(no_photographs=person.no_photographs),
            language=self._command.language,
        )
        made = enter(
            self._session,
            self._category,
            person_id or create_person(self._session, record_of, actor=BY_FORM),
            command,
            actor=BY_FORM,
            now=self._now,
            ended_number=ended_number,
            email_key=email_key,
        )
        return made.id

    def _keep(
        self, person: NamedPerson, email: str, made: RegistrationId | None, *, place: int, is_shown: bool
    ) -> None:
        self._session.connection().execute(
            insert(_MEMBER),
            {
                "group_id": self._group.id,
                "place": place,
                "registration_id": made,
                "name": person.name,
                "email": email,
                "is_shown": is_shown,
            },
        )


def add_member(
    session: Session, group: Group, person: NamedPerson, *, accepts_left: int | None, now: datetime
) -> None:
    """Register one more person in the group, and mail them.

    Raises GroupFullError beyond 20, and as `register_group` does.
    """
    category = _open_category(session, group.category_id, now)
    members = members_of(group.id, session)
    if sum(one.counts for one in members) >= GROUP_SIZE:
        raise GroupFullError(size=GROUP_SIZE)
    coordinator = get_person(group.person_id, session).details
    command = RegisterGroup(
        form_key="",
        category_id=group.category_id,
        coordinator=replace(coordinator, email=coordinator.email or group.email_key),
        takes_part=False,
        people=(person,),
        language=group.language,
    )
    require_new(person, members, command.coordinator.email)
    require_places(category, 1, accepts_left)
    last = session.scalar(select(func.max(MemberRow.place)).where(MemberRow.group_id == group.id)) or 0
    with session.no_autoflush:
        _Entrance(session, group, category, command, now).let_in(person, place=last + 1)
    record(session, actor=BY_LINK, action="group member added", about=("registration_group", group.id))


def show_to_coordinator(session: Session, registration_id: RegistrationId, *, is_shown: bool) -> None:
    """Let the coordinator see and manage the place, or stop it; at the wish of the person who holds it."""
    session.execute(
        update(MemberRow)
        .where(MemberRow.registration_id == registration_id)
        .values(is_shown=is_shown)
        .execution_options(synchronize_session=False)
    )
    action = "shown to the coordinator" if is_shown else "hidden from the coordinator"
    record(session, actor=BY_LINK, action=action, about=("registration", registration_id))
