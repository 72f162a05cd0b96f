"""What this room holds about one person: to be handed out, and to be erased."""

from functools import partial
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.standing import renew_token
from conference.db.work import after_commit
from conference.registration.personal import registration_ids
from conference.speakers.portraits import forget_files
from conference.speakers.slide_files import forget_uploads
from conference.speakers.slides import forget_file
from conference.speakers.tables import (
    CommitteeMemberRow,
    ConsentRow,
    DisclosureRow,
    InvitationRow,
    MarkedToldRow,
    PortraitRow,
    ProfileRow,
    ReminderRow,
    SlidesRow,
    SpeakerAnswerRow,
    ToldRow,
)
from conference.web.store import afterwards

PERSONAL_COLUMNS = {
    "speaker_answer": frozenset({"confirmed_at"}),
    "speaker_invitation": frozenset({"answer_by", "declined_at", "reason", "language"}),
    "speaker_profile": frozenset({"biography", "pronunciation", "travel", "needs"}),
    "speaker_consent": frozenset({"kind", "is_given", "wording", "at"}),
    "speaker_portrait": frozenset({"webp_key", "jpeg_key"}),
    "disclosure": frozenset({"version", "is_nothing", "interests", "signed_name", "signed_at"}),
    "speaker_reminder": frozenset({"weeks", "written_at"}),
    "speaker_told": frozenset({"slots", "told_at"}),
    "committee_member": frozenset({"place", "duty", "language"}),
    "marked_told": frozenset({"sessions", "told_at"}),
    "slides": frozenset({"key", "file_name", "size_bytes", "sent_at"}),
}
_OF_PERSON = (
    SpeakerAnswerRow,
    InvitationRow,
    ConsentRow,
    PortraitRow,
    DisclosureRow,
    ReminderRow,
    SlidesRow,
    ToldRow,
)


def held(person_id: PersonId) -> dict[str, Any]:
    """Return each row about the person, by table and column; only the files themselves are on pages of their own."""
    found: dict[str, Any] = {}
    for table in _OF_PERSON:
        rows = db.session.scalars(select(table).where(table.person_id == person_id)).all()
        if rows:
            found[table.__tablename__] = [_plain(row) for row in rows]
    of_theirs = MarkedToldRow.registration_id.in_(registration_ids(person_id))
    marked = db.session.scalars(select(MarkedToldRow).where(of_theirs)).all()
    if marked:
        found[MarkedToldRow.__tablename__] = [_plain(row) for row in marked]
    for of_own in (ProfileRow, CommitteeMemberRow):
        row = db.session.get(of_own, person_id)
        if row is not None:
            found[of_own.__tablename__] = _plain(row)
    return found


def _plain(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in sorted(PERSONAL_COLUMNS[row.__tablename__])}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }


def erase(session: Session, person_id: PersonId, *, keeps_names: bool) -> None:
    """Delete all, the files of portrait and slides too; with `keeps_names` only what is no part of the programme."""
    _forget_slides(session, person_id)
    if keeps_names:
        profile = update(ProfileRow).where(ProfileRow.id == person_id).values(travel="", needs="")
        session.execute(profile.execution_options(synchronize_session=False))
        gone: tuple[Any, ...] = (InvitationRow, ReminderRow, SlidesRow, ToldRow)
    else:
        portrait = session.get(PortraitRow, person_id)
        if portrait is not None:
            forget_files(session, portrait)
        for of_own in (ProfileRow, CommitteeMemberRow):
            session.execute(delete(of_own).where(of_own.id == person_id))
        gone = _OF_PERSON
    for table in gone:
        session.execute(delete(table).where(table.person_id == person_id))
    of_theirs = MarkedToldRow.registration_id.in_(registration_ids(person_id, session))
    session.execute(delete(MarkedToldRow).where(of_theirs))
    # What is kept in memory of portraits and biographies follows rows that change one by one, not these.
    renew_token(session)


def _forget_slides(session: Session, person_id: PersonId) -> None:
    """Let the files go once this is committed: those in place, and those on their way."""
    for row in session.scalars(select(SlidesRow).where(SlidesRow.person_id == person_id)):
        forget_file(session, row)
    after_commit(session, partial(afterwards, partial(forget_uploads, person_id)))
