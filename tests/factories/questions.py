"""Questions for tests, made by the room's own service."""

from typing import Any

from conference.audit.model import BY_SYSTEM
from conference.core.ids import QuestionId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.question_model import Kind, Option, QuestionDetails
from conference.registration.question_service import create_question

DIETS = (Option(key="any", label="Anything"), Option(key="vegan", label="Vegan", label_de="Vegan"))


def make_question(label: str = "Topic", kind: Kind = Kind.TEXT, **details: Any) -> QuestionId:
    """Make a question; `details` are those of QuestionDetails."""
    wanted = QuestionDetails(kind=kind, label=label, **details)
    made = transact(lambda session: create_question(session, wanted, actor=BY_SYSTEM))
    db.session.rollback()
    return made
