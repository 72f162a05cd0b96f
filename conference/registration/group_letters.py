"""The mails of groups: the overview to the coordinator, and the farewell to who passed a place on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import PersonId
from conference.event.queries import get_event, organisers
from conference.mail.model import AttachmentOrder
from conference.mail.queries import mails_about
from conference.mail.service import NOT_SENT, enqueue
from conference.people.model import Person
from conference.people.queries import get_person
from conference.registration.category_queries import get_category
from conference.registration.facts import calendar_facts_of
from conference.registration.group_links import group_link_order
from conference.registration.group_model import Group
from conference.registration.group_personal import group_records
from conference.registration.group_queries import find_group, members_of
from conference.registration.model import STATE_WORDS, Registration, State
from conference.registration.rules import REMINDER_PAUSE
from conference.web.language import in_language

OVERVIEW = "group_overview"


def send_overview(session: Session, group: Group) -> None:
    """Mail the coordinator who is in the group and where each stands, with the link to the group's page."""
    person = get_person(group.person_id, session).details
    if not person.email:
        return  # erased
    with in_language(group.language):
        enqueue(
            session,
            kind=OVERVIEW,
            recipient=person.email,
            recipient_name=person.name,
            about=("registration_group", group.id),
            facts={
                "event": get_event(session),
                "organisers": organisers(session),
                "person": person,
                "category": get_category(group.category_id, session).details,
                # A line without a name is of somebody who was erased.
                "members": [one for one in members_of(group.id, session) if one.name],
                "state_words": STATE_WORDS,
            },
            link=group_link_order(group),
        )


def address_now(group_id: int, session: Session) -> str:
    """Return the address of the group's coordinator, "" where there is none."""
    group = find_group(group_id, session)
    return get_person(group.person_id, session).details.email if group else ""


def unsent_overviews(session: Session, person_id: PersonId) -> list[int]:
    """Return the groups of others in which the person is named, and whose coordinator is still to get an overview."""
    groups = [group_id for _, group_id in group_records(person_id, session)]
    return [
        group_id
        for group_id in groups
        if (group := find_group(group_id, session)) and group.person_id != person_id
        if any(
            mail.kind == OVERVIEW and mail.state in NOT_SENT
            for mail in mails_about("registration_group", group_id, session)
        )
    ]


def write_anew(session: Session, group_ids: Iterable[int]) -> None:
    """Mail each coordinator the overview as the group is now."""
    for group_id in group_ids:
        group = find_group(group_id, session)
        if group is not None:
            send_overview(session, group)


def was_told(session: Session, group: Group, since: datetime) -> bool:
    """Return whether an overview went out after that time."""
    return any(mail.created_at > since for mail in mails_about("registration_group", group.id, session))


def remind(session: Session, group: Group) -> None:
    """Mail the overview again, at most once in 10 minutes, so that nobody's mailbox can be filled."""
    if not was_told(session, group, real_now() - REMINDER_PAUSE):
        send_overview(session, group)


def send_farewell(session: Session, registration: Registration, person: Person, *, now: datetime) -> None:
    """Mail who passed the place on that the ticket is void, with the file that takes the event out of the calendar.

    It has no link, and is about the person: the registration is somebody else's now.
    """
    event, details = get_event(session), person.details
    category = get_category(registration.category_id, session).details
    ended = replace(
        registration,
        state=State.WITHDRAWN,
        changed_at=now,
        calendar_sequence=registration.calendar_sequence + 1,
    )
    with in_language(registration.language):
        enqueue(
            session,
            kind="passed_on",
            recipient=registration.email,
            recipient_name=details.name,
            about=("person", person.id),
            facts={
                "event": event,
                "organisers": organisers(session),
                "person": details,
                "registration": registration,
                "category": category,
                "extras": [],
            },
            attachments=[
                AttachmentOrder(kind="calendar", facts=calendar_facts_of(ended, details, category, event))
            ],
        )
