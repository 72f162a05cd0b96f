"""The mails with the personal link of a speaker, or of a member of the programme committee."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM, clock
from conference.event.queries import get_event, organisers
from conference.mail.model import AttachmentOrder
from conference.mail.service import enqueue
from conference.people.model import Person
from conference.programme.words import ROLE_WORDS
from conference.speakers.committee_queries import COMMITTEE_MAIL
from conference.speakers.links import link_order
from conference.speakers.model import Member, Missing, Speaker, Standing
from conference.speakers.queries import MAIL, find_invitation
from conference.speakers.tasks import answer_due, member_due
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
    is_open = speaker.standing in ASKED
    due = answer_due(find_invitation(speaker.person.id, session), get_event(session).first_day)
    write(
        session,
        MAIL,
        speaker.person,
        parts=speaker.parts,
        role_words=ROLE_WORDS,
        is_open=is_open,
        # A day that is over would read as a reproach.
        answer_by=due if is_open and due >= today() else None,
    )


def write(
    session: Session,
    kind: str,
    person: Person,
    attachments: Sequence[AttachmentOrder] = (),
    *,
    once: str = "",
    **facts: object,
) -> None:
    """Put a mail with the personal link into the outbox, in the language spoken now. `once` is as in `enqueue`.

    Its template is given event, organisers and person beside the facts.
    """
    enqueue(
        session,
        kind=kind,
        recipient=person.details.email,
        recipient_name=person.details.name,
        about=("person", person.id),
        facts={
            "event": get_event(session),
            "organisers": organisers(session),
            "person": person.details,
            **facts,
        },
        link=link_order(person),
        attachments=attachments,
        once=once,
    )


def send_to_member(session: Session, member: Member) -> None:
    """Ask a member of the programme committee to disclose, or tell them where what they signed can be changed."""
    due = member_due(get_event(session).first_day)
    with in_language(member.language):
        write(
            session,
            COMMITTEE_MAIL,
            member.person,
            duty=member.membership.duty,
            is_open=bool(member.missing),
            answer_by=due if member.missing and due >= today() else None,
        )


def send_reminder(session: Session, person: Person, missing: Sequence[Missing], language: str) -> None:
    """Put a reminder of what is missing into the outbox, in this transaction."""
    with in_language(language):
        write(
            session,
            "speaker_reminder",
            person,
            missing=missing,
            task_words=TASK_WORDS,
            first_due=min(one.due for one in missing),
            today=today(),
        )
