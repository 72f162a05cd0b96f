"""The mail to who marked sessions and asked for news of them."""

from sqlalchemy.orm import Session

from conference.event.queries import get_event, organisers
from conference.mail.service import enqueue
from conference.people.model import Person
from conference.registration.links import link_order
from conference.registration.model import Registration
from conference.speakers.told import MarkedChanges
from conference.web.language import in_language

MARKED = "marked_changed"


def send_marked(
    session: Session, registration: Registration, person: Person, changes: MarkedChanges, number: int
) -> None:
    """Put the mail into the outbox, in the registration's language, with the link to its page.

    `number` counts the mails of this kind to the registration. A place that is passed on leaves its mails behind and
    begins anew, under the next version of its link.
    """
    with in_language(registration.language):
        enqueue(
            session,
            kind=MARKED,
            recipient=registration.email,
            recipient_name=person.details.name,
            about=("registration", registration.id),
            facts={
                "event": get_event(session),
                "organisers": organisers(session),
                "person": person.details,
                "marked": changes,
            },
            link=link_order(registration),
            once=f"{MARKED}\0{registration.id}\0{registration.link_version}\0{number}",
        )
