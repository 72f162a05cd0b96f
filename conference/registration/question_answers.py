"""How answers are written, and how sensitive ones go."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.resealing import reseal
from conference.db.work import transact
from conference.event.queries import get_event
from conference.registration.file_store import forget_once_committed, keep_once_committed
from conference.registration.question_model import Answer, AnswerSheet, Given
from conference.registration.question_queries import answers_of, encryption_key, questions
from conference.registration.question_rules import is_to_purge
from conference.registration.tables import AnswerRow

_ANSWER = cast("Table", AnswerRow.__table__)
_INSERT = insert(_ANSWER)
_TO_PURGE = select(func.min(_ANSWER.c.id)).where(_ANSWER.c.sealed.is_not(None))


def write_new(session: Session, registration_id: RegistrationId, sheet: AnswerSheet, now: datetime) -> None:
    """Write the answers of a new registration. One statement."""
    if sheet.given:
        rows = [_row(registration_id, one, now) for one in sheet.given]
        for one in sheet.given:
            keep_once_committed(session, one.value)
        # One row is sent as one: a list of one costs a driver's pipeline.
        session.connection().execute(_INSERT, rows if len(rows) > 1 else rows[0])


def _row(registration_id: RegistrationId, given: Given, now: datetime) -> dict[str, Any]:
    value = list(given.value) if isinstance(given.value, tuple) else given.value
    return {
        "registration_id": registration_id,
        "question_id": given.question_id,
        "value": value,
        "sealed": given.sealed,
        "consent_wording": given.wording,
        "given_at": now,
    }


def write_changed(
    session: Session, registration_id: RegistrationId, sheet: AnswerSheet, *, actor: Actor, now: datetime
) -> None:
    """Let the answers to the questions of the sheet be those that it gives; others, as to retired ones, stay.

    The history names the questions only: answers can be erased from their own table alone.
    """
    before = {
        one.question.id: one
        for one in answers_of(registration_id, session, with_sensitive=True)
        if one.question.id in sheet.asked
    }
    after = {one.question_id: one for one in sheet.given}
    changed = [
        one
        for one in sorted(sheet.asked)
        if not _same(before.get(one), after.get(one), sheet.opened.get(one))
    ]
    if not changed:
        return
    session.execute(
        delete(AnswerRow).where(
            AnswerRow.registration_id == registration_id, AnswerRow.question_id.in_(changed)
        )
    )
    forget_once_committed(session)
    write_new(
        session,
        registration_id,
        AnswerSheet(given=tuple(after[one] for one in changed if one in after)),
        now,
    )
    labels = {one.id: one.details.label for one in questions(session)}
    record(
        session,
        actor=actor,
        action="answers changed",
        about=("registration", registration_id),
        changes={"answers": ("", ", ".join(labels[one] for one in changed if one in labels))},
    )


def _same(before: Answer | None, after: Given | None, opened: object) -> bool:
    if before is None or after is None:
        return before is None and after is None
    return before.value == (after.value if after.sealed is None else opened)


def note_look(session: Session, registration_id: RegistrationId, *, actor: Actor) -> None:
    """Record that somebody of the office looked at a person's sensitive answers."""
    record(session, actor=actor, action="sensitive answers seen", about=("registration", registration_id))


def purge_sensitive(session: Session, *, now: datetime) -> int:
    """Delete every sensitive answer with its consent once its time is over, and return how many."""
    if not is_to_purge(get_event(session).last_day, now):
        return 0
    gone = session.connection().execute(delete(_ANSWER).where(_ANSWER.c.sealed.is_not(None)))
    return int(gone.rowcount)


def seal_anew(after: int, most: int) -> tuple[int | None, int]:
    """Seal sensitive answers with the newest key, as `web.registry.resealers` asks for."""
    return reseal(AnswerRow.sealed, encryption_key(), after, most)


class AnswersToPurge:
    """Sensitive answers whose time is over, as a worker sees them. Needs no lease: purging twice is purging once."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if not is_to_purge(get_event().last_day, clock.now()):
            return []
        found: int | None = db.session.scalar(_TO_PURGE)
        return [] if found is None else [found]

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: purge_sensitive(session, now=clock.now()))


answers = AnswersToPurge()
