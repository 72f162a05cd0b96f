"""How an edit form is saved, and what its page shows when somebody else saved the record first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from sqlalchemy.orm import Session
from wtforms import Field, SelectField
from wtforms.validators import Optional

from conference.core.errors import DomainError, StaleRevisionError
from conference.db.base import db
from conference.db.work import transact
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm
from conference.web.language import gettext
from conference.web.numbers import RevisionField


@runtime_checkable
class InWords(Protocol):
    """A field whose value is a code: it says itself what people read instead."""

    def in_words(self, value: Any) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A field whose stored value is not the one that was sent."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why a form was not saved is in the form; this is the rest of the answer."""

    status: int
    differences: tuple[Difference, ...] = ()


class RevisedForm(BaseForm):
    """A form of a record that exists: it names the revision that it was filled from."""

    revision = RevisionField(validators=[Optional()])


def save(
    form: RevisedForm, work: Callable[[Session], object], stored: Callable[[], Mapping[str, Any]]
) -> Refusal | None:
    """Run the work in a transaction; return why not, with the refusal in the form and all that was typed kept.

    `stored` answers the record's values by field name, with its revision, or those of the records that one form
    writes together. After a conflict the form names these, so that who has now seen both values can send it again.
    """
    try:
        transact(work)
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()  # what somebody else wrote is newer than what this request has read
        if not isinstance(error, StaleRevisionError):
            return Refusal(status=error.status)
        now = stored()
        for revision in _revisions(form):
            revision.raw_data = None  # a field that was refused would show this instead
            revision.data = now[revision.name]
        return Refusal(status=error.status, differences=differences(form, now))
    return None


def _revisions(form: BaseForm) -> list[RevisionField]:
    return [field for field in form if isinstance(field, RevisionField)]


def differences(form: BaseForm, stored: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return where the typed form and the stored values (by field name) differ, in the order of the fields."""
    fields = [field for field in form if field.name in stored and not isinstance(field, RevisionField)]
    return tuple(
        Difference(
            label=str(field.label.text),
            theirs=_words(field, stored[field.name]),
            mine=_words(field, field.data),
        )
        for field in fields
        if (field.data or None) != (stored[field.name] or None)
    )


def _words(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(field, InWords):
        return field.in_words(value)
    if isinstance(field, SelectField):
        names = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        return names.get(str(value), str(value or ""))
    return "" if value is None else str(value)
