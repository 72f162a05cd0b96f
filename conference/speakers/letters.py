"""The mail with a speaker's personal link."""

from sqlalchemy.orm import Session

from conference.event.queries import get_event, organisers
from conference.mail.service import enqueue
from conference.programme.words import ROLE_WORDS
from conference.speakers.links import link_order
from conference.speakers.model import Speaker, Standing
from conference.speakers.queries import MAIL
from conference.web.language import in_language


def send(session: Session, speaker: Speaker) -> None:
    """Put the mail into the outbox, in this transaction, with the parts as the draft has them now."""
    # English for now, whatever the reader of the page that caused it speaks.
    with in_language("en"):
        _enqueue(session, speaker)


def _enqueue(session: Session, speaker: Speaker) -> None:
    details = speaker.person.details
    enqueue(
        session,
        kind=MAIL,
        recipient=details.email,
        recipient_name=details.name,
        about=("person", speaker.person.id),
        facts={
            "event": get_event(session),
            "organisers": organisers(session),
            "person": details,
            "parts": speaker.parts,
            "role_words": ROLE_WORDS,
            "is_open": speaker.standing in {Standing.OPEN, Standing.WITHDRAWN},
        },
        link=link_order(speaker.person),
    )
