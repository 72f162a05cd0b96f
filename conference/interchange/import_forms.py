from collections.abc import Iterable, Mapping, Sequence

from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from conference.core.ids import PersonId
from conference.event.model import Event
from conference.interchange.model import Question
from conference.interchange.reading_tables import FIELDS
from conference.people.model import Person
from conference.programme.choices import read_person
from conference.web.forms import AtMost, BaseForm, options
from conference.web.language import gettext, long_date
from conference.web.language import lazy_gettext as _l

NEW = "new"
PERSON = "person-"


class ScheduleUploadForm(BaseForm):
    file = FileField(_l("Schedule"))


class ScheduleForm(BaseForm):
    """How the file is to be taken. Columns and people have fields of their own, whose names depend on the file."""

    shift_to = SelectField(_l("The file's first day is to be"), validate_choice=False, default="")
    keeps_missing = BooleanField(_l("Keep sessions that the file no longer has"))
    source = StringField(_l("Known by the name of"), [AtMost(60)])
    zone = StringField(_l("Time zone of times that name none"), [AtMost(60)])
    draft_revision = HiddenField()
    # The value of the button: check or import.
    step = StringField()

    def offer(self, event: Event) -> None:
        self._days = {day.isoformat(): long_date(day) for day in event.days}
        self.shift_to.choices = options([("", gettext("As in the file")), *self._days.items()])

    def validate_shift_to(self, field: SelectField) -> None:
        if field.data and field.data not in self._days:
            raise ValidationError(gettext("The conference has no such day any more. Choose another one."))


def said_pairs(sent: Mapping[str, str], headings: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (heading, field) for each select of a table's columns; the heading is "" where none is chosen."""
    known = set(headings)
    found = ((sent.get(f"column-{name}"), name) for name in FIELDS)
    return tuple(
        (heading if heading in known else "", name) for heading, name in found if heading is not None
    )


def said_people(
    sent: Mapping[str, str], questions: Iterable[Question], people: Sequence[Person]
) -> tuple[dict[str, PersonId | None], list[Question]]:
    """Return by key whom each answer means, None for a new person, and those whose answer names nobody.

    An empty answer is none: an unknown person is then new, and one of several is asked about again. An id may be that
    of somebody who does not exist.
    """
    answers: dict[str, PersonId | None] = {}
    unread = []
    for question in questions:
        typed = sent.get(PERSON + question.person.key, "").strip()
        if not typed:
            continue
        found = None if typed == NEW else read_person(typed, people)
        if typed != NEW and found is None:
            unread.append(question)
        else:
            answers[question.person.key] = found
    return answers, unread
