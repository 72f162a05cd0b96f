"""Invented extras and questions, and what the invented people choose and answer."""

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.core.ids import CategoryId, ExtraId, QuestionId
from conference.registration.extra_model import ExtraDetails
from conference.registration.extra_service import create_extra
from conference.registration.model import (
    WantedExtra,
)
from conference.registration.question_model import NO_ANSWERS, AnswerSheet, Given, Kind, QuestionDetails
from conference.registration.question_service import create_question


def make_extras(session: Session, categories: list[CategoryId]) -> list[ExtraId]:
    """Make a workshop that fills up and has a waiting list, and a dinner that has room."""
    everybody = frozenset(categories)
    workshop = ExtraDetails(
        place=1,
        name="Workshop: reading variants",
        description="Thursday afternoon, with your own computer",
        name_sv="Workshop: att tolka varianter",
        name_de="Workshop: Varianten lesen",
        seats=25,
        categories=everybody,
    )
    dinner = ExtraDetails(
        place=2,
        name="Conference dinner",
        name_sv="Konferensmiddag",
        name_de="Konferenzdinner",
        description="Thursday evening",
        seats=180,
        fee_minor=6500,
        categories=everybody,
    )
    return [create_extra(session, details, actor=BY_SYSTEM) for details in (workshop, dinner)]


def make_questions(session: Session, categories: list[CategoryId]) -> list[QuestionId]:
    """Make three questions: of everybody, of who answered another so, and of students."""
    diet = create_question(
        session,
        QuestionDetails(
            kind=Kind.YES_NO,
            place=1,
            label="Do you come to lunch?",
            label_sv="Kommer du till lunchen?",
            label_de="Kommen Sie zum Mittagessen?",
        ),
        actor=BY_SYSTEM,
    )
    needs = QuestionDetails(
        kind=Kind.LONG_TEXT,
        place=2,
        label="What should the kitchen know?",
        label_sv="Vad behöver köket veta?",
        label_de="Was soll die Küche wissen?",
        is_sensitive=True,
        depends_on=diet,
        depends_value="yes",
    )
    school = QuestionDetails(
        kind=Kind.TEXT,
        place=3,
        label="Where do you study?",
        label_sv="Var studerar du?",
        label_de="Wo studieren Sie?",
        is_required=True,
        categories=frozenset({categories[1]}),
    )
    return [diet, *(create_question(session, one, actor=BY_SYSTEM) for one in (needs, school))]


def said(number: int, asked: list[QuestionId]) -> AnswerSheet:
    """Return what this invented person answers to what everybody is asked."""
    if number % 4 == 0:
        return NO_ANSWERS
    lunch = Given(question_id=asked[0], value="yes" if number % 4 < 3 else "no")  # noqa: PLR2004 -- half of them
    return AnswerSheet(given=(lunch,))


def wanted(number: int, extras: list[ExtraId]) -> tuple[WantedExtra, ...]:
    """Return what this invented person chooses: 29 want the workshop, four more than there are places."""
    workshop, dinner = extras
    chosen = [workshop] if number % 9 == 0 else []
    chosen += [dinner] if number % 3 == 1 else []
    return tuple(WantedExtra(extra_id=one, may_wait=True) for one in chosen)
