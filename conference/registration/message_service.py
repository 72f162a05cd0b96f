"""Mails that the office writes to many: one a person, all in one transaction, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import CategoryId, RegistrationId
from conference.core.linkable import defused
from conference.db.base import db
from conference.mail.defusing import OwnWords
from conference.mail.model import Rank
from conference.mail.service import enqueue, is_written
from conference.people.model import PersonDetails
from conference.people.queries import people_by_id
from conference.registration.category_queries import category_details
from conference.registration.links import link_order
from conference.registration.message_rules import filled, has_link
from conference.registration.model import CategoryDetails, Registration
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow
from conference.web.language import in_language, known

MAIL = "message"
# All are rendered in one transaction: 300 took half a second here, so these take under two.
AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What the office wrote. `key` is the random key of the form sheet: sent twice, it is written once."""

    key: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """One to whom a mail can go."""

    registration: Registration
    person: PersonDetails
    category: CategoryDetails

    def values(self) -> Mapping[str, str]:
        """Return what each placeholder says of this person, the link apart; no part of it becomes a link in a mail program."""
        return {
            "given_name": defused(self.person.given_name),
            "family_name": defused(self.person.family_name),
            "number": self.registration.number,
            "category": self.category.name_in(known(self.registration.language)),
        }


def readers(ids: Sequence[RegistrationId], session: Session | None = None) -> list[Reader]:
    """Return those of the registrations who gave an address, the oldest first. Two statements."""
    asked = session or db.session()
    rows = asked.scalars(
        select(RegistrationRow)
        .where(RegistrationRow.id.in_(ids), RegistrationRow.email != "")
        .order_by(RegistrationRow.id)
    )
    found = [registration_of_row(row) for row in rows]
    people = people_by_id((one.person_id for one in found), asked)
    kinds = category_details(asked)
    return [
        Reader(
            registration=one,
            person=people[one.person_id].details,
            category=kinds[CategoryId(one.category_id)],
        )
        for one in found
    ]


def send_to_all(
    session: Session, message: Message, ids: Sequence[RegistrationId], *, actor: Actor
) -> int | None:
    """Write the mail to each of them who has an address, and return how many; None where it was written before."""
    found = readers(ids, session)
    if found and is_written(session, _once(message, found[0])):
        return None
    for reader in found:
        _write(session, message, reader, actor)
    return len(found)


def _once(message: Message, reader: Reader) -> str:
    return "\0".join((MAIL, message.key, message.subject, message.text, str(reader.registration.id)))


def _write(session: Session, message: Message, reader: Reader, actor: Actor) -> None:
    registration, values = reader.registration, reader.values()
    about = ("registration", registration.id)
    with in_language(registration.language):
        enqueue(
            session,
            kind=MAIL,
            recipient=registration.email,
            recipient_name=reader.person.name,
            about=about,
            facts={
                "wanted_subject": OwnWords("".join(part or "" for part in filled(message.subject, values))),
                "parts": [part and OwnWords(part) for part in filled(message.text, values)],
            },
            link=link_order(registration) if has_link(message.text) else None,
            once=_once(message, reader),
            rank=Rank.CAMPAIGN,
        )
    record(session, actor=actor, action="message written", about=about)
