"""The mails of a registration: which one, with which facts, link and papers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from conference.event.model import Event
from conference.event.queries import get_event, organisers
from conference.mail.model import AttachmentOrder
from conference.mail.service import enqueue
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.registration.category_queries import category_details, get_category
from conference.registration.earlier import ended_before
from conference.registration.extra_model import EXTRA_WORDS, ExtraState, HeldExtra
from conference.registration.extra_queries import extra_details, held_extras
from conference.registration.facts import calendar_facts_of, ticket_facts_of
from conference.registration.fee_queries import fee_currency
from conference.registration.fee_rules import amount_words, due_minor
from conference.registration.links import link_order
from conference.registration.model import CategoryDetails, Registration, State
from conference.registration.queries import waiting_place
from conference.registration.rules import require_live
from conference.web.language import gettext, in_language

# Mails that a seat comes with: ticket and calendar file go along.
_WITH_PAPERS = frozenset({"confirmation", "approved", "promoted"})
# Mails that say which earlier ticket is void.
_WITH_ENDED = _WITH_PAPERS | {"waiting", "pending"}
# Which mail says where a live registration stands; a confirmation for those with a seat for good.
_ANSWERS = {State.PENDING: "pending", State.OFFERED: "offered", State.WAITING: "waiting"}


def send(
    session: Session,
    kind: str,
    registration: Registration,
    *,
    person: PersonDetails | None = None,
    category: CategoryDetails | None = None,
    ended_number: str | None = None,
    had_seat: bool = False,
    reason: str = "",
    extras: Sequence[HeldExtra] | None = None,
    extra: str = "",
    changes: Sequence[tuple[str, str]] = (),
    days_gone: Sequence[date] = (),
) -> None:
    """Put a mail of this kind into the outbox, in this transaction; none for who gave the desk no address.

    What the caller has at hand is not read again. `changes` are what the mail of a change names, in the reader's
    language; `days_gone` are taken out of the calendar by a file of their own.
    """
    if not registration.email:
        return
    person = person or get_person(registration.person_id, session).details
    category = category or get_category(registration.category_id, session).details
    if extras is None:
        extras = held_extras(registration.id, registration.language, session)
    # Who reads the mail may speak another language than who caused it.
    with in_language(registration.language):
        facts = _facts(session, registration, person, category, extras)
        has_papers = kind in _WITH_PAPERS or (kind == "changed" and registration.state is State.CONFIRMED)
        facts |= {"had_seat": had_seat, "reason": reason, "extra": extra}
        facts |= {"changes": changes, "has_papers": has_papers}
        if kind in _WITH_ENDED:
            known = ended_number is not None
            facts["ended_number"] = ended_number if known else ended_before(registration, session)
        enqueue(
            session,
            kind=kind,
            recipient=registration.email,
            recipient_name=person.name,
            about=("registration", registration.id),
            facts=facts,
            link=link_order(registration),
            attachments=_papers(
                registration,
                person,
                category,
                get_event(session),
                has_ticket=has_papers,
                has_calendar=has_papers or had_seat,
                days_gone=days_gone,
            ),
        )


def _facts(
    session: Session,
    registration: Registration,
    person: PersonDetails,
    category: CategoryDetails,
    extras: Sequence[HeldExtra],
) -> dict[str, object]:
    is_waiting = registration.state is State.WAITING
    return {
        "event": get_event(session),
        "organisers": organisers(session),
        "person": person,
        "registration": registration,
        "category": category,
        "extras": [_extra_words(one) for one in extras] if registration.is_live else [],
        "waiting_place": waiting_place(registration, session) if is_waiting else None,
        "fee": _fee_words(session, registration, extras),
    }


def _fee_words(session: Session, registration: Registration, extras: Sequence[HeldExtra]) -> str:
    """Return what is due, "" for nothing. No statement: the extras are at hand."""
    known = extra_details(session)
    fees = [known[one.extra_id].fee_minor for one in extras if one.state is ExtraState.CONFIRMED]
    category = category_details(session)[registration.category_id]
    due = due_minor(registration.state, category.fee_minor, fees)
    return amount_words(due, fee_currency(session)) if due else ""


def _extra_words(extra: HeldExtra) -> str:
    """Return what a mail says of an extra: its name, and where it stands unless it is confirmed."""
    if extra.state is ExtraState.CONFIRMED:
        return extra.name
    words = gettext(EXTRA_WORDS[extra.state])
    if extra.place is not None:
        words = gettext("waiting list, place %(place)s", place=extra.place)
    return f"{extra.name} ({words})"


def _papers(
    registration: Registration,
    person: PersonDetails,
    category: CategoryDetails,
    event: Event,
    *,
    has_ticket: bool,
    has_calendar: bool,
    days_gone: Sequence[date],
) -> list[AttachmentOrder]:
    """Return the ticket where a seat comes, and the calendar file where one comes or goes."""
    papers: list[AttachmentOrder] = []
    if has_ticket:
        ticket = ticket_facts_of(registration, person, category, event)
        papers.append(AttachmentOrder(kind="ticket", facts=ticket))
    entries = calendar_facts_of(registration, person, category, event)
    if has_calendar:
        papers.append(AttachmentOrder(kind="calendar", facts=entries))
    if days_gone:
        gone = {"is_cancelled": True, "days": [day.isoformat() for day in days_gone]}
        papers.append(AttachmentOrder(kind="calendar", facts=entries | gone))
    return papers


def send_answer(
    session: Session,
    registration: Registration,
    *,
    person: PersonDetails | None = None,
    category: CategoryDetails | None = None,
    ended_number: str | None = None,
    extras: Sequence[HeldExtra] | None = None,
) -> None:
    """Mail where a live registration stands, as with a confirmation or the place in the waiting list."""
    require_live(registration)
    kind = _ANSWERS.get(registration.state, "confirmation")
    send(
        session,
        kind,
        registration,
        person=person,
        category=category,
        ended_number=ended_number,
        extras=extras,
    )


def send_end(session: Session, registration: Registration, *, had_seat: bool) -> None:
    """Mail that a registration has ended; to who had a seat with the file that takes it out of the calendar."""
    send(session, "withdrawn", registration, had_seat=had_seat)
