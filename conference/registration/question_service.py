"""What the office decides of questions."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import QuestionId
from conference.core.sealing import keys_in
from conference.db.revisions import revise
from conference.db.standing import renew_token
from conference.registration.errors import (
    NoEncryptionKeyError,
    QuestionAnsweredError,
    WrongConditionError,
)
from conference.registration.question_model import Question, QuestionDetails
from conference.registration.question_queries import encryption_key, get_question, questions
from conference.registration.tables import AnswerRow, QuestionRow


def _columns(details: QuestionDetails) -> dict[str, Any]:
    return asdict(details) | {
        "kind": details.kind.value,
        "options": [[one.key, one.label, one.label_sv, one.label_de] for one in details.options],
        "categories": sorted(details.categories),
    }


def _require_key(details: QuestionDetails) -> None:
    if details.is_sensitive and not keys_in(encryption_key()):
        raise NoEncryptionKeyError("is_sensitive")


def create_question(session: Session, details: QuestionDetails, *, actor: Actor) -> QuestionId:
    """Raises NoEncryptionKeyError."""
    _require_key(details)
    row = QuestionRow(**_columns(details))
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=("question", row.id))
    return QuestionId(row.id)


def edit_question(
    session: Session,
    question_id: QuestionId,
    expected_revision: int | None,
    details: QuestionDetails,
    *,
    actor: Actor,
) -> None:
    """Reword the question; what its answers mean never changes.

    Raises QuestionAnsweredError, NoEncryptionKeyError, WrongConditionError, and as `revise` does.
    """
    before = get_question(question_id, session).details
    _require_key(details)
    _require_no_circle(question_id, details, {one.id: one for one in questions(session)})
    revise(session, QuestionRow, question_id, expected_revision, _columns(details))
    # Asked under the row's lock; a form sent meanwhile is read by the questions of before, and its keys are these.
    if _changes_meaning(before, details) and has_answers(session, question_id):
        raise QuestionAnsweredError("kind")
    old, new = _columns(before), _columns(details)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if changes:
        record(session, actor=actor, action="changed", about=("question", question_id), changes=changes)


def _changes_meaning(before: QuestionDetails, after: QuestionDetails) -> bool:
    lost = {one.key for one in before.options} - {one.key for one in after.options}
    return bool(lost) or (before.kind, before.is_sensitive) != (after.kind, after.is_sensitive)


def has_answers(session: Session, question_id: QuestionId) -> bool:
    return bool(session.scalar(select(exists().where(AnswerRow.question_id == question_id))))


def _require_no_circle(
    question_id: QuestionId, details: QuestionDetails, known: Mapping[QuestionId, Question]
) -> None:
    at, steps = details.depends_on, 0
    while at is not None and at in known and steps <= len(known):
        if at == question_id:
            raise WrongConditionError("depends_on")
        at, steps = known[at].details.depends_on, steps + 1


def retire_question(
    session: Session,
    question_id: QuestionId,
    expected_revision: int | None,
    *,
    is_retired: bool,
    actor: Actor,
) -> None:
    """Ask the question no more, or again; its answers stay. Raises as `revise` does."""
    before = get_question(question_id, session).details.is_retired
    revise(session, QuestionRow, question_id, expected_revision, {"is_retired": is_retired})
    if before is not is_retired:
        action = "retired" if is_retired else "brought back"
        changes = {"is_retired": (before, is_retired)}
        record(session, actor=actor, action=action, about=("question", question_id), changes=changes)


def copy_question(session: Session, question_id: QuestionId, *, actor: Actor) -> QuestionId:
    """Return a new question like this one, behind the others, and retired until it is wanted."""
    details = get_question(question_id, session).details
    place = max(one.details.place for one in questions(session)) + 1
    return create_question(session, replace(details, place=place, is_retired=True), actor=actor)


def move_question(session: Session, question_id: QuestionId, *, down: bool, actor: Actor) -> None:
    """Exchange the question's place in the form with its neighbour's; at either end nothing happens."""
    session.execute(select(QuestionRow.id).order_by(QuestionRow.id).with_for_update()).all()
    order = [one.id for one in questions(session)]
    at = order.index(question_id) if question_id in order else -1
    if at < 0:
        raise NotFoundError
    to = at + (1 if down else -1)
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for place, moved in enumerate(order, 1):
        session.execute(update(QuestionRow).where(QuestionRow.id == moved).values(place=place))
    renew_token(session)
    record(session, actor=actor, action="moved in the form", about=("question", question_id))
