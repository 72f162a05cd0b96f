from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import CategoryId, QuestionId

# Text, number and date as typed in their stored form; "yes" or "no"; an option's key; a country's code; or, where
# several can be chosen, keys; for a file what `file_model.file_of` reads. No answer is not stored at all.
Value = str | tuple[str, ...]


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SEVERAL = "several"
    DATE = "date"
    COUNTRY = "country"
    FILE = "file"


KIND_WORDS = {
    Kind.TEXT: N_("Text"),
    Kind.LONG_TEXT: N_("Long text"),
    Kind.NUMBER: N_("Number"),
    Kind.YES_NO: N_("Yes or no"),
    Kind.ONE_OF: N_("One of a list"),
    Kind.SEVERAL: N_("Several of a list"),
    Kind.DATE: N_("Date"),
    Kind.COUNTRY: N_("Country"),
    Kind.FILE: N_("File"),
}
WITH_OPTIONS = frozenset({Kind.ONE_OF, Kind.SEVERAL})
# What a sensitive answer is asked with, and kept with (domain.md, Personal data).
CONSENT = N_(
    "The organisers may use this answer to prepare the conference. It is deleted 14 days after the end."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A choice of a list. `key` is what is stored and never changes; labels may be reworded."""

    key: str
    label: str
    label_sv: str = ""
    label_de: str = ""

    def label_in(self, language: str) -> str:
        return {"sv": self.label_sv, "de": self.label_de}.get(language) or self.label


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionDetails:
    """What the office decides of a question. Empty Swedish and German texts are shown in English.

    `categories` empty: all. With `depends_on` it is shown only when that question's answer is, or contains,
    `depends_value`. `for_staff`: only the office sees and answers it. `is_sensitive`: encrypted, with consent.
    """

    kind: Kind
    label: str
    label_sv: str = ""
    label_de: str = ""
    help: str = ""
    help_sv: str = ""
    help_de: str = ""
    place: int = 0
    options: tuple[Option, ...] = ()
    is_required: bool = False
    categories: frozenset[CategoryId] = frozenset()
    depends_on: QuestionId | None = None
    depends_value: str = ""
    for_staff: bool = False
    is_sensitive: bool = False
    is_retired: bool = False

    def label_in(self, language: str) -> str:
        return {"sv": self.label_sv, "de": self.label_de}.get(language) or self.label

    def help_in(self, language: str) -> str:
        return {"sv": self.help_sv, "de": self.help_de}.get(language) or self.help


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    id: QuestionId
    details: QuestionDetails
    revision: int

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return f"q{self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """An answer on its way to the database: `value`, or for a sensitive one `sealed` with the words of its consent."""

    question_id: QuestionId
    value: Value | None = None
    sealed: str | None = None
    wording: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerSheet:
    """What a form said: the answers, and the questions that it asked. Answers to others are left alone."""

    asked: frozenset[QuestionId] = frozenset()
    given: tuple[Given, ...] = ()
    # The questions that a form was read by where they may be outdated: the service compares.
    read_by: object = field(default=None, repr=False, compare=False)
    # What the sealed ones say, for comparing in memory only.
    opened: Mapping[QuestionId, Value] = field(default_factory=dict, repr=False)


NO_ANSWERS = AnswerSheet()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A stored answer. `value` None: sealed, and not opened, or with a key that is gone."""

    question: Question
    value: Value | None
    given_at: datetime
