"""Tags on registrations: a word of the office's own, put on and taken off."""

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.registration.queries import get_registration
from conference.registration.tables import TagRow
from conference.registration.writing import write


def tag(session: Session, registration_id: RegistrationId, word: str, *, actor: Actor) -> None:
    """Put the tag on; done twice it is done once. Raises NotFoundError."""
    get_registration(registration_id, session)
    if not _has(session, registration_id, word):
        session.execute(insert(TagRow).values(registration_id=registration_id, tag=word))
        _note(session, registration_id, ("", word), actor)


def untag(session: Session, registration_id: RegistrationId, word: str, *, actor: Actor) -> None:
    """Take the tag off, if it is there. Raises NotFoundError."""
    get_registration(registration_id, session)
    if _has(session, registration_id, word):
        session.execute(delete(TagRow).where(TagRow.registration_id == registration_id, TagRow.tag == word))
        _note(session, registration_id, (word, ""), actor)


def _has(session: Session, registration_id: RegistrationId, word: str) -> bool:
    found = select(TagRow.tag).where(TagRow.registration_id == registration_id, TagRow.tag == word)
    return session.scalar(found) is not None


def _note(session: Session, registration_id: RegistrationId, pair: tuple[str, str], actor: Actor) -> None:
    # Programs that ask what changed since then are given the tags too.
    write(session, registration_id, changed_at=clock.now())
    record(
        session,
        actor=actor,
        action="changed",
        about=("registration", registration_id),
        changes={"tag": pair},
    )
