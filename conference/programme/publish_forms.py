"""The forms of versions: to publish now or at a time, and to change or call off one that waits."""

from datetime import date, datetime

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from conference.core.text import as_typed
from conference.programme.model import Labels, Telling
from conference.programme.telling_words import TELLING_WORDS
from conference.web.forms import AtMost, BaseForm, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm


class TimeForm(BaseForm):
    """A form with a day and time of Stockholm."""

    at = StringField(_l("Day and time, Stockholm"), [AtMost(40)])

    def moment(self) -> datetime | None:
        """Return the time that was typed, without a zone; None, with the refusal in the form, for what is none."""
        typed = (self.at.data or "").strip()
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            found = None
        # Midnight is hardly ever meant by a day alone.
        if found is None or found.tzinfo is not None or _is_day(typed):
            self.refuse("at", gettext("Give a day and a time, as in 2022-09-06 09:00."))
            return None
        return found


def _is_day(typed: str) -> bool:
    try:
        date.fromisoformat(typed)
    except ValueError:
        return False
    return True


class PublishForm(TimeForm):
    draft_revision = HiddenField()
    name = StringField(_l("Name of the version"), default="")
    is_final = BooleanField(_l("This version is final"))
    telling = RadioField(
        _l("Who is told"),
        [InputRequired(_l("Choose whether the people named above are told now, later or not at all."))],
        choices=options(TELLING_WORDS.items()),
        default=Telling.NOW.value,
    )
    when = RadioField(
        _l("When it becomes public"),
        [InputRequired(_l("Choose whether it becomes public now or at a set time."))],
        choices=options([("now", _l("Now")), ("at", _l("At a set time"))]),
        default="now",
    )

    @property
    def is_for_later(self) -> bool:
        return bool(self.when.data == "at")

    def labels(self) -> Labels:
        """Return what was said of the version. For a form that is valid."""
        name = as_typed(self.name.data or "")
        return Labels(name=name, is_final=bool(self.is_final.data), telling=Telling(self.telling.data))


class ScheduledForm(RevisedForm, TimeForm):
    """Another time for the version that waits. Calling it off needs its revision alone."""


class VersionForm(BaseForm):
    """A button about one version: `number` says which one the page has shown."""

    number = HiddenField()
