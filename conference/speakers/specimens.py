"""Examples of the mails of speakers, for who changes their words."""

from dataclasses import replace

from sqlalchemy.orm import Session

from conference.speakers.letters import ASKED, send, send_reminder
from conference.speakers.queries import MAIL, speakers


def of_speaker(session: Session, kind: str, _number: str, language: str) -> None:
    """Make the mail of the first speaker by name to whom it could go: who has not confirmed, or has something missing."""
    found = [one for one in speakers(session) if one.person.details.email]
    if kind == MAIL:
        asked = [one for one in found if one.standing in ASKED] or found
        if asked:
            send(session, replace(asked[0], language=language))
    else:
        owing = [one for one in found if one.missing]
        if owing:
            send_reminder(session, replace(owing[0], language=language))
