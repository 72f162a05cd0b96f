"""Questions for tests, made by the room's own service."""

from typing import Any

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import QuestionId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.file_store import hold
from conference.registration.question_answers import write_new
from conference.registration.question_model import AnswerSheet, Given, Kind, Option, QuestionDetails
from conference.registration.question_service import create_question

DIETS = (Option(key="any", label="Anything"), Option(key="vegan", label="Vegan", label_de="Vegan"))


def make_question(label: str = "Topic", kind: Kind = Kind.TEXT, **details: Any) -> QuestionId:
    """Make a question; `details` are those of QuestionDetails."""
    wanted = QuestionDetails(kind=kind, label=label, **details)
    made = transact(lambda session: create_question(session, wanted, actor=BY_SYSTEM))
    db.session.rollback()
    return made


def make_answered_file(registration_id: RegistrationId) -> QuestionId:
    """Make a question for a file, answered by one."""
    question_id = make_question("Proof", Kind.FILE)
    value = hold(b"%PDF-1.7\n%%EOF\n", "proof.pdf").as_value()
    sheet = AnswerSheet(given=(Given(question_id=question_id, value=value),))
    transact(lambda session: write_new(session, registration_id, sheet, clock.now()))
    return question_id
