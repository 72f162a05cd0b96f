"""What a test asks of mails that tell of versions, and how it makes the changes that they tell."""

from dataclasses import replace

from sqlalchemy import select, text
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import BY_SYSTEM
from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.programme import service as programme
from conference.programme import versioning
from conference.programme.model import MoveSession, Untold
from conference.programme.queries import draft, get_session, published
from conference.programme.registry import untold
from conference.registration.queries import find_live_by_person
from conference.speakers.knowing import find_told
from tests.factories.programme import at


def mails(person_id: PersonId) -> list[OutboxRow]:
    db.session.rollback()
    about = (OutboxRow.about_type == "person", OutboxRow.about_id == person_id)
    return list(db.session.scalars(select(OutboxRow).where(*about).order_by(OutboxRow.id)))


def marked_mails(registration_id: RegistrationId) -> list[OutboxRow]:
    db.session.rollback()
    about = (OutboxRow.about_id == registration_id, OutboxRow.kind == "marked_changed")
    return list(db.session.scalars(select(OutboxRow).where(*about).order_by(OutboxRow.id)))


def kinds(person_id: PersonId) -> list[str]:
    return [row.kind for row in mails(person_id)]


def files(row: OutboxRow) -> list[tuple[str, int]]:
    return [(order["facts"]["method"], order["facts"]["sequence"]) for order in row.attachments]


def session_of(person_id: PersonId) -> SessionId:
    found = transact(draft).sessions
    return next(one.id for one in found if person_id in {seen.person_id for seen in one.everybody})


def move(session_id: SessionId, clock_time: str | None) -> None:
    stored = get_session(transact(draft), session_id)
    assert stored.room
    wanted = MoveSession(
        session_id=session_id,
        room_id=stored.room.id,
        start=at(clock_time) if clock_time else None,
        expected_revision=stored.revision,
    )
    transact(lambda session: programme.move_session(session, wanted, actor=BY_SYSTEM))


def rename(session_id: SessionId, title: str) -> None:
    stored = get_session(transact(draft), session_id)
    details = replace(programme.details_of(stored), title=title)
    transact(lambda s: programme.edit_session(s, session_id, stored.revision, details, actor=BY_SYSTEM))


def to_tell() -> Untold:
    def work(session: DbSession) -> Untold:
        public = published(session)
        assert public
        return untold(session, public)

    return transact(work)


def write(statement: str, **values: object) -> None:
    """Write past the services, where a test needs a state that is long to come by."""
    transact(lambda session: session.execute(text(statement), values))


def told_keys(person_id: PersonId) -> list[str] | None:
    found = transact(lambda session: find_told(session, person_id))
    return None if found is None else list(found)


def tell(number: int) -> int:
    return transact(lambda session: versioning.tell_now(session, number, actor=BY_SYSTEM))


def only_registration(person_id: PersonId) -> RegistrationId:
    found = transact(lambda session: find_live_by_person(person_id, session))
    assert found
    return found.id
