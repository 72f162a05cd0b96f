"""The form of what the schedule's checks do: a severity for each kind, and the names that they know."""

from collections.abc import Iterable
from typing import Any

from wtforms import Field, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from conference.core.text import as_typed
from conference.programme.conflict_words import CONFLICT_WORDS, SEVERITY_WORDS
from conference.programme.facts import CheckSettings
from conference.programme.severity import ConflictKind, Severity, choices_of
from conference.web.forms import AtMost, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

MOST_NAMES, NAME_CHARACTERS = 200, 120
MOST_MARKS = 100_000
_MANY = _l("Enter a number of people, 1 to 100000.")


def field_of(kind: ConflictKind) -> str:
    return "severity_" + kind.replace(" ", "_")


def read_names(typed: str) -> tuple[str, ...]:
    """Return the name on each line, each once, in their order."""
    return tuple(dict.fromkeys(as_typed(line) for line in typed.splitlines() if line.strip()))


class CheckForm(RevisedForm):
    """`severity_room_taken` and so on are made below, one for each kind of conflict."""

    many_marks = IntegerField(
        _l("People who marked both"), [InputRequired(_MANY), NumberRange(1, MOST_MARKS, _MANY)]
    )
    placeholders = TextAreaField(_l("Names that stand for nobody"), [AtMost(20_000)], default="")
    sponsors = TextAreaField(_l("Sponsors"), [AtMost(20_000)], default="")

    @property
    def severities(self) -> list[Field]:
        return [self[field_of(kind)] for kind in ConflictKind]

    def validate_placeholders(self, field: Field) -> None:
        _check_names(read_names(field.data or ""))

    def validate_sponsors(self, field: Field) -> None:
        _check_names(read_names(field.data or ""))

    def to_settings(self) -> CheckSettings:
        return CheckSettings(
            severities={kind: Severity(self[field_of(kind)].data) for kind in ConflictKind},
            placeholders=read_names(self.placeholders.data or ""),
            sponsors=read_names(self.sponsors.data or ""),
            many_marks=self.many_marks.data or 1,
        )


def _check_names(names: Iterable[str]) -> None:
    found = list(names)
    if len(found) > MOST_NAMES:
        raise ValidationError(
            gettext(
                "These are %(count)s names; %(most)s fit. Take some out.", count=len(found), most=MOST_NAMES
            )
        )
    long = [name for name in found if len(name) > NAME_CHARACTERS]
    if long:
        raise ValidationError(
            gettext(
                "The name “%(name)s” is longer than %(most)s characters. Put each name on a line of its own.",
                name=f"{long[0][:30]}…",
                most=NAME_CHARACTERS,
            )
        )


for _kind in ConflictKind:
    setattr(
        CheckForm,
        field_of(_kind),
        SelectField(
            CONFLICT_WORDS[_kind],
            choices=options((severity.value, SEVERITY_WORDS[severity]) for severity in choices_of(_kind)),
        ),
    )


def setting_values(settings: CheckSettings) -> dict[str, Any]:
    """Return the settings by the names of the form's fields."""
    return {
        **{field_of(kind): settings.severity(kind).value for kind in ConflictKind},
        "many_marks": settings.many_marks,
        "placeholders": "\n".join(settings.placeholders),
        "sponsors": "\n".join(settings.sponsors),
        "revision": settings.revision,
    }
