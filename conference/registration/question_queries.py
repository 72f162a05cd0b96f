"""Questions stand and are kept in memory; answers are read by registration."""

import json
from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, QuestionId, RegistrationId
from conference.core.sealing import keys_in, unseal
from conference.core.text import folded
from conference.db.base import db
from conference.db.standing import standing
from conference.registration.question_model import Answer, Kind, Option, Question, QuestionDetails, Value
from conference.registration.tables import AnswerRow, QuestionRow
from conference.web.settings import current_settings

_QUESTION = cast("Table", QuestionRow.__table__)
_ANSWER = cast("Table", AnswerRow.__table__)
_OF_ONE = select(_ANSWER).where(_ANSWER.c.registration_id == bindparam("registration"))
_PLAIN = (
    "label", "label_sv", "label_de", "help", "help_sv", "help_de", "place", "is_required", "depends_value",
    "for_staff", "is_sensitive", "is_retired",
)  # fmt: skip

# A question with one of these labels fills the badge's pronouns.
_PRONOUNS = frozenset({"pronouns", "pronoun", "your pronouns"})


def encryption_key() -> str:
    """Return the setting of the keys; outside production, where it may be empty, the secret key stands in."""
    settings = current_settings()
    return settings.encryption_key or ("" if settings.mode == "production" else settings.secret_key)


def _details(row: Row[Any]) -> QuestionDetails:
    depends_on = None if row.depends_on is None else QuestionId(row.depends_on)
    return QuestionDetails(
        **{name: getattr(row, name) for name in _PLAIN},
        kind=Kind(row.kind),
        options=tuple(
            Option(key=key, label=label, label_sv=label_sv, label_de=label_de)
            for key, label, label_sv, label_de in row.options
        ),
        categories=frozenset(CategoryId(one) for one in row.categories),
        depends_on=depends_on,
    )


@standing
def questions(session: Session) -> tuple[Question, ...]:
    """Return every question in the office's order, retired ones too."""
    rows = session.execute(select(_QUESTION).order_by(_QUESTION.c.place, _QUESTION.c.id))
    return tuple(
        Question(id=QuestionId(row.id), details=_details(row), revision=row.revision) for row in rows
    )


@standing
def asked_questions(session: Session) -> tuple[Question, ...]:
    """Return the questions that a form asks a person: all but staff's."""
    found = questions(session)
    return tuple(one for one in found if not (one.details.is_retired or one.details.for_staff))


def office_questions() -> tuple[Question, ...]:
    """Return the questions that a form of the office asks: all but sensitive ones."""
    return tuple(one for one in questions() if not (one.details.is_retired or one.details.is_sensitive))


def get_question(question_id: QuestionId, session: Session | None = None) -> Question:
    """Return the question; raises NotFoundError."""
    found = next((one for one in questions(session) if one.id == question_id), None)
    if found is None:
        raise NotFoundError
    return found


def _value(stored: Any) -> Value | None:
    return tuple(stored) if isinstance(stored, list) else cast("Value | None", stored)


def _opened(sealed: str) -> Value | None:
    text = unseal(encryption_key(), sealed)
    return None if text is None else _value(json.loads(text))


def answers_of(
    registration_id: RegistrationId, session: Session | None = None, *, with_sensitive: bool = False
) -> tuple[Answer, ...]:
    """Return the answers in the order of the questions, sensitive ones opened only where that is wanted."""
    asked = session or db.session()
    known = questions(asked)
    if not known:
        return ()
    found = asked.connection().execute(_OF_ONE, {"registration": registration_id})
    rows = {row.question_id: row for row in found}
    return tuple(_answer(one, rows[one.id], with_sensitive=with_sensitive) for one in known if one.id in rows)


def _answer(question: Question, row: Row[Any], *, with_sensitive: bool) -> Answer:
    value = _value(row.value)
    if row.sealed is not None:
        value = _opened(row.sealed) if with_sensitive else None
    return Answer(question=question, value=value, given_at=row.given_at)


def values_of(registration_id: RegistrationId, *, for_staff: bool = False) -> dict[QuestionId, Value]:
    """Return what a form of the person, or of the office, is filled with."""
    asked = {one.id for one in (office_questions() if for_staff else asked_questions())}
    answers = answers_of(registration_id, with_sensitive=not for_staff)
    return {
        one.question.id: one.value for one in answers if one.question.id in asked and one.value is not None
    }


def plain_answers(
    registration_ids: Iterable[RegistrationId],
) -> dict[RegistrationId, dict[QuestionId, Value]]:
    """Return the answers of many that are not sensitive. One statement."""
    found: dict[RegistrationId, dict[QuestionId, Value]] = {}
    rows = db.session.execute(
        select(_ANSWER).where(
            _ANSWER.c.registration_id.in_(sorted(set(registration_ids))), _ANSWER.c.sealed.is_(None)
        )
    )
    for row in rows:
        value = _value(row.value)
        if value is not None:
            found.setdefault(RegistrationId(row.registration_id), {})[QuestionId(row.question_id)] = value
    return found


def pronouns_asked() -> Question | None:
    """Return the office's question for pronouns, by its label, where one is asked and is no sensitive one."""
    return next(
        (
            one
            for one in questions()
            if folded(one.details.label) in _PRONOUNS
            and one.details.kind in {Kind.TEXT, Kind.ONE_OF}
            and not (one.details.is_sensitive or one.details.is_retired)
        ),
        None,
    )


def pronouns() -> dict[RegistrationId, str]:
    """Return by registration the pronouns that a badge shows, in English. One statement, none where nobody is asked."""
    question = pronouns_asked()
    if question is None:
        return {}
    labels = {one.key: one.label for one in question.details.options}
    rows = db.session.execute(
        select(_ANSWER.c.registration_id, _ANSWER.c.value).where(
            _ANSWER.c.question_id == question.id, _ANSWER.c.sealed.is_(None)
        )
    )
    return {
        RegistrationId(row.registration_id): labels.get(row.value, row.value)
        for row in rows
        if isinstance(row.value, str)
    }


def missing_key() -> str | None:
    """Return what is wrong when sensitive questions are asked and no key is set, for the readiness of the site."""
    if keys_in(encryption_key()) or not any(one.details.is_sensitive for one in questions()):
        return None
    return "a question is sensitive, and CONFERENCE_ENCRYPTION_KEY is not set"
