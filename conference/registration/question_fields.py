"""The questions of the office as one field of a form: read by the rules that the server decides by."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup
from wtforms import Field
from wtforms.utils import unset_value

from conference.core.ids import CategoryId, QuestionId
from conference.core.sealing import seal
from conference.people.countries import countries, country_name
from conference.registration.file_model import file_of
from conference.registration.file_store import signed, unsigned
from conference.registration.question_model import CONSENT, AnswerSheet, Given, Kind, Question, Value
from conference.registration.question_queries import asked_questions, encryption_key, questions
from conference.registration.question_rules import check
from conference.web.forms import BaseForm, OfField
from conference.web.language import gettext, language, megabytes
from conference.web.numbers import number_of

_MOST_TYPED = 100


class AnswersField(Field):
    """All questions together: each by its own name (`q7`), and `q7-consent` beside a sensitive one.

    `data` are the answers by question. What is not asked, for the category or because of another answer, and what
    was retired meanwhile, is ignored. The category is the form's own field, or `category_id` where it has none.
    """

    category_id: CategoryId | None = None

    def __init__(
        self, *args: Any, asks: Callable[[], tuple[Question, ...]] = asked_questions, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions: tuple[Question, ...] = asks()
        # Said to the service only by a form that may be outdated.
        self._read_by = self.questions if asks == asked_questions.latest else None
        self.typed: dict[QuestionId, Sequence[str]] = {}
        self.consents: set[QuestionId] = set()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Fill the field from what was sent, or else from stored answers."""
        del extra_filters
        self.process_errors: list[str] = []
        self.data = {} if data is unset_value or data is None else dict(data)
        self.object_data = self.data
        self.raw_data = None
        self.typed = {
            one: value if isinstance(value, tuple) else (value,) for one, value in self.data.items()
        }
        self.consents = set(self.data)
        if formdata:
            self.typed = {one.id: formdata.getlist(one.field)[:_MOST_TYPED] for one in self.questions}
            self.consents = {one.id for one in self.questions if f"{one.field}-consent" in formdata}

    def validate(self, form: BaseForm, extra_validators: Any = ()) -> bool:  # type: ignore[override]  # types-WTForms names the base of forms
        del extra_validators
        category_id = self.category_id
        if category_id is None and "category" in form:
            category_id = CategoryId(number_of(form["category"].data) or 0)
        found = check(self.questions, category_id, self.typed, self.consents)
        self.data = found.answers
        # By the name of each question's field, so that the summary leads to it.
        self.errors = {f"q{one}": [OfField(gettext(why))] for one, why in found.problems.items()}  # type: ignore[assignment]  # a field of several parts has errors by part, as FormField's
        return not found.problems

    @property
    def part_labels(self) -> dict[str, str]:
        """Return each question in the reader's language, for the summary of errors."""
        return {one.field: one.details.label_in(language()) for one in self.questions}

    @property
    def language(self) -> str:
        """The reader's, for the page that draws the fields."""
        return language()

    @property
    def consent(self) -> str:
        return gettext(CONSENT)

    @staticmethod
    def words(question: Question, value: Value) -> str:
        return answer_words(question, value)

    @staticmethod
    def country_select(name: str, chosen: str, described: str = "", *, is_wrong: bool = False) -> Markup:
        """Return the list of countries as a field of this name, described by the elements of these ids."""
        lines = (
            Markup('<option value="{}"{}>{}</option>').format(
                code, Markup(" selected") if code == chosen else "", words
            )
            for code, words in countries(language())
        )
        more = Markup(' aria-describedby="{}"').format(described) if described else Markup("")
        if is_wrong:
            more += Markup(' aria-invalid="true"')
        return Markup('<select id="{0}" name="{0}"{1}><option value=""></option>{2}</select>').format(
            name, more, Markup("").join(lines)
        )

    def value(self, question: Question) -> str:
        """Return the one text that was typed, or is stored."""
        typed = self.typed.get(question.id) or ("",)
        return typed[0]

    @property
    def asks_for_files(self) -> bool:
        """Whether the form must be sent in parts, as files are."""
        return any(one.details.kind is Kind.FILE for one in self.questions)

    def kept(self, question: Question) -> str:
        """Return the file that is kept already as the form sends it back, "" without any."""
        # Behind a sentence that refuses a new file the one before is still there.
        found = [one for one in self.typed.get(question.id, ()) if file_of(one)]
        return signed(found[0]) if found else ""

    def kept_words(self, question: Question) -> str:
        return answer_words(question, unsigned(self.kept(question)) or "")

    @property
    def is_outdated(self) -> bool:
        """Whether the questions were changed since this process read those that the form was read by."""
        return self._read_by is not None and self._read_by is not asked_questions()

    def wrong(self, question: Question) -> list[str]:
        return self.errors.get(question.field, []) if isinstance(self.errors, dict) else []

    def sheet(self) -> AnswerSheet:
        """Return the checked answers, sensitive ones encrypted: their plain words go no further than the form."""
        sensitive = {one.id for one in self.questions if one.details.is_sensitive}
        return AnswerSheet(
            asked=frozenset(one.id for one in self.questions),
            given=tuple(_given(one, value, is_sealed=one in sensitive) for one, value in self.data.items()),
            read_by=self._read_by,
            opened={one: value for one, value in self.data.items() if one in sensitive},
        )

    def in_words(self, value: Any) -> str:
        """Return the answers as people read them, for who is shown two values."""
        known = {one.id: one for one in questions()}
        lines = (
            f"{known[one].details.label_in(language())}: {answer_words(known[one], said)}"
            for one, said in (value or {}).items()
            if one in known
        )
        return "; ".join(lines)


def _given(question_id: QuestionId, value: Value, *, is_sealed: bool) -> Given:
    if not is_sealed:
        return Given(question_id=question_id, value=value)
    sealed = seal(encryption_key(), json.dumps(value))
    return Given(question_id=question_id, sealed=sealed, wording=gettext(CONSENT))


def answer_words(question: Question, value: Value) -> str:
    """Return an answer as people read it, in the reader's language."""
    details = question.details
    if details.kind is Kind.FILE:
        file = file_of(value)
        return f"{file.name} ({megabytes(file.size_bytes)})" if file else ""
    if details.kind is Kind.YES_NO:
        return gettext("Yes") if value == "yes" else gettext("No")
    if details.kind is Kind.COUNTRY:
        return country_name(str(value), language())
    if details.options:
        labels = {option.key: option.label_in(language()) for option in details.options}
        keys = value if isinstance(value, tuple) else (value,)
        return ", ".join(labels.get(key, key) for key in keys)
    return str(value)
