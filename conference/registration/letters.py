"""The mails of a registration: which one, with which facts, link and papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What the mail of a change names, label and new value in the reader's language.

    `days_gone` are those that the registration is no longer for: a file of their own takes them out of the calendar.
    """

    rows: Sequence[tuple[str, str]] = ()
    days_gone: Sequence[date] = ()


_NO_CHANGES = Changes()


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
    changes: Changes = _NO_CHANGES,
) -> None:
    """Put a mail of this kind into the outbox; none for who gave no address. What the caller has is not read again."""
    if not registration.email:
        return
    person = person or get_person(registration.person_id, session).details
    category = category or get_category(registration.category_id, session).details
    extras = held_extras(registration.id, registration.language, session) if extras is None else extras
    # Who reads the mail may speak another language than who caused it.
    with in_language(registration.language):
        facts = _facts(session, registration, person, category, extras)
        facts |= {"had_seat": had_seat, "reason": reason, "extra": extra, "changes": changes.rows}
        facts["has_papers"] = has_papers = _has_papers(kind, registration)
        facts["ended_number"] = _ended(kind, ended_number, registration, session)
        papers = _papers(session, registration, person, category, has_papers=has_papers, had_seat=had_seat)
        papers += _days_out(session, registration, person, category, changes.days_gone)
        enqueue(
            session,
            kind=kind,
            recipient=registration.email,
            recipient_name=person.name,
            about=("registration", registration.id),
            facts=facts,
            link=link_order(registration),
            attachments=papers,
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


def _ended(kind: str, known: str | None, registration: Registration, session: Session) -> str:
    """Return the number of the earlier registration whose ticket is void, for the mails that say so."""
    if kind not in _WITH_ENDED:
        return ""
    return ended_before(registration, session) if known is None else known


def _has_papers(kind: str, registration: Registration) -> bool:
    return kind in _WITH_PAPERS or (kind == "changed" and registration.state is State.CONFIRMED)


def _papers(
    session: Session,
    registration: Registration,
    person: PersonDetails,
    category: CategoryDetails,
    *,
    has_papers: bool,
    had_seat: bool,
) -> list[AttachmentOrder]:
    """Return the ticket where a seat comes, and the calendar file where one comes or goes."""
    papers: list[AttachmentOrder] = []
    event = get_event(session)
    if has_papers:
        ticket = ticket_facts_of(registration, person, category, event, organisers(session))
        papers.append(AttachmentOrder(kind="ticket", facts=ticket))
    if has_papers or had_seat:
        entries = calendar_facts_of(registration, person, category, event)
        papers.append(AttachmentOrder(kind="calendar", facts=entries))
    return papers


def _days_out(
    session: Session,
    registration: Registration,
    person: PersonDetails,
    category: CategoryDetails,
    days: Sequence[date],
) -> list[AttachmentOrder]:
    """Return the file that takes these days out of the calendar, none without a day."""
    if not days:
        return []
    entries = calendar_facts_of(registration, person, category, get_event(session))
    gone = {"is_cancelled": True, "days": [day.isoformat() for day in days]}
    return [AttachmentOrder(kind="calendar", facts=entries | gone)]


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
