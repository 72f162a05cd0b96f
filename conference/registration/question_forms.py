"""The form of a question: shape only."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from conference.core.ids import CategoryId, QuestionId
from conference.registration.model import Category
from conference.registration.question_model import KIND_WORDS, WITH_OPTIONS, Kind, Question, QuestionDetails
from conference.registration.question_rules import options_text, read_options
from conference.web.forms import AtMost, CheckboxesField, Required, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of
from conference.web.saving import RevisedForm

_TEXTS = ("label", "label_sv", "label_de", "help", "help_sv", "help_de", "depends_value")
_FLAGS = ("is_required", "for_staff", "is_sensitive")


class QuestionForm(RevisedForm):
    label = StringField(_l("Question"), [Required(_l("Enter the question.")), AtMost(300)])
    label_sv = StringField(_l("Question in Swedish"), [AtMost(300)])
    label_de = StringField(_l("Question in German"), [AtMost(300)])
    help = StringField(_l("Hint"), [AtMost(500)])
    help_sv = StringField(_l("Hint in Swedish"), [AtMost(500)])
    help_de = StringField(_l("Hint in German"), [AtMost(500)])
    kind = SelectField(
        _l("Kind of answer"), choices=options((kind.value, _l(words)) for kind, words in KIND_WORDS.items())
    )
    options = TextAreaField(_l("Options"), [AtMost(5000)])
    place = IntegerField(
        _l("Place in the form"),
        [Optional(), NumberRange(0, 1000, _l("Enter a whole number from 0 to 1000."))],
        render_kw={"inputmode": "numeric"},
    )
    is_required = BooleanField(_l("An answer is required"))
    categories = CheckboxesField(_l("Asked of these categories"), validate_choice=False)
    depends_on = SelectField(_l("Asked only after"), validate_choice=False)
    depends_value = StringField(_l("when its answer is"), [AtMost(300)])
    for_staff = BooleanField(_l("For staff only: neither asked of nor shown to the person"))
    is_sensitive = BooleanField(_l("Sensitive: encrypted, asked with consent, deleted 14 days after the end"))

    def validate_options(self, field: Field) -> None:
        found = read_options(field.data or "")
        if found is None:
            raise ValidationError(
                gettext("Enter one option a line, as in: vegan | Vegan | Vegansk | Vegan. Each key once.")
            )
        if self.kind.data in WITH_OPTIONS and not found:
            raise ValidationError(gettext("Enter at least one option."))

    def validate_is_sensitive(self, field: Field) -> None:
        if field.data and self.for_staff.data:
            raise ValidationError(
                gettext("What the person did not consent to is not kept. Untick one of the two.")
            )
        if field.data and self.kind.data == Kind.FILE:
            raise ValidationError(
                gettext("Files are not encrypted. Ask for the sensitive part in words, or untick this.")
            )

    @staticmethod
    def values_of(details: QuestionDetails, revision: int) -> dict[str, Any]:
        return asdict(details) | {
            "kind": details.kind.value,
            "options": options_text(details.options),
            "categories": [str(one) for one in sorted(details.categories)],
            "depends_on": str(details.depends_on or ""),
            "revision": revision,
        }

    def offer(
        self, categories: Iterable[Category], others: Iterable[Question], own: QuestionId | None
    ) -> None:
        """Let these categories and questions be chosen from."""
        self.categories.choices = options((str(one.id), one.name) for one in categories)
        rest = [(str(one.id), one.details.label) for one in others if one.id != own]
        self.depends_on.choices = options([("", _l("No other question")), *rest])

    def to_details(self, *, is_retired: bool = False) -> QuestionDetails:
        """Return the office's decisions; whether the question is retired is decided elsewhere."""
        known = {str(value) for value, *_ in self.categories.iter_choices()}
        others = {str(value) for value, *_ in self.depends_on.iter_choices()}
        depends_on = number_of(self.depends_on.data) if self.depends_on.data in others else None
        kind = Kind(self.kind.data)
        values: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        values |= {name: bool(self[name].data) for name in _FLAGS}
        return QuestionDetails(
            **values,
            kind=kind,
            options=(read_options(self.options.data or "") or ()) if kind in WITH_OPTIONS else (),
            place=self.place.data or 0,
            categories=frozenset(CategoryId(int(one)) for one in self.categories.data or () if one in known),
            depends_on=None if depends_on is None else QuestionId(depends_on),
            is_retired=is_retired,
        )
