"""The mails of a registration: which one, with which facts, link and papers."""

from typing import Any

from sqlalchemy.orm import Session

from conference.event.queries import get_event, organisers
from conference.mail.model import AttachmentOrder
from conference.mail.service import enqueue
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.registration.category_queries import get_category
from conference.registration.facts import calendar_facts_of, ticket_facts_of
from conference.registration.links import link_order
from conference.registration.model import CategoryDetails, Registration, State
from conference.registration.queries import waiting_place
from conference.registration.rules import require_live

# Mails that a seat comes with: ticket and calendar file go along.
_WITH_PAPERS = frozenset({"confirmation", "promoted"})


def send(
    session: Session,
    kind: str,
    registration: Registration,
    *,
    person: PersonDetails | None = None,
    category: CategoryDetails | None = None,
    **extra: object,
) -> None:
    """Put a mail of this kind into the outbox, in this transaction. What the caller has at hand is not read again."""
    person = person or get_person(registration.person_id, session).details
    category = category or get_category(registration.category_id, session).details
    event = get_event(session)
    facts: dict[str, object] = {
        "event": event,
        "organisers": organisers(session),
        "person": person,
        "registration": registration,
        "category": category,
        "waiting_place": waiting_place(registration, session)
        if registration.state is State.WAITING
        else None,
    }
    papers: list[AttachmentOrder] = []
    if kind in _WITH_PAPERS:
        ticket = ticket_facts_of(registration, person, category, event)
        papers = _papers(ticket, calendar_facts_of(registration, person, event))
    enqueue(
        session,
        kind=kind,
        recipient=registration.email,
        recipient_name=person.name,
        about=("registration", registration.id),
        facts=facts | extra,
        link=link_order(registration),
        attachments=papers,
    )


def _papers(ticket: dict[str, Any], calendar: dict[str, Any]) -> list[AttachmentOrder]:
    return [AttachmentOrder(kind="ticket", facts=ticket), AttachmentOrder(kind="calendar", facts=calendar)]


def send_answer(
    session: Session,
    registration: Registration,
    *,
    person: PersonDetails | None = None,
    category: CategoryDetails | None = None,
) -> None:
    """Mail where a live registration stands: a confirmation, or the place in the waiting list."""
    require_live(registration)
    kind = "confirmation" if registration.state is State.CONFIRMED else "waiting"
    send(session, kind, registration, person=person, category=category)
