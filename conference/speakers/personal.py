"""What this room holds about one person: to be handed out, and to be erased."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.db.base import db
from conference.speakers.portraits import forget_files
from conference.speakers.tables import (
    ConsentRow,
    DisclosureRow,
    InvitationRow,
    PortraitRow,
    ProfileRow,
    ReminderRow,
    SpeakerAnswerRow,
)

PERSONAL_COLUMNS = {
    "speaker_answer": frozenset({"confirmed_at"}),
    "speaker_invitation": frozenset({"answer_by", "declined_at", "reason"}),
    "speaker_profile": frozenset({"biography", "pronunciation", "travel", "needs"}),
    "speaker_consent": frozenset({"kind", "is_given", "wording", "at"}),
    "speaker_portrait": frozenset({"webp_key", "jpeg_key"}),
    "disclosure": frozenset({"version", "is_nothing", "interests", "signed_name", "signed_at"}),
    "speaker_reminder": frozenset({"weeks", "written_at"}),
}
_OF_PERSON = (SpeakerAnswerRow, InvitationRow, ConsentRow, PortraitRow, DisclosureRow, ReminderRow)


def held(person_id: PersonId) -> dict[str, Any]:
    """Return each row about the person, by table and column; only the portrait's file itself is on a page of its own."""
    found: dict[str, Any] = {}
    for table in _OF_PERSON:
        rows = db.session.scalars(select(table).where(table.person_id == person_id)).all()
        if rows:
            found[table.__tablename__] = [_plain(row) for row in rows]
    profile = db.session.get(ProfileRow, person_id)
    if profile is not None:
        found[ProfileRow.__tablename__] = _plain(profile)
    return found


def _plain(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in sorted(PERSONAL_COLUMNS[row.__tablename__])}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }


def erase(session: Session, person_id: PersonId, *, keeps_names: bool) -> None:
    """Delete all, the portrait's files too; with `keeps_names` only what is no part of the published programme."""
    if keeps_names:
        profile = update(ProfileRow).where(ProfileRow.id == person_id).values(travel="", needs="")
        session.execute(profile.execution_options(synchronize_session=False))
        gone: tuple[Any, ...] = (InvitationRow, ReminderRow)
    else:
        portrait = session.get(PortraitRow, person_id)
        if portrait is not None:
            forget_files(session, portrait)
        session.execute(delete(ProfileRow).where(ProfileRow.id == person_id))
        gone = _OF_PERSON
    for table in gone:
        session.execute(delete(table).where(table.person_id == person_id))
