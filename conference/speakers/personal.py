"""What this room holds about one person."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.db.base import db
from conference.speakers.tables import SpeakerAnswerRow

PERSONAL_COLUMNS = {"speaker_answer": frozenset({"confirmed_at"})}


def held(person_id: PersonId) -> dict[str, Any]:
    """Return when the person confirmed as a speaker, or nothing."""
    row = db.session.get(SpeakerAnswerRow, person_id)
    return {"confirmed": row.confirmed_at.isoformat()} if row else {}


def erase(session: Session, person_id: PersonId) -> None:
    session.execute(delete(SpeakerAnswerRow).where(SpeakerAnswerRow.person_id == person_id))
