"""What this room keeps of a person, when two records of people become one."""

from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.speakers.tables import SpeakerAnswerRow


def move_answer(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give one person's answer by the link to another; of two the newer one counts."""
    theirs, own = session.get(SpeakerAnswerRow, gone), session.get(SpeakerAnswerRow, kept)
    if theirs is None:
        return
    if own is None:
        own = SpeakerAnswerRow(person_id=kept, confirmed_at=theirs.confirmed_at)
        own.registration_id = theirs.registration_id
        session.add(own)
    elif theirs.confirmed_at > own.confirmed_at:
        own.registration_id, own.confirmed_at = theirs.registration_id, theirs.confirmed_at
    session.delete(theirs)
    session.flush()
