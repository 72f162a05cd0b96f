"""The questions of the form, for organisers."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.errors import DomainError
from conference.core.ids import QuestionId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import categories
from conference.registration.forms import DeleteForm
from conference.registration.question_forms import QuestionForm
from conference.registration.question_model import KIND_WORDS, Question
from conference.registration.question_queries import get_question, questions
from conference.registration.question_service import (
    copy_question,
    create_question,
    edit_question,
    has_answers,
    move_question,
    retire_question,
)
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save

Answer = str | Response | tuple[str, int]


def add_question_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/questions", "questions", question_list)
    blueprint.add_url_rule("/staff/questions/new", "new_question", new_question, methods=["GET", "POST"])
    one = "/staff/questions/<int:question_id>"
    blueprint.add_url_rule(one, "question", question_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/retire", "retire_question", retire, methods=["POST"])
    blueprint.add_url_rule(f"{one}/copy", "copy_question", copy, methods=["POST"])
    blueprint.add_url_rule(f"{one}/move", "move_question", move, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.ORGANISER)
def question_list() -> Answer:
    return _list(PlainButtonForm(formdata=None))


def _list(form: PlainButtonForm) -> str:
    return render_template(
        "registration/questions.html",
        questions=questions(),
        kind_words=KIND_WORDS,
        names={category.id: category.name for category in categories()},
        form=form,
    )


@staff(Role.ORGANISER)
def new_question() -> Answer:
    if request.method != "POST":
        place = max((one.details.place for one in questions()), default=0) + 1
        return _page(_form(None, {"place": place}))
    form = _form(request.form)
    if not form.validate():
        return _page(form), 400
    details, actor = form.to_details(), _me()
    try:
        transact(lambda session: create_question(session, details, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(form), error.status
    return done(url_for("registration.questions"), gettext("The question is there."))


def _form(
    sent: Any = None, values: dict[str, Any] | None = None, own: QuestionId | None = None
) -> QuestionForm:
    form = QuestionForm(formdata=sent, data=values)
    form.offer(categories(), questions(), own)
    return form


def _page(
    form: QuestionForm, question: Question | None = None, differences: tuple[Difference, ...] = ()
) -> str:
    return render_template(
        "registration/question.html",
        form=form,
        question=question,
        is_answered=question is not None and has_answers(db.session(), question.id),
        differences=differences,
    )


def _stored(question_id: QuestionId) -> dict[str, Any]:
    question = get_question(question_id)
    return QuestionForm.values_of(question.details, question.revision)


@staff(Role.ORGANISER)
def question_page(question_id: int) -> Answer:
    question = get_question(QuestionId(question_id))
    if request.method != "POST":
        return _page(_form(None, _stored(question.id), question.id), question)
    form = _form(request.form, own=question.id)
    if not form.validate():
        return _page(form, question), 400
    details = form.to_details(is_retired=question.details.is_retired)
    revision, actor = form.revision.data, _me()

    def work(session: Session) -> None:
        edit_question(session, question.id, revision, details, actor=actor)

    refused = save(form, work, lambda: _stored(question.id))
    if refused is not None:
        return _page(form, get_question(question.id), refused.differences), refused.status
    return done(url_for("registration.question", question_id=question.id), gettext("The question is saved."))


@staff(Role.ORGANISER)
def retire(question_id: int) -> Answer:
    """Retire the question, or ask it again, whichever it is not."""
    question = get_question(QuestionId(question_id))
    sent, form = DeleteForm(request.form), _form(None, _stored(question.id), question.id)
    if not sent.validate():
        for _, message in sent.errors_by_field():
            form.refuse(None, message)
        return _page(form, question), 400
    revision, actor, to = sent.revision.data, _me(), not question.details.is_retired
    try:
        transact(lambda session: retire_question(session, question.id, revision, is_retired=to, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _page(form, get_question(question.id)), error.status
    sentence = gettext("The question is retired.") if to else gettext("The question is asked again.")
    return done(url_for("registration.question", question_id=question.id), sentence)


@staff(Role.ORGANISER)
def copy(question_id: int) -> Answer:
    question, actor = get_question(QuestionId(question_id)), _me()
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    made = transact(lambda session: copy_question(session, question.id, actor=actor))
    return done(
        url_for("registration.question", question_id=made),
        gettext("This is the copy. It is retired until you offer it."),
    )


@staff(Role.ORGANISER)
def move(question_id: int) -> Answer:
    question, actor = get_question(QuestionId(question_id)), _me()
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    down = request.form.get("down") == "1"
    transact(lambda session: move_question(session, question.id, down=down, actor=actor))
    return done(url_for("registration.questions"), gettext("The order is changed."))
