"""The mail with a speaker's personal link."""

from datetime import date

from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM, clock
from conference.event.queries import get_event, organisers
from conference.mail.service import enqueue
from conference.programme.words import ROLE_WORDS
from conference.speakers.links import link_order
from conference.speakers.model import Speaker, Standing
from conference.speakers.queries import MAIL, find_invitation
from conference.speakers.tasks import answer_due
from conference.speakers.words import TASK_WORDS
from conference.web.language import in_language

ASKED = (Standing.OPEN, Standing.INVITED, Standing.WITHDRAWN, Standing.DECLINED)


def today() -> date:
    """Return the conference's day in Stockholm."""
    return clock.now().astimezone(STOCKHOLM).date()


def send(session: Session, speaker: Speaker) -> None:
    """Put the mail into the outbox, in this transaction, with the parts as the draft has them now."""
    # The speaker's language, whatever the reader of the page that caused it speaks.
    with in_language(speaker.language):
        _enqueue(session, speaker)


def _enqueue(session: Session, speaker: Speaker) -> None:
    details, event = speaker.person.details, get_event(session)
    is_open = speaker.standing in ASKED
    due = answer_due(find_invitation(speaker.person.id, session), event.first_day)
    enqueue(
        session,
        kind=MAIL,
        recipient=details.email,
        recipient_name=details.name,
        about=("person", speaker.person.id),
        facts={
            "event": event,
            "organisers": organisers(session),
            "person": details,
            "parts": speaker.parts,
            "role_words": ROLE_WORDS,
            "is_open": is_open,
            # A day that is over would read as a reproach.
            "answer_by": due if is_open and due >= today() else None,
        },
        link=link_order(speaker.person),
    )


def send_reminder(session: Session, speaker: Speaker) -> None:
    """Put a reminder of what is missing into the outbox, in this transaction."""
    with in_language(speaker.language):
        _enqueue_reminder(session, speaker)


def _enqueue_reminder(session: Session, speaker: Speaker) -> None:
    details = speaker.person.details
    enqueue(
        session,
        kind="speaker_reminder",
        recipient=details.email,
        recipient_name=details.name,
        about=("person", speaker.person.id),
        facts={
            "event": get_event(session),
            "organisers": organisers(session),
            "person": details,
            "missing": speaker.missing,
            "task_words": TASK_WORDS,
            "first_due": min(one.due for one in speaker.missing),
            "today": today(),
        },
        link=link_order(speaker.person),
    )
