"""Which questions are asked, and what counts as an answer. Pure; the form, the office and the tests ask the same."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from conference.core.clock import STOCKHOLM
from conference.core.errors import N_
from conference.core.ids import CategoryId, QuestionId
from conference.core.text import as_typed, control_characters
from conference.people.countries import is_country
from conference.registration.file_model import file_of
from conference.registration.question_model import Kind, Option, Question, Value

MAX_TEXT, MAX_LONG_TEXT = 300, 2000
# How long sensitive answers are kept after the last day (domain.md, Personal data).
PURGED_AFTER = timedelta(days=14)
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KEY = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)

MISSING = N_("Answer this question.")
NOT_CONSENTED = N_("Tick the box under this answer, or leave the answer empty.")
TOO_LONG = N_("This text is too long. Shorten it.")
UNPRINTABLE = N_("This text holds a character that cannot be printed. Delete it and type the text again.")
NO_NUMBER = N_("Enter a number, such as 12 or 12.5.")
NO_DATE = N_("Enter a day in the form 2022-09-01.")
NO_CHOICE = N_("Choose from the list.")
NO_COUNTRY = N_("Choose a country of the list.")


class NotAnAnswerError(ValueError):
    """What was typed is no answer of this kind. Its text is the sentence for the reader."""


def _text(limit: int, allow: str) -> Callable[[Question, str], str]:
    def read(question: Question, typed: str) -> str:
        del question
        if control_characters(typed, allow=allow):
            raise NotAnAnswerError(UNPRINTABLE)
        if len(typed) > limit:
            raise NotAnAnswerError(TOO_LONG)
        return typed

    return read


def _number(question: Question, typed: str) -> str:
    del question
    if not _NUMBER.fullmatch(typed):
        raise NotAnAnswerError(NO_NUMBER)
    return typed.replace(",", ".")


def _date(question: Question, typed: str) -> str:
    del question
    try:
        return date.fromisoformat(typed if _DATE.fullmatch(typed) else "").isoformat()
    except ValueError:
        raise NotAnAnswerError(NO_DATE) from None


def _one_of(question: Question, typed: str) -> str:
    keys = (
        {"yes", "no"}
        if question.details.kind is Kind.YES_NO
        else {option.key for option in question.details.options}
    )
    if typed not in keys:
        raise NotAnAnswerError(NO_CHOICE)
    return typed


def _country(question: Question, typed: str) -> str:
    del question
    if not is_country(typed):
        raise NotAnAnswerError(NO_COUNTRY)
    return typed


def _file(question: Question, typed: str) -> str:
    del question
    # Who received the form has looked into the file, and says what is wrong with it in its place.
    if file_of(typed) is None:
        raise NotAnAnswerError(typed)
    return typed


_READ: dict[Kind, Callable[[Question, str], str]] = {
    Kind.TEXT: _text(MAX_TEXT, ""),
    Kind.LONG_TEXT: _text(MAX_LONG_TEXT, "\n\r\t"),
    Kind.NUMBER: _number,
    Kind.YES_NO: _one_of,
    Kind.ONE_OF: _one_of,
    Kind.DATE: _date,
    Kind.COUNTRY: _country,
    Kind.SEVERAL: _one_of,
    Kind.FILE: _file,
}


def read_value(question: Question, typed: Sequence[str]) -> Value | None:
    """Return what was typed in its stored form, None for nothing; raises NotAnAnswerError."""
    clean = [text for one in typed if (text := as_typed(one))]
    read = _READ[question.details.kind]
    if question.details.kind is Kind.SEVERAL:
        chosen = {read(question, one) for one in clean}
        return tuple(option.key for option in question.details.options if option.key in chosen) or None
    return read(question, clean[0]) if clean else None


def is_asked(question: Question, category_id: CategoryId | None, answers: Mapping[QuestionId, Value]) -> bool:
    """Return whether the category, and the answer that the question depends on, let it be asked."""
    details = question.details
    if details.categories and category_id not in details.categories:
        return False
    if details.depends_on is None:
        return True
    given = answers.get(details.depends_on)
    return given == details.depends_value or (isinstance(given, tuple) and details.depends_value in given)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """Answers by question, and a sentence for each that will not do."""

    answers: dict[QuestionId, Value] = field(default_factory=dict)
    problems: dict[QuestionId, str] = field(default_factory=dict)


def check(
    questions: Iterable[Question],
    category_id: CategoryId | None,
    typed: Mapping[QuestionId, Sequence[str]],
    consents: Collection[QuestionId],
) -> Checked:
    """Return the answers to those questions that are asked; what answers any other is ignored.

    A question that depends on another is asked after it, whatever the order of the form.
    """
    found = Checked()
    for question in _dependent_last(questions):
        if not is_asked(question, category_id, found.answers):
            continue
        try:
            value = read_value(question, typed.get(question.id, ()))
        except NotAnAnswerError as error:
            found.problems[question.id] = str(error)
            continue
        if value is None:
            if question.details.is_required:
                found.problems[question.id] = MISSING
            continue
        if question.details.is_sensitive and question.id not in consents:
            found.problems[question.id] = NOT_CONSENTED
        found.answers[question.id] = value
    return found


def _dependent_last(questions: Iterable[Question]) -> list[Question]:
    """Return each question behind the one that it depends on; one in a circle, or on one not here, comes last."""
    waiting = list(questions)
    ordered: list[Question] = []
    done: set[QuestionId | None] = {None}
    while True:
        ready = [one for one in waiting if one.details.depends_on in done]
        if not ready:
            return ordered + waiting
        ordered += ready
        done |= {one.id for one in ready}
        waiting = [one for one in waiting if one.id not in done]


def read_options(text: str) -> tuple[Option, ...] | None:
    """Return the options of "key | English | Swedish | German" lines, None where a line is none or a key comes twice."""
    found: list[Option] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        key, *labels = (part.strip() for part in line.split("|"))
        if not _KEY.fullmatch(key) or not labels or not labels[0] or len(labels) > 3:  # noqa: PLR2004 -- three languages
            return None
        found.append(Option(key=key, **dict(zip(("label", "label_sv", "label_de"), labels, strict=False))))
    return tuple(found) if len({option.key for option in found}) == len(found) else None


def options_text(options: Iterable[Option]) -> str:
    """Return what `read_options` reads."""
    rows = ([one.key, one.label, one.label_sv, one.label_de] for one in options)
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows)


def is_to_purge(last_day: date, now: datetime) -> bool:
    """Return whether sensitive answers are no longer kept."""
    return now.astimezone(STOCKHOLM).date() > last_day + PURGED_AFTER
